"""Time as an argument, so that the middle of the program never reads it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol


class Clock(Protocol):
    """What tells the time, in UTC."""

    def now(self) -> datetime:
        """The present moment, with its time zone."""
        ...


@dataclass(frozen=True)
class StoppedClock:
    """A clock that stands still, for tests and for rendering old runs."""

    at: datetime

    def now(self) -> datetime:
        """Always the same moment."""
        return self.at
