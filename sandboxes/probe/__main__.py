"""`python -m sandboxes.probe WHAT [LIMIT] [MARK]`: prints as JSON what the attempts got away with.

`gentle` tries all that leaves the box alive; `forks`, `memory`, `disk` and `daemon` are for boxes
of their own, because the right answer to them may be to kill the box. The mark is only there to be
seen in the list of processes.
"""

import json
import os
import sys
import time

from sandboxes.probe.attempts import GENTLE, fill_disk, fill_memory, fork_many

LIFETIME_S = 10.0
"""How long the daemon lives, in a sandbox that lets it."""


def daemonise() -> None:
    """Leave a child behind, in a session of its own, without any tie to its parent."""
    if os.fork() == 0:
        os.setsid()
        if os.fork() == 0:
            nothing = os.open(os.devnull, os.O_RDWR)
            for handle in (0, 1, 2):
                os.dup2(nothing, handle)
            time.sleep(LIFETIME_S)
        os._exit(0)


def main(what: str, limit_mib: int) -> None:
    """Try one thing and print the report."""
    match what:
        case "gentle":
            report = [
                {"name": name, "guard": guard, "got": attempt()} for name, guard, attempt in GENTLE
            ]
        case "forks":
            report = [{"name": what, "guard": "process limit", "got": fork_many()}]
        case "memory":
            report = [{"name": what, "guard": "memory limit", "got": fill_memory(limit_mib)}]
        case "disk":
            report = [{"name": what, "guard": "disk limit", "got": fill_disk(limit_mib)}]
        case _:
            daemonise()
            report = []
    print(json.dumps(report))


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 0)
