"""What can go wrong, by who can mend it.

    CurieError                  exit
    ├── UsageError              2     the person asked for something that cannot be
    │   └── NotAnswerable       2     no shipped system and no model can answer this question
    ├── NotReady                3     the machine lacks something: an engine, a key, disk
    │   ├── SandboxUnavailable  3     a box cannot be had, or died under us
    │   └── ModelUnavailable    3     the model's endpoint cannot be reached or refuses the key
    ├── BudgetSpent             4     money, trials or time are used up; resumable
    ├── ModelMisbehaved         1     the model never gave a valid answer
    ├── LedgerBroken            1     the knowledge store is damaged, locked or full
    └── ForbiddenFact           1     a role tried to write a kind of fact that is not its own

A failed trial is not an error: it is an outcome (`curie.domain.outcome.Failed`).
Every message says where, what, and what to do.
"""


class CurieError(Exception):
    """The root: whatever the command line reports in one sentence instead of a traceback."""

    exit_code = 1


class UsageError(CurieError):
    """The person can mend it by asking differently."""

    exit_code = 2


class NotAnswerable(UsageError):
    """The built-in scientist knows no system for this question, and says which it knows."""


class NotReady(CurieError):
    """The machine lacks something; the message says how to get it."""

    exit_code = 3


class SandboxUnavailable(NotReady):
    """No box can be had, or one died under us. Never the result of the program inside it."""


class ModelUnavailable(NotReady):
    """The endpoint cannot be reached, or refuses the key, or has no such model."""


class BudgetSpent(CurieError):
    """Money, trials or time are used up. What was measured is kept; the run can go on."""

    exit_code = 4


class ModelMisbehaved(CurieError):
    """The model gave no valid answer within its tries; the message holds the last mistake."""


class LedgerBroken(CurieError):
    """The knowledge store is damaged, locked by another program, or out of disk."""


class ForbiddenFact(CurieError):
    """A role tried to write a kind of fact that is not its own."""


INTERRUPTED = 130
"""Exit code after Ctrl-C; the run can be resumed."""

REJECTED = 5
"""Exit code when a run ended without a validated answer (or inconclusive, with --strict)."""
