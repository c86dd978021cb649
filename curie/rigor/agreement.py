"""When two numbers are the same, and how far apart they are."""

import math
from collections.abc import Sequence

EXACT_SHARE = 1e-9
"""Numbers closer than this are the same: what a different order of additions can do, no more."""


def same(one: float, other: float) -> bool:
    """Whether two results of one computation agree."""
    return math.isclose(one, other, rel_tol=EXACT_SHARE, abs_tol=1e-300)


def apart_share(one: float, other: float) -> float:
    """How far apart two numbers are, as a share of the larger: 0 if equal, at most 2."""
    largest = max(abs(one), abs(other))
    return abs(one - other) / largest if largest else 0.0


def spread_share(values: Sequence[float]) -> float | None:
    """Standard deviation as a share of the mean's size; None where it has no meaning."""
    if len(values) < 2:
        return None
    mean = math.fsum(values) / len(values)
    if not mean:
        return None
    variance = math.fsum((v - mean) ** 2 for v in values) / (len(values) - 1)
    return math.sqrt(variance) / abs(mean)
