"""Equivalence: whether a and b differ by no more than a margin."""

from dataclasses import dataclass, replace

from curie.domain.claim import Equivalence
from curie.stats.compare import Comparison, Sides, compare
from curie.stats.pairs import Pair, base_sign, pair_of
from curie.stats.tested import Case, Conclusion, Tested, refuse

EFFECT = "difference a - b"

LEAST_FOR_MARGIN = 5
"""Replicates of a noisy metric below which no margin is tested."""


def test(claim: Equivalence, case: Case) -> Tested:
    """Two one-sided tests (Schuirmann 1987).

    If the estimate lies within the margin, p is the larger of the two; beyond it, p is two-sided
    for lying beyond, and a small one refutes. A claim of one side (non-inferiority) looks at the
    one limit only.
    """
    pair = pair_of(claim, case)
    unit = case.metric(claim.metric).unit
    problem = pair.problem or _too_few(pair)
    if problem:
        return refuse(problem, effect=EFFECT, unit=unit, notes=pair.notes, samples=pair.samples)
    plain = compare(pair.sides, confidence=case.confidence, dice=case.dice)
    limits = _limits(claim, pair.sides, case)
    within = all(limit.kept for limit in limits)
    worst = max(limits, key=lambda limit: limit.p_kept)
    p = worst.p_kept if within else min(1.0, 2 * worst.p_passed)
    exact = all(limit.comparison.exact for limit in limits)
    method = worst.comparison.method
    if not exact:
        name = "two one-sided tests (TOST)" if claim.side == "both" else "non-inferiority"
        method = f"{name}: {method}"
    return Tested(
        effect=EFFECT,
        unit=unit,
        estimate=plain.estimate,
        low=plain.low,
        high=plain.high,
        p=None if exact else p,
        method=method,
        notes=(*pair.notes, *plain.notes),
        samples=pair.samples,
        sure=Conclusion("supported" if within else "refuted", _found(claim, within=within)),
        unsure=Conclusion("inconclusive", "neither within the margin nor clearly beyond"),
    )


def _too_few(pair: Pair) -> str | None:
    """A limit that is a share of b leans as b does, which three or four replicates do not bear."""
    fewest = min(len(pair.a.replicates), len(pair.b.replicates))
    if fewest >= LEAST_FOR_MARGIN or pair.sides.fixed:
        return None
    return f"{fewest} replicates are too few to test a margin: {LEAST_FOR_MARGIN} are needed"


@dataclass(frozen=True)
class _Limit:
    """One end of the margin. The comparison is negative where `a` keeps to it."""

    comparison: Comparison

    @property
    def kept(self) -> bool:
        """Whether the estimate is within this limit."""
        return self.comparison.estimate <= 0

    @property
    def p_kept(self) -> float:
        """One-sided p for being within."""
        return self.comparison.below

    @property
    def p_passed(self) -> float:
        """One-sided p for being beyond."""
        return self.comparison.above


def _limits(claim: Equivalence, sides: Sides, case: Case) -> list[_Limit]:
    share = base_sign(sides) * claim.margin_share
    upper = sides.against(times=1.0 + share, plus=claim.margin)
    lower = sides.against(times=1.0 - share, plus=-claim.margin)
    # Turned around, so that being beyond is positive at both ends.
    turned = replace(lower, a=-lower.a, b=-lower.b)
    asked = {"both": [upper, turned], "not_higher": [upper], "not_lower": [turned]}[claim.side]
    return [_Limit(compare(s, confidence=case.confidence, dice=case.dice)) for s in asked]


def _found(claim: Equivalence, *, within: bool) -> str:
    if claim.side == "both":
        return "equivalent" if within else "different"
    word = claim.side.removeprefix("not_")
    return f"not {word} by more than the margin" if within else f"{word} by more than the margin"
