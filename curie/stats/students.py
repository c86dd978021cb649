"""Student's t for the mean of a sample, and what takes its place where the noise is not normal.

The plain test assumes normal noise, or symmetric noise, under which it errs on the safe side. Where
Shapiro and Francia's test speaks against normality, the worst of several answers counts: Student's,
Student's with the skewness of the sample allowed for (Hall 1992), and a permutation test, which
assumes no distribution. The interval is then the union of the first two.
"""

import math
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import numpy.typing as npt
from scipy import special

Floats = npt.NDArray[np.float64]

CHECKED = 8
"""Replicates from which normality is checked: below, no test sees anything."""

_CHECKED_UP_TO = 5000
"""Above, the mean is normal whatever the values are."""

_NORMALITY_ALPHA = 0.05
_ENUMERATED = 12
"""Replicates up to which every sign flip is tried: 4,096 of them."""
_FLIPS = 4999
_SHUFFLES = 4999


@dataclass(frozen=True)
class Mean:
    """A mean with its standard error, and what the shape of its noise looks like."""

    estimate: float
    error: float
    df: float
    lean: float = 0.0
    """Skewness of the mean: third cumulant over error cubed; 0 where it is not allowed for."""

    @property
    def t(self) -> float:
        """Student's t against a mean of 0."""
        return self.estimate / self.error

    def tails(self) -> tuple[float, float]:
        """One-sided p of a mean of 0 or less, and of 0 or more; the worse with and without lean."""
        straight = self.t
        leant = _hall(straight, self.lean)
        above = max(t_tail(straight, self.df), t_tail(leant, self.df))
        below = max(t_tail(-straight, self.df), t_tail(-leant, self.df))
        return above, below

    def interval(self, confidence: float) -> tuple[float, float]:
        """The interval that belongs to `tails`."""
        far = t_quantile(confidence, self.df)
        least = min(-far, _hall_inverse(-far, self.lean))
        most = max(far, _hall_inverse(far, self.lean))
        return self.estimate - most * self.error, self.estimate - least * self.error


def t_tail(t: float, df: float) -> float:
    """The chance that Student's t is above `t`."""
    return float(special.stdtr(df, -t))


def t_quantile(confidence: float, df: float) -> float:
    """The t that a two-sided interval of this level reaches out to."""
    return float(special.stdtrit(df, 0.5 + confidence / 2))


def welch_df(var_a: float, var_b: float, n_a: int, n_b: int) -> float:
    """Welch-Satterthwaite degrees of freedom, from the variances of two means."""
    bottom = var_a**2 / (n_a - 1) + var_b**2 / (n_b - 1)
    return (var_a + var_b) ** 2 / bottom if bottom > 0 else float(n_a + n_b - 2)


def plausibly_normal(*samples: Floats) -> bool:
    """Whether nothing is found against normality; small or constant samples pass."""
    checked = [s for s in samples if CHECKED <= len(s) <= _CHECKED_UP_TO and s.max() > s.min()]
    return all(shapiro_francia(s) > _NORMALITY_ALPHA for s in checked)


def shapiro_francia(values: Floats) -> float:
    """P against normality (Shapiro and Francia 1972), for 5 to 5,000 values that vary.

    The correlation of the sorted values with the scores that normal ones would have, in Royston's
    approximation (1993, "A pocket-calculator algorithm for the Shapiro-Francia test"). It sees
    heavy tails better than Shapiro and Wilk's.
    """
    scores = _normal_scores(len(values))
    away = np.sort(values) - float(values.sum()) / len(values)
    likeness = float(away @ scores) ** 2 / float(away @ away)
    u = math.log(len(values))
    v = math.log(u)
    z = math.log(max(1 - likeness, 1e-300)) - (1.0521 * (v - u) - 1.2725)
    return float(special.ndtr(-z / (1.0308 - 0.26758 * (v + 2 / u))))


@lru_cache(maxsize=64)
def _normal_scores(n: int) -> Floats:
    """Blom's scores, scaled to length 1; they add up to 0."""
    scores = special.ndtri((np.arange(1, n + 1) - 3 / 8) / (n + 1 / 4))
    scaled: Floats = scores / np.linalg.norm(scores)
    return scaled


def one_mean(values: Floats, *, leant: bool) -> Mean:
    """The mean of one sample that varies; with `leant`, its skewness is allowed for."""
    n = len(values)
    mean = float(values.sum()) / n
    away = values - mean
    spread = math.sqrt(float(away @ away) / (n - 1))
    lean = _skewness(values, spread) / math.sqrt(n) if leant and n > 2 else 0.0
    return Mean(mean, spread / math.sqrt(n), n - 1, lean)


def difference_of_means(a: Floats, b: Floats, *, leant: bool) -> Mean:
    """mean(a) - mean(b) of two samples that share no seeds (Welch 1947)."""
    spread_a, spread_b = math.sqrt(float(a.var(ddof=1))), math.sqrt(float(b.var(ddof=1)))
    var_a, var_b = spread_a**2 / len(a), spread_b**2 / len(b)
    error = math.sqrt(var_a + var_b)
    lean = 0.0
    if leant:
        third_a = _skewness(a, spread_a) * spread_a**3 / len(a) ** 2
        third_b = _skewness(b, spread_b) * spread_b**3 / len(b) ** 2
        lean = (third_a - third_b) / error**3
    df = welch_df(var_a, var_b, len(a), len(b))
    return Mean(float(a.mean() - b.mean()), error, df, lean)


def sign_flips(values: Floats, dice: int) -> tuple[float, float]:
    """Permutation test of a mean of 0, by flipping signs: p of 0 or less, and of 0 or more.

    Exact for noise that is symmetric, whatever its distribution. All flips up to 12 replicates,
    4,999 random ones beyond.
    """
    means = _signs(len(values), dice) @ values
    seen = float(values.sum())
    slack = 1e-12 * float(np.abs(values).sum())
    above, below = int((means >= seen - slack).sum()), int((means <= seen + slack).sum())
    if len(values) <= _ENUMERATED:
        return above / len(means), below / len(means)
    return (above + 1) / (len(means) + 1), (below + 1) / (len(means) + 1)


def shuffles(a: Floats, b: Floats, dice: int) -> tuple[float, float]:
    """Permutation test of equal means of two independent samples, p as in `sign_flips`.

    Studentised, because a plain difference of means is no valid permutation statistic when the
    variances differ (Janssen 1997).
    """
    rng = np.random.default_rng(dice)
    pool = np.concatenate([a, b])
    drawn = rng.permuted(np.tile(pool, (_SHUFFLES, 1)), axis=1)
    ts = _welch_t(drawn[:, : len(a)], drawn[:, len(a) :])
    seen = float(_welch_t(a[None, :], b[None, :])[0])
    slack = 1e-12 * max(1.0, abs(seen))
    above, below = int((ts >= seen - slack).sum()), int((ts <= seen + slack).sum())
    return (above + 1) / (_SHUFFLES + 1), (below + 1) / (_SHUFFLES + 1)


def _skewness(values: Floats, spread: float) -> float:
    n = len(values)
    if spread == 0 or n < 3:
        return 0.0
    third = float((((values - values.mean()) / spread) ** 3).mean())
    return third * n**2 / ((n - 1) * (n - 2))


def _hall(t: float, lean: float) -> float:
    """Hall's monotone transformation of t (1992, On the removal of skewness by transformation)."""
    return t + lean * t**2 / 3 + lean**2 * t**3 / 27 + lean / 6


def _hall_inverse(z: float, lean: float) -> float:
    if abs(lean) < 1e-9:
        return z
    inside = 1 + lean * (z - lean / 6)
    return 3 / lean * (math.copysign(abs(inside) ** (1 / 3), inside) - 1)


@lru_cache(maxsize=64)
def _signs(n: int, dice: int) -> Floats:
    if n <= _ENUMERATED:
        bits = (np.arange(2**n)[:, None] >> np.arange(n)) & 1
    else:
        bits = np.random.default_rng(dice).integers(0, 2, (_FLIPS, n))
    signs: Floats = 1.0 - 2.0 * bits.astype(np.float64)
    return signs


def _welch_t(a: Floats, b: Floats) -> Floats:
    error = np.sqrt(a.var(axis=1, ddof=1) / a.shape[1] + b.var(axis=1, ddof=1) / b.shape[1])
    # A shuffle may put all equal values into one arm; the floor keeps its t finite.
    t: Floats = (a.mean(axis=1) - b.mean(axis=1)) / np.maximum(error, np.finfo(float).tiny)
    return t
