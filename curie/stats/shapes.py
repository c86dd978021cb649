"""The shape of a sequence of means that are known for sure, or as they happen to lie."""

import math
from collections.abc import Sequence
from itertools import pairwise

from curie.domain.setting import Level, level_text

_TIE = 1e-9
"""Relative difference below which two exact values are the same number, rounded twice."""


def same(one: float, other: float) -> bool:
    """Whether two exact values are equal up to rounding."""
    return math.isclose(one, other, rel_tol=_TIE, abs_tol=0.0)


def direction(one: float, other: float) -> str:
    """`rises`, `falls` or `flat`, from one value to the other."""
    if same(one, other):
        return "flat"
    return "rises" if other > one else "falls"


def exact_shape(
    means: Sequence[float], levels: Sequence[Level], *, share: float
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The shapes that exact values have, the plainest first (none if none fits), and notes.

    A sequence rises if it ends higher and no step falls, where steps back smaller than `share` of
    the first value are overlooked (and noted) as long as the whole change is larger. It peaks if
    an interior value is above both ends by more than rounding. It is flat if all values lie within
    `share` of the first; a sequence can be flat and rise.
    """
    found: list[str] = []
    notes: list[str] = []
    margin = share * abs(means[0])
    if max(means) - min(means) <= margin:
        found.append("flat")
    net = direction(means[0], means[-1])
    back = [abs(b - a) for a, b in pairwise(means) if direction(a, b) not in (net, "flat")]
    small = not back or abs(means[-1] - means[0]) > margin >= max(back)
    if net != "flat" and small:
        found.insert(0, net)
        notes += order_notes(means, levels, net)
    found += _turning(means)
    ties = [
        f"{level_text(one)} and {level_text(other)}"
        for (one, a), (other, b) in pairwise(zip(levels, means, strict=True))
        if same(a, b)
    ]
    if ties:
        notes.append(f"no change between {', '.join(ties)}")
    return tuple(found), tuple(notes)


def order_notes(means: Sequence[float], levels: Sequence[Level], overall: str) -> tuple[str, ...]:
    """Where the means go against the trend that they have overall."""
    against = [
        f"{level_text(one)} and {level_text(other)}"
        for (one, a), (other, b) in pairwise(zip(levels, means, strict=True))
        if direction(a, b) not in (overall, "flat")
    ]
    if not against:
        return ()
    back = "falls" if overall == "rises" else "rises"
    return (f"{overall} overall, but {back} between {', '.join(against)}",)


def _turning(means: Sequence[float]) -> list[str]:
    first, *interior, last = means
    found = []
    if max(interior) > max(first, last) and not same(max(interior), max(first, last)):
        found.append("peaks")
    if min(interior) < min(first, last) and not same(min(interior), min(first, last)):
        found.append("dips")
    return found
