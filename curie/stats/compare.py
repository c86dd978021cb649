"""Two samples against each other, or one against a bound: the tests that the claims are made of."""

import math
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import numpy.typing as npt
from scipy import stats

from curie.stats.intervals import bootstrap, constant, t_quantile, welch_df

Floats = npt.NDArray[np.float64]

CHECKED = 8
"""Replicates from which normality is checked: below, Shapiro-Wilk sees nothing."""

_CHECKED_UP_TO = 5000
"""Above, the mean is normal whatever the values are."""

_NORMALITY_ALPHA = 0.05
_PERMUTATIONS = 9999


@dataclass(frozen=True)
class Comparison:
    """The mean of a difference: estimate, interval, and one-sided p-values."""

    estimate: float
    low: float
    high: float
    above: float
    """p against 'the true mean is 0 or less'."""
    below: float
    """p against 'the true mean is 0 or more'."""
    exact: bool
    """No spread at all: the estimate is the truth, and p-values are 0 or 1."""
    method: str
    notes: tuple[str, ...] = ()

    @property
    def p(self) -> float:
        """Two-sided p-value."""
        return min(1.0, 2.0 * min(self.above, self.below))


@dataclass(frozen=True)
class Sides:
    """The values of two arms; if paired, in the same order of seeds."""

    a: Floats
    b: Floats
    paired: bool

    def against(self, *, times: float = 1.0, plus: float = 0.0) -> "Sides":
        """The same, with `times * b + plus` in place of b: how a null hypothesis is shifted."""
        return Sides(a=self.a, b=times * self.b + plus, paired=self.paired)

    @property
    def constant(self) -> bool:
        """Whether neither arm has any spread."""
        return constant(self.a) and constant(self.b)

    @property
    def scale(self) -> float:
        """Size of the values, against which a difference is rounding or is not."""
        return float(max(np.abs(self.a).max(), np.abs(self.b).max()))

    @property
    def fixed(self) -> bool:
        """Whether the difference has no spread: the pairs', or that of both arms."""
        return constant(self.a - self.b, self.scale) if self.paired else self.constant


def compare(sides: Sides, *, confidence: float, dice: int) -> Comparison:
    """mean(a) - mean(b): a t-test where normality is plausible, else permutation and bootstrap."""
    if sides.paired:
        d = sides.a - sides.b
        return _one_sample(d, scale=sides.scale, what="paired", confidence=confidence, dice=dice)
    return _two_samples(sides, confidence=confidence, dice=dice)


def against_bound(values: Floats, bound: float, *, confidence: float, dice: int) -> Comparison:
    """mean(values) - bound."""
    scale = max(float(np.abs(values).max()), abs(bound))
    return _one_sample(
        values - bound, scale=scale, what="one-sample", confidence=confidence, dice=dice
    )


def exactly(difference: float) -> Comparison:
    """The comparison of two numbers that are known for sure."""
    return Comparison(
        estimate=difference,
        low=difference,
        high=difference,
        above=0.0 if difference > 0 else 1.0,
        below=0.0 if difference < 0 else 1.0,
        exact=True,
        method="exact comparison: the values do not vary",
    )


def plausibly_normal(*samples: Floats) -> bool:
    """Whether Shapiro-Wilk finds nothing against normality; small or constant samples pass."""
    checked = [s for s in samples if CHECKED <= len(s) <= _CHECKED_UP_TO and not constant(s)]
    return all(stats.shapiro(s - s.mean()).pvalue > _NORMALITY_ALPHA for s in checked)


def _normality_note(*sizes: int) -> str:
    if min(sizes) < CHECKED:
        return f"normality is assumed: fewer than {CHECKED} replicates are too few to check it"
    return "normality is plausible (Shapiro-Wilk)"


def _one_sample(d: Floats, *, scale: float, what: str, confidence: float, dice: int) -> Comparison:
    if constant(d, scale):
        return exactly(_rounded(float(d.mean()), scale))
    if not plausibly_normal(d):
        return _resampled((d,), kind="samples", what="sign-flip", confidence=confidence, dice=dice)
    mean, error = float(d.mean()), math.sqrt(float(d.var(ddof=1)) / len(d))
    return _by_t(
        mean,
        error,
        len(d) - 1,
        method=f"{what} t-test, t-interval",
        note=_normality_note(len(d)),
        confidence=confidence,
    )


def _two_samples(sides: Sides, *, confidence: float, dice: int) -> Comparison:
    a, b = sides.a, sides.b
    mean = float(a.mean() - b.mean())
    if sides.constant:
        return exactly(_rounded(mean, sides.scale))
    if min(len(a), len(b)) >= CHECKED and not plausibly_normal(a, b):
        return _resampled(
            (a, b), kind="independent", what="studentised", confidence=confidence, dice=dice
        )
    var_a, var_b = float(a.var(ddof=1)) / len(a), float(b.var(ddof=1)) / len(b)
    return _by_t(
        mean,
        math.sqrt(var_a + var_b),
        welch_df(var_a, var_b, len(a), len(b)),
        method="Welch's t-test, t-interval",
        note=_normality_note(len(a), len(b)),
        confidence=confidence,
    )


def _by_t(
    mean: float, error: float, df: float, *, method: str, note: str, confidence: float
) -> Comparison:
    half = t_quantile(confidence, df) * error
    return Comparison(
        estimate=mean,
        low=mean - half,
        high=mean + half,
        above=float(stats.t.sf(mean / error, df)),
        below=float(stats.t.cdf(mean / error, df)),
        exact=False,
        method=method,
        notes=(note,),
    )


def _resampled(
    samples: tuple[Floats, ...],
    *,
    kind: Literal["samples", "independent"],
    what: str,
    confidence: float,
    dice: int,
) -> Comparison:
    """Permutation test and BCa interval, where Shapiro-Wilk speaks against normality."""
    estimate = float(samples[0].mean()) - (float(samples[1].mean()) if len(samples) > 1 else 0.0)
    (low, high), notes = _resampled_interval(
        samples, estimate=estimate, confidence=confidence, dice=dice
    )
    return Comparison(
        estimate=estimate,
        low=low,
        high=high,
        above=_permuted(samples, kind=kind, alternative="greater", dice=dice),
        below=_permuted(samples, kind=kind, alternative="less", dice=dice),
        exact=False,
        method=f"{what} permutation test, {'Student' if notes else 'BCa bootstrap'} interval",
        notes=("not normal by Shapiro-Wilk, so resampled", *notes),
    )


def _permuted(
    samples: tuple[Floats, ...],
    *,
    kind: Literal["samples", "independent"],
    alternative: Literal["greater", "less"],
    dice: int,
) -> float:
    # Studentised, because a plain difference of means is no valid permutation statistic when the
    # variances differ (Janssen 1997).
    return float(
        stats.permutation_test(
            samples,
            _mean if kind == "samples" else _welch_t,
            permutation_type=kind,
            vectorized=True,
            n_resamples=_PERMUTATIONS,
            alternative=alternative,
            rng=np.random.default_rng(dice),
        ).pvalue
    )


def _resampled_interval(
    samples: tuple[Floats, ...], *, estimate: float, confidence: float, dice: int
) -> tuple[tuple[float, float], tuple[str, ...]]:
    statistic = _mean if len(samples) == 1 else _mean_difference
    found = bootstrap(samples, statistic, paired=False, confidence=confidence, dice=dice)
    if found is not None:
        return found, ()
    error = math.sqrt(sum(float(s.var(ddof=1)) / len(s) for s in samples))
    half = t_quantile(confidence, sum(len(s) - 1 for s in samples)) * error
    note = "the bootstrap is degenerate: the interval is Student's"
    return (estimate - half, estimate + half), (note,)


def _rounded(difference: float, scale: float) -> float:
    return 0.0 if constant(np.array([difference, 0.0]), scale) else difference


def _mean(values: Floats, axis: int = -1) -> Any:
    return values.mean(axis=axis)


def _mean_difference(a: Floats, b: Floats, axis: int = -1) -> Any:
    return a.mean(axis=axis) - b.mean(axis=axis)


def _welch_t(a: Floats, b: Floats, axis: int = -1) -> Any:
    error = np.sqrt(
        a.var(axis=axis, ddof=1) / a.shape[axis] + b.var(axis=axis, ddof=1) / b.shape[axis]
    )
    # A permutation may put all equal values into one arm; the floor keeps its t finite.
    return (a.mean(axis=axis) - b.mean(axis=axis)) / np.maximum(error, np.finfo(float).tiny)
