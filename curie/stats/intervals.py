"""Confidence intervals: of a mean, of a ratio of means, of a share, and by bootstrap."""

import math
import warnings
from collections.abc import Callable, Sequence
from statistics import NormalDist
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy import stats

Floats = npt.NDArray[np.float64]

RESAMPLES = 4999
"""Bootstrap resamples: Monte-Carlo error of a 95 % bound is then about 0.3 % of its rank."""

_ROUNDING = 1e-12
"""Differences below this share of the values' size are rounding, not spread."""


def constant(values: Floats, scale: float | None = None) -> bool:
    """Whether values differ by no more than rounding of numbers of this size (their own)."""
    size = float(np.abs(values).max()) if scale is None else scale
    return float(np.ptp(values)) <= _ROUNDING * size


def mean_interval(values: Floats, confidence: float) -> tuple[float, float]:
    """Student's t-interval of a mean; the mean itself for constant or single values."""
    mean = float(values.mean())
    if len(values) < 2 or constant(values):
        return mean, mean
    half = t_quantile(confidence, len(values) - 1) * math.sqrt(values.var(ddof=1) / len(values))
    return mean - half, mean + half


def wilson(hits: int, of: int, confidence: float = 0.95) -> tuple[float, float]:
    """Wilson's interval of the share behind so many hits of so many: 0 to 1 for none of none.

    Wilson (1927), "Probable inference": all shares that the score test does not reject. It keeps
    to 0 and 1, and says something where nothing, or everything, was hit.
    """
    if of == 0:
        return 0.0, 1.0
    z = NormalDist().inv_cdf(0.5 + confidence / 2)
    share, room = hits / of, 1 + z**2 / of
    middle = (share + z**2 / (2 * of)) / room
    half = z / room * math.sqrt(share * (1 - share) / of + z**2 / (4 * of**2))
    return max(0.0, middle - half), min(1.0, middle + half)


def t_quantile(confidence: float, df: float) -> float:
    """The t that a two-sided interval of this level reaches out to."""
    return float(stats.t.ppf(0.5 + confidence / 2, df))


def fieller(a: Floats, b: Floats, *, paired: bool, confidence: float) -> tuple[float, float] | None:
    """Fieller's interval of mean(a)/mean(b); None where mean(b) is not clearly away from 0.

    Fieller (1954), "Some problems in interval estimation": all r for which the t-test of
    mean(a) - r mean(b) = 0 does not reject. Degrees of freedom: n - 1 for pairs, else Welch's
    at the estimated ratio.
    """
    mean_a, mean_b = float(a.mean()), float(b.mean())
    if mean_b == 0:
        return None
    var_a, var_b = float(a.var(ddof=1)) / len(a), float(b.var(ddof=1)) / len(b)
    if paired:
        cov, df = float(np.cov(a, b)[0, 1]) / len(a), float(len(a) - 1)
    else:
        ratio = mean_a / mean_b
        cov, df = 0.0, welch_df(var_a, ratio**2 * var_b, len(a), len(b))
    t2 = t_quantile(confidence, df) ** 2
    square = mean_b**2 - t2 * var_b
    if square <= 0:
        return None
    linear = mean_a * mean_b - t2 * cov
    root = math.sqrt(max(0.0, linear**2 - square * (mean_a**2 - t2 * var_a)))
    return (linear - root) / square, (linear + root) / square


def welch_df(var_a: float, var_b: float, n_a: int, n_b: int) -> float:
    """Welch-Satterthwaite degrees of freedom, from the variances of two means."""
    bottom = var_a**2 / (n_a - 1) + var_b**2 / (n_b - 1)
    return (var_a + var_b) ** 2 / bottom if bottom > 0 else float(n_a + n_b - 2)


def bootstrap(
    samples: Sequence[Floats],
    statistic: Callable[..., Any],
    *,
    paired: bool,
    confidence: float,
    dice: int,
) -> tuple[float, float] | None:
    """The BCa bootstrap interval of a statistic that takes `axis`; None where it is degenerate."""
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        # Degenerate samples are told by a NaN, which is looked for below.
        warnings.simplefilter("ignore", stats.DegenerateDataWarning)
        found = stats.bootstrap(
            tuple(samples),
            statistic,
            n_resamples=RESAMPLES,
            vectorized=True,
            paired=paired,
            confidence_level=confidence,
            method="BCa",
            rng=np.random.default_rng(dice),
        ).confidence_interval
    low, high = float(found.low), float(found.high)
    return (low, high) if math.isfinite(low) and math.isfinite(high) else None
