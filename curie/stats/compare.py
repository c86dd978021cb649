"""Two samples against each other, or one against a bound: the tests that the claims are made of."""

import math
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from curie.stats.intervals import Floats, constant
from curie.stats.students import (
    CHECKED,
    Mean,
    difference_of_means,
    one_mean,
    plausibly_normal,
    shuffles,
    sign_flips,
)

NOT_NORMAL = "not normal by Shapiro-Francia: the worst of the tests counts"
"""A note of an analysis: its power may be less than the plan promised."""

_ALIKE = 2.5
"""Ratio of two arms' ranges up to which differences of theirs are taken to be symmetric."""


Shape = Literal["symmetric", "leant", "unknown"]
"""What is known of the noise before it is seen. symmetric: as a difference of two like arms is, so
that signs may be flipped; leant: its skewness is allowed for where it does not look normal;
unknown: its skewness is allowed for always, as against a fixed number nothing cancels."""


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
    spread_share: float = 0.0
    """Declared spread of the metric: what stands in for a spread that was not seen."""

    def against(self, *, times: float = 1.0, plus: float = 0.0) -> "Sides":
        """The same, with `times * b + plus` in place of b: how a null hypothesis is shifted."""
        return replace(self, b=times * self.b + plus)

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

    @property
    def alike(self) -> bool:
        """Whether both arms spread about as far: then their skewness cancels in a difference."""
        one, other = (float(v.max() - v.min()) for v in (self.a, self.b))
        return max(one, other) <= _ALIKE * min(one, other)

    @property
    def declared(self) -> float:
        """The spread that a difference should have had, by what is declared of the metric."""
        if not self.spread_share:
            return 0.0
        mean_a, mean_b = float(self.a.sum()) / len(self.a), float(self.b.sum()) / len(self.b)
        return self.spread_share * math.hypot(mean_a, mean_b)


def compare(sides: Sides, *, confidence: float, dice: int) -> Comparison:
    """mean(a) - mean(b): a t-test, with more doubt where the noise does not look normal."""
    if sides.paired:
        d = sides.a - sides.b
        return mean_of(
            d,
            scale=sides.scale,
            declared=sides.declared,
            what="paired",
            confidence=confidence,
            dice=dice,
            shape="symmetric" if sides.alike else "leant",
        )
    return _two_samples(sides, confidence=confidence, dice=dice)


def against_bound(
    values: Floats,
    bound: float,
    *,
    spread_share: float,
    confidence: float,
    dice: int,
    inflation: float = 1.0,
) -> Comparison:
    """mean(values) - bound. `inflation` widens the standard error: values that hang together."""
    return mean_of(
        values - bound,
        scale=max(float(np.abs(values).max()), abs(bound)),
        declared=spread_share * abs(float(values.mean())),
        what="one-sample",
        confidence=confidence,
        dice=dice,
        inflation=inflation,
        shape="unknown",
    )


def mean_of(
    d: Floats,
    *,
    scale: float,
    declared: float,
    what: str,
    confidence: float,
    dice: int,
    inflation: float = 1.0,
    shape: Shape = "leant",
) -> Comparison:
    """The mean of a sample against 0.

    Values that do not vary are exact if no spread is declared of them; else the declared spread
    stands in, because a few equal numbers of a noisy metric are no proof that it has no noise.
    """
    if constant(d, scale):
        estimate = _rounded(float(d.mean()), scale)
        if declared <= 0:
            return exactly(estimate)
        mean = Mean(estimate, declared / math.sqrt(len(d)), len(d) - 1)
        note = "the values do not vary, so the spread that is declared of the metric stands in"
        return _told(mean, f"{what} t-test, t-interval", (note,), confidence)
    normal = plausibly_normal(d)
    mean = one_mean(d, leant=shape == "unknown" or not (normal or shape == "symmetric"))
    mean = replace(mean, error=mean.error * inflation)
    if normal:
        return _told(mean, f"{what} t-test, t-interval", (_normality_note(len(d)),), confidence)
    if shape == "symmetric":
        return _doubted(mean, sign_flips(d, dice), f"{what} t-test and sign flips", confidence)
    return _doubted(mean, (0.0, 0.0), f"{what} t-test", confidence)


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


def _two_samples(sides: Sides, *, confidence: float, dice: int) -> Comparison:
    a, b = sides.a, sides.b
    if sides.constant:
        estimate = _rounded(float(a.mean() - b.mean()), sides.scale)
        if sides.declared <= 0:
            return exactly(estimate)
        fewest = min(len(a), len(b))
        mean = Mean(estimate, sides.declared / math.sqrt(fewest), fewest - 1)
        note = "the values do not vary, so the spread that is declared of the metric stands in"
        return _told(mean, "Welch's t-test, t-interval", (note,), confidence)
    if min(len(a), len(b)) >= CHECKED and not plausibly_normal(a, b):
        mean = difference_of_means(a, b, leant=True)
        return _doubted(mean, shuffles(a, b, dice), "Welch's t-test and shuffles", confidence)
    mean = difference_of_means(a, b, leant=False)
    note = _normality_note(len(a), len(b))
    return _told(mean, "Welch's t-test, t-interval", (note,), confidence)


def _normality_note(*sizes: int) -> str:
    if min(sizes) < CHECKED:
        return f"normality is assumed: fewer than {CHECKED} replicates are too few to check it"
    return "normality is plausible (Shapiro-Francia)"


def _told(mean: Mean, method: str, notes: tuple[str, ...], confidence: float) -> Comparison:
    above, below = mean.tails()
    low, high = mean.interval(confidence)
    return Comparison(mean.estimate, low, high, above, below, False, method, notes)  # noqa: FBT003


def _doubted(
    mean: Mean, permuted: tuple[float, float], method: str, confidence: float
) -> Comparison:
    """Where normality is refused: the worst of the tests counts, and the wider interval."""
    notes = (NOT_NORMAL,)
    width = ", interval widened for skewness (Hall)" if mean.lean else ", t-interval"
    told = _told(mean, f"{method}{width}", notes, confidence)
    above, below = permuted
    return replace(told, above=max(told.above, above), below=max(told.below, below))


def _rounded(difference: float, scale: float) -> float:
    return 0.0 if constant(np.array([difference, 0.0]), scale) else difference
