"""Equivalence: whether a and b differ by no more than a margin."""

from curie.domain.claim import Equivalence
from curie.stats.compare import Comparison, Sides, compare
from curie.stats.pairs import base_sign, pair_of
from curie.stats.tested import Case, Conclusion, Tested, refuse

EFFECT = "difference a - b"


def test(claim: Equivalence, case: Case) -> Tested:
    """Two one-sided tests (Schuirmann 1987).

    If the estimate lies within the margin, p is the larger of the two; beyond it, p is two-sided
    for lying beyond, and a small one refutes.
    """
    pair = pair_of(claim, case)
    unit = case.metric(claim.metric).unit
    if pair.problem:
        return refuse(
            pair.problem, effect=EFFECT, unit=unit, notes=pair.notes, samples=pair.samples
        )
    plain = compare(pair.sides, confidence=case.confidence, dice=case.dice)
    over, under = _beyond_margins(claim, pair.sides, case)
    within = over.estimate <= 0 <= under.estimate
    p = max(over.below, under.above) if within else min(1.0, 2 * min(over.above, under.below))
    exact = over.exact and under.exact
    held = under.method if within and under.above > over.below else over.method
    return Tested(
        effect=EFFECT,
        unit=unit,
        estimate=plain.estimate,
        low=plain.low,
        high=plain.high,
        p=None if exact else p,
        method=held if exact else f"two one-sided tests (TOST): {held}",
        notes=(*pair.notes, *plain.notes),
        samples=pair.samples,
        sure=Conclusion(
            "supported" if within else "refuted", "equivalent" if within else "different"
        ),
        unsure=Conclusion("inconclusive", "neither equivalent nor clearly different"),
    )


def _beyond_margins(claim: Equivalence, sides: Sides, case: Case) -> tuple[Comparison, Comparison]:
    """`a` minus the upper limit, and `a` minus the lower limit."""
    share = base_sign(sides) * claim.margin_share
    upper = sides.against(times=1.0 + share, plus=claim.margin)
    lower = sides.against(times=1.0 - share, plus=-claim.margin)
    return (
        compare(upper, confidence=case.confidence, dice=case.dice),
        compare(lower, confidence=case.confidence, dice=case.dice),
    )
