"""p-values corrected for how many were looked at."""

from collections.abc import Sequence
from typing import Literal

from scipy import stats


def holm(ps: Sequence[float]) -> tuple[float, ...]:
    """Holm's step-down correction (1979): bounds the chance of even one false positive."""
    adjusted = [0.0] * len(ps)
    floor = 0.0
    for rank, index in enumerate(sorted(range(len(ps)), key=lambda i: ps[i])):
        floor = max(floor, min(1.0, (len(ps) - rank) * ps[index]))
        adjusted[index] = floor
    return tuple(adjusted)


def bh(ps: Sequence[float]) -> tuple[float, ...]:
    """Benjamini and Hochberg's correction (1995): bounds the share of false positives."""
    if not ps:
        return ()
    return tuple(float(p) for p in stats.false_discovery_control(list(ps), method="bh"))


def corrected(ps: Sequence[float | None], how: Literal["holm", "bh"]) -> tuple[float | None, ...]:
    """The family corrected; an exact comparison (None) is no test and does not count."""
    tested = [p for p in ps if p is not None]
    adjusted = iter(holm(tested) if how == "holm" else bh(tested))
    return tuple(None if p is None else next(adjusted) for p in ps)
