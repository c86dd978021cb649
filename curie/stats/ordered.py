"""Tests against an ordered alternative: whether a metric rises from level to level."""

import math
from collections import Counter
from collections.abc import Sequence
from functools import lru_cache
from itertools import permutations

import numpy as np
from scipy import special

from curie.stats.intervals import Floats


def page(levels: Sequence[Floats]) -> tuple[float, float]:
    """Page's L test (1963) for levels measured at the same seeds: p of rising, p of falling.

    Exact without ties for up to 8 levels and 30 seeds: the distribution of L over one seed's
    orders, folded with itself. Else the normal approximation, which ties make cautious.
    """
    table = np.column_stack(levels)
    n, k = table.shape
    ranks = _ranks(table)
    weights = np.arange(1, k + 1)
    total = float((ranks @ weights).sum())
    middle = n * k * (k + 1) ** 2 / 4
    if k <= _EXACT_LEVELS and n <= _EXACT_SEEDS and _untied(ranks):
        chances = _chances(k, n)
        least = n * _least_sum(k)
        place = round(total) - least
        return float(chances[place:].sum()), float(chances[: place + 1].sum())
    z = (total - middle) / math.sqrt(n * k**2 * (k + 1) * (k**2 - 1) / 144)
    return float(special.ndtr(-z)), float(special.ndtr(z))


_EXACT_LEVELS = 8
_EXACT_SEEDS = 30


def _ranks(table: Floats) -> Floats:
    """Ranks within each row, from 1; ties share their mean rank."""
    below = (table[:, None, :] < table[:, :, None]).sum(axis=2)
    equal = (table[:, None, :] == table[:, :, None]).sum(axis=2)
    ranks: Floats = below + (equal + 1) / 2
    return ranks


def _untied(ranks: Floats) -> bool:
    """Whether each row holds every rank once: ties lower the squares' sum."""
    n, k = ranks.shape
    return bool((ranks**2).sum() == n * k * (k + 1) * (2 * k + 1) / 6)


def _least_sum(k: int) -> int:
    """The smallest L of one seed: all levels in falling order."""
    return sum((k + 1 - i) * i for i in range(1, k + 1))


@lru_cache(maxsize=256)
def _chances(k: int, n: int) -> Floats:
    """The chance of every L over n seeds, from the smallest on, if all orders are as likely."""
    if n == 1:
        orders = np.array(list(permutations(range(1, k + 1))))
        sums = orders @ np.arange(1, k + 1) - _least_sum(k)
        counts: Floats = np.bincount(sums) / len(orders)
        return counts
    half = _chances(k, n // 2)
    both: Floats = np.convolve(half, half)
    return np.convolve(both, _chances(k, 1)) if n % 2 else both


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
    return float(special.ndtr(-z)), float(special.ndtr(z))


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
