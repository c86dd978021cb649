"""How many replicates a claim needs, and what a number of them can see.

Sizes are shares of the mean: `spread_share` is the standard deviation over replicates,
`smallest_effect_share` the smallest effect that has to be seen. Where arms are paired by seed, the
seed's share in the noise cancels; how much that is, is not known beforehand, so the correlation is
taken as 0 and the promise is kept with something to spare. A family of claims is tested at
`alpha / family` each, the strictest step of Holm's correction. Closed forms for one test; claims
that take several at once are rehearsed (`curie.stats.rehearsal`).
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
from curie.stats.rehearsal import Stage, rehearsed
from curie.stats.students import CHECKED
from curie.stats.tested import LEAST
from curie.stats.threshold import LEAST_AGAINST_BOUND

MOST = 200
"""Replicates beyond which no plan goes: then the question is too fine for the noise."""

LEAST_COMPARED = 5
"""Replicates below which two noisy arms are not planned to be compared, however large the effect:
Student's t is asked to bear a distribution that nobody can check."""

_SHAPES = 4
"""Shapes among which an open Trend chooses."""

_CERTAIN = 40.0
"""Noncentrality, in critical values, from which scipy's series need not be trusted: a miss has a
chance below 1e-300 for 2 degrees of freedom."""


@dataclass(frozen=True)
class _Design:
    """All that the formulas need."""

    n: int
    alpha: float
    levels: int
    """For an Interaction: how many differences of differences there are."""
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

    From where normality is checked on, there are enough for the permutation test that may then
    count to reach alpha at all: n sign flips give p = 2 / 2^n at the least.
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
    enough = _fewest(claim, given, promised)
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

    0 for too few replicates to test at all.
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


def _fewest(claim: Claim, design: _Design, promised: float) -> int:
    """The fewest replicates from the least on, by halving: power rises with n."""
    low, high = design.n, design.n
    while high < MOST and _power(claim, replace(design, n=high)) < promised:
        low, high = high + 1, min(MOST, 2 * high)
    while low < high:
        middle = (low + high) // 2
        if _power(claim, replace(design, n=middle)) >= promised:
            high = middle
        else:
            low = middle + 1
    return high


def _least(claim: Claim) -> int:
    if isinstance(claim, Threshold):
        return LEAST_AGAINST_BOUND
    return LEAST if _by_ranks(claim) else LEAST_COMPARED


def _by_ranks(claim: Claim) -> bool:
    """Whether ranks decide, which need no distribution."""
    monotone = isinstance(claim, Trend) and claim.shape in ("rises", "falls")
    return monotone or isinstance(claim, Law)


def _reaching(claim: Claim, design: _Design) -> int:
    """Replicates from which a permutation test of the claim's comparisons can reach alpha."""
    if _by_ranks(claim):
        return LEAST
    alpha = design.alpha / _tests(claim, design.levels)
    if design.paired:
        return math.ceil(1 + math.log2(1 / alpha))
    return next((n for n in range(LEAST, MOST) if 2 / math.comb(2 * n, n) <= alpha), MOST)


def _tests(claim: Claim, levels: int) -> int:
    """Tests among which one claim shares its alpha."""
    pairs = max(1, levels * (levels - 1) // 2)
    match claim:
        case Best() | Ranking() | Trend(shape="peaks") | Trend(shape="dips"):
            return pairs
        case Trend(shape=None):
            return _SHAPES * pairs
        case Threshold():
            return 2
        case Interaction():
            return max(1, levels)
        case Frontier():
            return 2 * max(1, levels - 1)
        case _:
            return 1


def _power(claim: Claim, design: _Design) -> float:
    if design.n < (LEAST_AGAINST_BOUND if isinstance(claim, Threshold) else LEAST):
        return 0.0
    match claim:
        case Difference() | Ratio() | Equivalence():
            return _pair_power(claim, design)
        case Trend():
            return _trend_power(claim, design)
        case Best() | Ranking() | Threshold() | Frontier():
            return rehearsed(claim.kind, _stage(design))
        case Law():
            # That the factor matters at all. Telling two forms apart depends on the forms.
            return _contrast(design)
        case Interaction():
            # A difference of differences of four unrelated cells has four times their variance.
            wide = replace(design.at(design.levels), spread=math.sqrt(2) * design.spread)
            return _difference(wide)
        case _:
            assert_never(claim)


def _stage(design: _Design) -> Stage:
    return Stage(
        n=design.n,
        alpha=design.alpha,
        levels=design.levels,
        spread=design.spread,
        effect=design.effect,
    )


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
            return _margin_power(claim, design)


def _margin_power(claim: Equivalence, design: _Design) -> float:
    """At a true difference of 0: a limit that is a share of b varies with b."""
    margin = claim.margin_share or design.effect
    share = claim.margin_share
    chances = {}
    for side, sign in (("not_higher", 1), ("not_lower", -1)):
        wide = design.spread * math.sqrt((1 + (1 + sign * share) ** 2) / 2)
        limit = replace(design, effect=margin, spread=wide)
        chances[side] = _above(_noncentrality(limit), _df(limit), limit.alpha)
    if claim.side == "both":
        return max(0.0, sum(chances.values()) - 1)
    return chances[claim.side]


def _trend_power(claim: Trend, design: _Design) -> float:
    match claim.shape:
        case "rises" | "falls":
            return _contrast(design)
        case "flat":
            return rehearsed("flat", _stage(design))
        case "peaks" | "dips":
            return rehearsed("turning", _stage(design))
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
