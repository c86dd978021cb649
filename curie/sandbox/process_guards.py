"""What a process box protects from, with and without namespaces."""

from curie.domain.setup import Guard

_SAMPLED = "sampled by the host ten times a second, and a limit for each process; no control group"


def process_guards(*, isolated: bool) -> tuple[Guard, ...]:
    """The guards, named as those of Docker are, so that the two can be laid side by side."""
    return (*_walls(isolated=isolated), *_limits(isolated=isolated))


def _walls(*, isolated: bool) -> tuple[Guard, ...]:
    """What it cannot see or touch."""
    return (
        _named("network", isolated, "no interface but a dead loopback", "the host's network"),
        _named(
            "host files",
            isolated,
            "own read-only root of /usr and Python; only /trial and /tmp are writable",
            "it reads, and writes, what the person running curie may",
        ),
        _named(
            "privileges",
            isolated,
            "an unmapped user without capabilities, no new privileges",
            "it runs as the person who runs curie, though without new privileges",
        ),
        _named(
            "processes",
            isolated,
            "own PID and IPC namespaces; all die with the command",
            "it sees the host's processes and may signal the person's; its own are killed after it",
        ),
        _named(
            "secrets",
            isolated,
            "a clean environment, and no sight of other processes",
            "a clean environment, but it could read that of the person's other processes",
        ),
    )


def _limits(*, isolated: bool) -> tuple[Guard, ...]:
    """How much it can use, and the layers beyond."""
    return (
        Guard(name="disk limit", on=True, detail=_SAMPLED),
        Guard(name="time limit", on=True, detail="the host kills the whole tree"),
        Guard(name="memory limit", on=False, detail=f"only {_SAMPLED}: a burst may pass"),
        Guard(name="swap limit", on=False, detail="the host may swap it"),
        _named(
            "process limit",
            isolated,
            "a limit of the kernel's for the box's user",
            "counted by the host ten times a second: a burst may pass",
        ),
        Guard(name="system calls", on=False, detail="no seccomp profile"),
        _named(
            "user remapping",
            isolated,
            "root inside is nobody outside; nothing runs as root",
            "none",
        ),
        _named("devices", isolated, "null, zero and random only", "all that the person may use"),
        Guard(name="cpu share", on=False, detail="it may use every core of the host"),
    )


def _named(name: str, isolated: bool, with_it: str, without: str) -> Guard:
    return Guard(name=name, on=isolated, detail=with_it if isolated else without)
