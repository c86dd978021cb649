"""The port: trials in, outcomes out, in the order in which they end."""

from collections.abc import Callable, Iterator, Sequence
from typing import Protocol

from curie.domain.outcome import Failed, Measured
from curie.domain.plan import Trial

Do = Callable[[Trial], Measured | Failed]
"""Runs one trial to its end. It raises only when the world is broken, never for a failed trial."""


class Fleet(Protocol):
    """Where trials run."""

    @property
    def workers(self) -> int:
        """How many trials run at once."""
        ...

    def run(self, trials: Sequence[Trial], do: Do, *, alone: bool) -> Iterator[Measured | Failed]:
        """Outcomes as they come. `alone`: one trial at a time, in order, on a quiet machine.

        What `do` raises, and Ctrl-C, stop new trials from starting; the outcomes of those that run
        still come, then it is raised. A second Ctrl-C waits for nothing.
        """
        ...
