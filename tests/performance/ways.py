"""Times of several ways to do a thing, taken in turns."""

import statistics
import time
from collections.abc import Callable, Mapping, Sequence

from pydantic import BaseModel, ConfigDict


class Times(BaseModel):
    """Repeated wall times of one thing."""

    model_config = ConfigDict(frozen=True)

    n: int
    median_ms: float
    low_ms: float
    """First quartile."""
    high_ms: float
    """Third quartile."""
    worst_ms: float

    def __str__(self) -> str:
        return f"{self.median_ms:.0f} ({self.low_ms:.0f} to {self.high_ms:.0f})"


def times(seconds: Sequence[float]) -> Times:
    """Median and quartiles of at least two wall times."""
    low, middle, high = (1000 * q for q in statistics.quantiles(seconds, n=4, method="inclusive"))
    return Times(
        n=len(seconds),
        median_ms=round(middle, 2),
        low_ms=round(low, 2),
        high_ms=round(high, 2),
        worst_ms=round(1000 * max(seconds), 2),
    )


def stopwatch(do: Callable[[], object]) -> float:
    """How long it took, in seconds."""
    start = time.perf_counter()
    do()
    return time.perf_counter() - start


def in_turns(
    ways: Mapping[str, Callable[[], float]], *, repeats: int
) -> dict[str, tuple[float, ...]]:
    """Each way once per round, every round beginning with another one; the first is not kept.

    Each hands back the seconds that count, so that it can make ready and tidy up unmeasured.
    """
    names = tuple(ways)
    kept: dict[str, list[float]] = {name: [] for name in names}
    for turn in range(repeats + 1):
        first = turn % len(names)
        for name in (*names[first:], *names[:first]):
            seconds = ways[name]()
            if turn:
                kept[name].append(seconds)
    return {name: tuple(seconds) for name, seconds in kept.items()}
