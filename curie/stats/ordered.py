"""Tests against an ordered alternative: whether a metric rises from level to level."""

import math
from collections import Counter
from collections.abc import Sequence
from typing import Literal

import numpy as np
from scipy import stats

from curie.stats.intervals import Floats


def page(levels: Sequence[Floats]) -> tuple[float, float]:
    """Page's L test (1963) for levels measured at the same seeds: p of rising, p of falling."""
    table = np.column_stack(levels)
    rising = stats.page_trend_test(table, method=_page_method(table))
    falling = stats.page_trend_test(table[:, ::-1], method=_page_method(table))
    return float(rising.pvalue), float(falling.pvalue)


def _page_method(table: Floats) -> Literal["exact", "asymptotic"]:
    # The exact null distribution assumes that no two levels tie within a seed, and its cost grows
    # with the factorial of the levels.
    tied = any(len(np.unique(row)) < len(row) for row in table)
    return "asymptotic" if tied or table.shape[1] > 6 or table.shape[0] > 20 else "exact"


def jonckheere(levels: Sequence[Floats]) -> tuple[float, float]:
    """Jonckheere-Terpstra test for independent levels: p of rising, p of falling.

    Normal approximation with the tie correction and no continuity correction (Hollander, Wolfe
    and Chicken 2014, section 6.2, eq. 6.19).
    """
    j = jonckheere_statistic(levels)
    sizes = [len(v) for v in levels]
    n = sum(sizes)
    mean = (n**2 - sum(m**2 for m in sizes)) / 4
    ties = list(Counter(float(x) for v in levels for x in v).values())
    variance = _variance(n, sizes, ties)
    if variance <= 0:
        return 1.0, 1.0
    z = (j - mean) / math.sqrt(variance)
    return float(stats.norm.sf(z)), float(stats.norm.cdf(z))


def jonckheere_statistic(levels: Sequence[Floats]) -> float:
    """Pairs of values from two levels that are in order; a tie counts one half."""
    total = 0.0
    for i, lower in enumerate(levels):
        for upper in levels[i + 1 :]:
            difference = upper[:, None] - lower[None, :]
            total += float((difference > 0).sum()) + 0.5 * float((difference == 0).sum())
    return total


def _variance(n: int, sizes: Sequence[int], ties: Sequence[int]) -> float:
    def over(counts: Sequence[int]) -> tuple[int, int, int]:
        return (
            sum(c * (c - 1) * (2 * c + 5) for c in counts),
            sum(c * (c - 1) * (c - 2) for c in counts),
            sum(c * (c - 1) for c in counts),
        )

    sizes5, sizes3, sizes2 = over(sizes)
    ties5, ties3, ties2 = over(ties)
    first = (n * (n - 1) * (2 * n + 5) - sizes5 - ties5) / 72
    second = sizes3 * ties3 / (36 * n * (n - 1) * (n - 2))
    return first + second + sizes2 * ties2 / (8 * n * (n - 1))
