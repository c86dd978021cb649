"""Exit codes: what a script can rely on."""

from curie.domain.errors import INTERRUPTED, REJECTED, CurieError

DONE = 0
BROKEN = 1
USAGE = 2
NOT_READY = 3
BUDGET = 4

MEANINGS = (
    (DONE, "done"),
    (BROKEN, "a trial by hand failed, or something broke inside; the message says where"),
    (USAGE, "asked for something that cannot be"),
    (NOT_READY, "the machine lacks something: an engine, a key, disk"),
    (BUDGET, "money, trials or time are used up"),
    (REJECTED, "ended without a validated answer, or inconclusive with --strict"),
    (INTERRUPTED, "interrupted; curie resume RUN goes on"),
)

EPILOG = "\b\nExit codes:\n" + "\n".join(f"  {code:<4} {text}" for code, text in MEANINGS)


class Interrupted(CurieError):
    """The person pressed Ctrl-C; what was measured is kept."""

    exit_code = INTERRUPTED
