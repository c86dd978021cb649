"""What a container used, from the control-group files of cgroup v1 and v2."""

from collections.abc import Callable
from pathlib import Path

Reader = Callable[[str, str], str | None]
"""(controller, file) to its text, or None. The controller names the v1 folder; v2 ignores it."""

_ROOT = Path("/sys/fs/cgroup")


def host_reader(pid: int, container: str) -> Reader | None:
    """A reader of the container's files on this host, if its process runs here and they are here.

    With an engine on another machine the process id means something else, hence the check.
    """
    try:
        lines = Path(f"/proc/{pid}/cgroup").read_text(encoding="utf-8").splitlines()
    except OSError:
        return None
    if not any(container in line for line in lines):
        return None
    folders = {}
    for line in lines:
        _, controllers, path = line.split(":", 2)
        for name in controllers.split(","):
            folders[name] = _ROOT / name / path.lstrip("/")
    unified = _ROOT / next((line[3:] for line in lines if line.startswith("0::")), "").lstrip("/")

    def read(controller: str, file: str) -> str | None:
        try:
            return (folders.get(controller, unified) / file).read_text(encoding="ascii")
        except OSError:
            return None

    return read


def cpu_s(read: Reader) -> float | None:
    """CPU time of all its processes, in seconds."""
    v1 = read("cpuacct", "cpuacct.usage")
    if v1:
        return int(v1) / 1e9
    usec = _field(read("cpu", "cpu.stat"), "usage_usec")
    return None if usec is None else usec / 1e6


def peak_memory_mib(read: Reader) -> float | None:
    """The most memory it ever had, page cache and tmpfs included, in MiB."""
    text = read("memory", "memory.max_usage_in_bytes") or read("memory", "memory.peak")
    return int(text) / 2**20 if text else None


def tasks(read: Reader) -> int | None:
    """How many processes and threads it has now."""
    text = read("pids", "pids.current")
    return int(text) if text else None


def oom_kills(read: Reader) -> int | None:
    """How many of its processes the kernel killed for memory."""
    for file in ("memory.oom_control", "memory.events"):
        found = _field(read("memory", file), "oom_kill")
        if found is not None:
            return found
    return None


def _field(text: str | None, name: str) -> int | None:
    for line in (text or "").splitlines():
        key, _, value = line.partition(" ")
        if key == name:
            return int(value)
    return None
