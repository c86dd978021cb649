"""Many cases at once: those that rest on counts side by side, those that rest on times alone.

Each runs in a process of its own kind of worker: reading a program by its syntax is not safe in
several threads of one Python, and statistics would wait for each other.
"""

import queue
import signal
import tempfile
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from functools import partial
from multiprocessing import get_context
from multiprocessing.pool import Pool
from pathlib import Path
from typing import Literal

from curie.app.audit.case import Case
from curie.app.audit.one_case import Rules, Tried, broken, try_case
from curie.domain.errors import SandboxUnavailable
from curie.sandbox.backends import Kind, engine_status

PATIENCE_S = 900.0
"""Without a word from any case for so long, a worker has died and took its case along."""

Heard = Callable[[Tried, int, int], None]
"""Hears of each case as it ends: what became of it, how many are done, of how many."""


@dataclass(frozen=True)
class Audit:
    """All that was tried, in the order of the cases."""

    tried: tuple[Tried, ...]
    planned: int
    """How many cases were to be tried; more than were, after Ctrl-C."""
    sandbox: str
    without: tuple[str, ...] = ()

    @property
    def complete(self) -> bool:
        """Whether every case was tried."""
        return len(self.tried) == self.planned


def audit(
    cases: Sequence[Case], rules: Rules, *, workers: int, heard: Heard, say: Callable[[str], None]
) -> Audit:
    """Try every case. After Ctrl-C what has ended is returned, and nothing else is begun."""
    tried: dict[str, Tried] = {}
    try:
        with closing(_all(cases, rules, workers)) as ending:
            for one in ending:
                tried[one.case] = one
                heard(one, len(tried), len(cases))
    except KeyboardInterrupt:
        say("stopped; what follows is of the cases that had ended")
    ended = tuple(tried[c.name] for c in cases if c.name in tried)
    return Audit(ended, planned=len(cases), sandbox=rules.kind, without=rules.without)


def backend(kind: Kind) -> Literal["docker", "process"]:
    """Where trials run: `auto` is Docker where an engine answers, as everywhere."""
    if kind == "auto":
        return "docker" if engine_status().ok else "process"
    return kind


def _all(cases: Sequence[Case], rules: Rules, workers: int) -> Generator[Tried, None, None]:
    """What becomes of cases, in the order in which they end."""
    with tempfile.TemporaryDirectory(prefix="curie-audit-") as folder:
        stoppable = replace(rules, stop=Path(folder) / "stop")
        # Forking would copy locks that a thread of this process may hold.
        pool = get_context("spawn").Pool(max(1, workers), initializer=_begin)
        try:
            yield from _side_by_side([c for c in cases if not c.timed], stoppable, pool)
            for case in cases:
                if case.timed:
                    yield from _side_by_side([case], stoppable, pool)
        finally:
            stoppable.stop.touch()  # whoever still runs a case ends it after its trial
            pool.close()
            pool.join()


def _side_by_side(cases: Sequence[Case], rules: Rules, pool: Pool) -> Iterator[Tried]:
    ended: queue.SimpleQueue[Tried] = queue.SimpleQueue()
    left = {case.name: case for case in cases}
    for case in cases:
        pool.apply_async(
            try_case,
            (case, rules),
            callback=ended.put,
            error_callback=partial(_broke, case, ended),
        )
    while left:
        try:
            one = ended.get(timeout=PATIENCE_S)
        except queue.Empty:
            lost = SandboxUnavailable(f"its worker died, or is silent for {PATIENCE_S:.0f} s")
            yield from (broken(case, lost) for case in left.values())
            return
        del left[one.case]
        yield one


def _broke(case: Case, ended: queue.SimpleQueue[Tried], error: BaseException) -> None:
    ended.put(broken(case, error))


def _begin() -> None:
    """A worker leaves Ctrl-C to whoever started it."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
