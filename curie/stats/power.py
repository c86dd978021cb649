"""How many replicates a claim needs, and what a number of them can see. Closed forms, no dice.

Sizes are shares of the mean: `spread_share` is the standard deviation over replicates,
`smallest_effect_share` the smallest effect that has to be seen. Where arms are paired by seed, the
seed's share in the noise cancels; how much that is, is not known beforehand, so the correlation is
taken as 0 and the promise is kept with something to spare. A family of claims is tested at
`alpha / family` each, the strictest step of Holm's correction.
"""

import math
from dataclasses import dataclass, replace
from typing import assert_never

from scipy import stats

from curie.domain.claim import (
    Best,
    Claim,
    Difference,
    Equivalence,
    Frontier,
    Interaction,
    Law,
    Ranking,
    Ratio,
    Threshold,
    Trend,
)
from curie.domain.system import Metric
from curie.stats.compare import CHECKED
from curie.stats.tested import LEAST

MOST = 200
"""Replicates beyond which no plan goes: then the question is too fine for the noise."""

LEAST_COMPARED = 5
"""Replicates below which two noisy arms are not planned to be compared, however large the effect:
Student's t is asked to bear a distribution that nobody can check."""

_SHAPES = 4
"""Shapes among which an open Trend chooses."""


@dataclass(frozen=True)
class _Design:
    """All that the formulas need."""

    n: int
    alpha: float
    levels: int
    spread: float
    effect: float
    paired: bool

    def at(self, shared_by: float) -> "_Design":
        """The same with alpha shared by so many tests."""
        return replace(self, alpha=self.alpha / shared_by)


def replicates(
    claim: Claim,
    metric: Metric,
    *,
    alpha: float,
    levels: int,
    spread_share: float,
    smallest_effect_share: float,
    family: int,
    promised: float = 0.8,
    paired: bool = True,
) -> int:
    """The fewest replicates with the promised power; 1 for a deterministic metric, at most 200.

    From the number on at which normality is checked, there are enough for the permutation test
    that replaces the t-test to reach alpha at all: n sign flips give p = 2 / 2^n at the least.
    """
    if metric.noise == "deterministic":
        return 1
    given = _Design(
        n=_least(claim),
        alpha=alpha / family,
        levels=levels,
        spread=spread_share,
        effect=smallest_effect_share,
        paired=paired,
    )
    enough = next(
        (n for n in range(given.n, MOST) if _power(claim, replace(given, n=n)) >= promised), MOST
    )
    return enough if enough < CHECKED else min(MOST, max(enough, _reaching(claim, given)))


def power(
    claim: Claim,
    metric: Metric,
    n: int,
    *,
    alpha: float,
    levels: int,
    spread_share: float,
    smallest_effect_share: float,
    family: int,
    paired: bool = True,
) -> float:
    """The chance that n replicates show an effect of the smallest size; 1 if deterministic.

    0 for kinds of claims without a test, and for too few replicates to test at all.
    """
    if metric.noise == "deterministic":
        return 1.0
    return _power(
        claim,
        _Design(
            n=n,
            alpha=alpha / family,
            levels=levels,
            spread=spread_share,
            effect=smallest_effect_share,
            paired=paired,
        ),
    )


def _least(claim: Claim) -> int:
    monotone = isinstance(claim, Trend) and claim.shape in ("rises", "falls")
    return LEAST if monotone or isinstance(claim, Law) else LEAST_COMPARED


def _reaching(claim: Claim, design: _Design) -> int:
    """Replicates from which a permutation test of the claim's comparisons can reach alpha."""
    if isinstance(claim, Law) or (isinstance(claim, Trend) and claim.shape in ("rises", "falls")):
        return LEAST
    alpha = design.alpha / _tests(claim, design.levels)
    if design.paired:
        return math.ceil(1 + math.log2(1 / alpha))
    return next((n for n in range(LEAST, MOST) if 2 / math.comb(2 * n, n) <= alpha), MOST)


def _tests(claim: Claim, levels: int) -> int:
    """Tests among which one claim shares its alpha."""
    pairs = max(1, levels * (levels - 1) // 2)
    match claim:
        case Best() | Trend(shape="peaks") | Trend(shape="dips"):
            return pairs
        case Trend(shape=None):
            return _SHAPES * pairs
        case Threshold():
            return max(1, levels)
        case _:
            return 1


def _power(claim: Claim, design: _Design) -> float:
    if design.n < LEAST:
        return 0.0
    match claim:
        case Difference() | Ratio() | Equivalence():
            return _pair_power(claim, design)
        case Trend():
            return _trend_power(claim, design)
        case Best():
            # The second best is one smallest effect behind; the others are no nearer.
            return _difference(design.at(_tests(claim, design.levels)))
        case Threshold():
            # The answer's level is one smallest effect beyond the bound, the one before it as much
            # short of it, and both must be seen.
            return _both(_one_sample(design.at(_tests(claim, design.levels))))
        case Law():
            # That the factor matters at all. Telling two forms apart depends on the forms.
            return _contrast(design)
        case Ranking() | Interaction() | Frontier():
            return 0.0
        case _:
            assert_never(claim)


def _pair_power(claim: Difference | Ratio | Equivalence, design: _Design) -> float:
    match claim:
        case Difference():
            # Beyond a bound by one smallest effect, where a's own spread has grown with its mean.
            grown = design.spread * (1 + claim.at_least_share)
            return _difference(replace(design, spread=grown))
        case Ratio():
            if claim.low is None or claim.high is None or claim.low + claim.high <= 0:
                return _difference(design)
            half = (claim.high - claim.low) / (claim.high + claim.low)
            return _equivalence(replace(design, effect=half).at(2))
        case Equivalence():
            margin = claim.margin_share or design.effect
            asked = replace(design, effect=margin)
            if claim.side == "both":
                return _equivalence(asked)
            return _above(_noncentrality(asked), _df(asked), asked.alpha)
        case _:
            assert_never(claim)


def _trend_power(claim: Trend, design: _Design) -> float:
    match claim.shape:
        case "rises" | "falls":
            return _contrast(design)
        case "flat":
            pairs = design.levels * (design.levels - 1) // 2
            return max(0.0, 1 - pairs * (1 - _equivalence(design)))
        case "peaks" | "dips":
            return _both(_difference(design.at(_tests(claim, design.levels))))
        case None:
            return _contrast(design.at(_SHAPES))
        case _:
            assert_never(claim.shape)


def _difference(design: _Design) -> float:
    """Two-sided t-test, in the true direction."""
    return _above(_noncentrality(design), _df(design), design.alpha / 2)


def _equivalence(design: _Design) -> float:
    """Two one-sided tests at a true difference of 0 (Phillips 1990, without Owen's Q)."""
    return max(0.0, 2 * _above(_noncentrality(design), _df(design), design.alpha) - 1)


def _one_sample(design: _Design) -> float:
    """One-sided t-test of one mean against a bound."""
    scale = math.sqrt(design.n)
    return _above(_over(design.effect * scale, design.spread), design.n - 1, design.alpha)


def _contrast(design: _Design) -> float:
    """A linear contrast over levels whose ends differ by the effect, two-sided.

    Page's test is as good as the contrast with 3k / (pi (k + 1)) as many replicates, its
    asymptotic efficiency for normal noise (Hollander 1967).
    """
    k = max(2, design.levels)
    weights = sum((i - (k - 1) / 2) ** 2 for i in range(k))
    replicates_worth = design.n * 3 * k / (math.pi * (k + 1))
    signal = design.effect / (k - 1) * math.sqrt(weights * replicates_worth)
    return _above(_over(signal, design.spread), (k - 1) * (design.n - 1), design.alpha / 2)


def _noncentrality(design: _Design) -> float:
    return _over(design.effect * math.sqrt(design.n / 2), design.spread)


def _df(design: _Design) -> int:
    return design.n - 1 if design.paired else 2 * (design.n - 1)


def _over(signal: float, spread: float) -> float:
    return signal / spread if spread > 0 else math.inf


def _above(noncentrality: float, df: int, alpha: float) -> float:
    """The chance that a noncentral t exceeds the critical value of a one-sided test."""
    critical = float(stats.t.isf(alpha, df))
    if noncentrality > _CERTAIN * (1 + critical):
        return 1.0
    chance = float(stats.nct.sf(critical, df, noncentrality))
    return min(1.0, max(0.0, chance))


_CERTAIN = 40.0
"""Noncentrality, in critical values, beyond which the chance of a miss is below 1e-300 for 2 df:
scipy's series need not be trusted there."""


def _both(chance: float) -> float:
    """The least chance that two tests both succeed, however they depend on each other."""
    return max(0.0, 2 * chance - 1)
