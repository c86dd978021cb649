"""The processes below one, found through /proc, counted, and killed."""

import os
import signal
import time
from dataclasses import dataclass
from pathlib import Path

_PAGE_MIB = os.sysconf("SC_PAGE_SIZE") / 2**20
_KILL_LIMIT_S = 5.0


@dataclass(frozen=True)
class Load:
    """What a tree of processes uses at one moment."""

    processes: int
    memory_mib: float


def below(pid: int) -> tuple[int, ...]:
    """All living descendants of a process, parents before children."""
    found = list(_children(pid))
    for child in found:
        found += _children(child)
    return tuple(found)


def load_below(pid: int, *, skip: int, memory_limit_mib: float) -> Load:
    """What the descendants of a process use now, but for the first `skip` of them.

    Resident memory counts shared pages for each process; only where that is too much is the exact
    share looked up, which takes longer and holds the processes up.
    """
    pids = below(pid)[skip:]
    memory_mib = sum(_resident_mib(p) for p in pids)
    if memory_mib > memory_limit_mib:
        memory_mib = sum(_share_mib(p) for p in pids)
    return Load(processes=len(pids), memory_mib=memory_mib)


def kill_tree(pid: int) -> None:
    """Kill every descendant, then the process itself; orphans come to it, so none escapes."""
    until = time.monotonic() + _KILL_LIMIT_S
    while (pids := below(pid)) and time.monotonic() < until:
        for stop in (signal.SIGSTOP, signal.SIGKILL):  # stopped ones fork no more
            for child in pids:
                _signal(child, stop)
        time.sleep(0.005)
    _signal(pid, signal.SIGKILL)


def _signal(pid: int, number: int) -> None:
    try:
        os.kill(pid, number)
    except ProcessLookupError:
        return
    except PermissionError:  # it belongs to the namespace's own user; its first process dies
        return


def _children(pid: int) -> list[int]:
    found: list[int] = []
    try:
        for task in Path(f"/proc/{pid}/task").iterdir():
            text = (task / "children").read_text(encoding="ascii")
            found += [int(child) for child in text.split()]
    except OSError:
        return found
    return found


def _resident_mib(pid: int) -> float:
    try:
        pages = Path(f"/proc/{pid}/statm").read_text(encoding="ascii").split()[1]
    except (OSError, IndexError):
        return 0.0
    return int(pages) * _PAGE_MIB


def _share_mib(pid: int) -> float:
    """Resident memory where a page of n processes counts for 1/n; resident if that is hidden."""
    try:
        text = Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="ascii")
    except OSError:
        return _resident_mib(pid)
    for line in text.splitlines():
        if line.startswith("Pss:"):
            return int(line.split()[1]) / 1024
    return _resident_mib(pid)
