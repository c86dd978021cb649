"""Trend: rising, falling, staying flat, peaking or dipping along an ordered factor."""

from itertools import combinations
from typing import assert_never

from curie.domain.claim import Trend
from curie.domain.setting import level_text
from curie.stats.compare import compare
from curie.stats.ordered import jonckheere, page
from curie.stats.scan import AllPairs, Scan, all_pairs, blocks, numeric, scan_of
from curie.stats.shapes import direction, exact_shape, order_notes
from curie.stats.tested import Case, Conclusion, Tested, refuse

EFFECT = "difference last level - first level"
LEAST_LEVELS = 3


def test(claim: Trend, case: Case) -> Tested:
    """A test for the shape; the estimate is always the change from the first to the last level.

    rises, falls: Page's test where levels share seeds, else Jonckheere-Terpstra; the change from
    end to end must point the same way. flat: every pair of levels within the smallest effect that
    matters, by TOST. peaks, dips: an interior level beyond both ends, with Holm's correction.
    """
    scan = scan_of(claim, case, factor=claim.factor, least=LEAST_LEVELS)
    unit = case.metric(claim.metric).unit
    problem = scan.problem
    if problem is None and not _ordered(claim, case, scan):
        problem = f"the levels of {claim.factor} have no order"
    if problem:
        return refuse(problem, effect=EFFECT, unit=unit, notes=scan.notes, samples=scan.samples)
    if scan.exact:
        return _exact(claim, case, scan)
    match claim.shape:
        case "rises" | "falls":
            return _monotone(claim, case, scan)
        case "flat":
            return _flat(claim, case, scan)
        case "peaks" | "dips":
            return _turning(claim, case, scan)
        case _:
            assert_never(claim.shape)


def _ordered(claim: Trend, case: Case, scan: Scan) -> bool:
    factor = case.plan.factor(claim.factor)
    return numeric(scan.levels) if factor is None else factor.ordered


def _tested(
    claim: Trend,
    case: Case,
    scan: Scan,
    *,
    p: float | None,
    method: str,
    sure: Conclusion,
    unsure: Conclusion,
    notes: tuple[str, ...] = (),
) -> Tested:
    ends = compare(scan.sides(len(scan.samples) - 1, 0), confidence=case.confidence, dice=case.dice)
    if p is not None:
        method = f"{method}; interval of the change: {ends.method}"
    return Tested(
        effect=EFFECT,
        unit=case.metric(claim.metric).unit,
        estimate=ends.estimate,
        low=ends.low,
        high=ends.high,
        p=p,
        method=method,
        notes=(*scan.notes, *notes),
        samples=scan.samples,
        sure=sure,
        unsure=unsure,
    )


def _exact(claim: Trend, case: Case, scan: Scan) -> Tested:
    found, notes = exact_shape(
        scan.means, scan.levels, share=case.metric(claim.metric).smallest_effect_share
    )
    conclusion = Conclusion("supported" if claim.shape in found else "refuted", found[0])
    return _tested(
        claim,
        case,
        scan,
        p=None,
        method="exact comparison of the levels: the values do not vary",
        sure=conclusion,
        unsure=conclusion,
        notes=notes,
    )


def _monotone(claim: Trend, case: Case, scan: Scan) -> Tested:
    rising, falling = (page if scan.paired else jonckheere)(blocks(scan))
    seen = "rises" if rising <= falling else "falls"
    agrees = direction(scan.means[0], scan.means[-1]) == seen
    notes = order_notes(scan.means, scan.levels, seen)
    if not agrees:
        notes = (*notes, "the ends do not differ in the direction of the ranks")
        sure = Conclusion("inconclusive", "no clear trend")
    else:
        sure = Conclusion("supported" if seen == claim.shape else "refuted", seen)
    return _tested(
        claim,
        case,
        scan,
        p=min(1.0, 2 * min(rising, falling)),
        method="Page's trend test" if scan.paired else "Jonckheere-Terpstra test",
        sure=sure,
        unsure=Conclusion("inconclusive", "no clear trend"),
        notes=notes,
    )


def _flat(claim: Trend, case: Case, scan: Scan) -> Tested:
    """The worst pair for being within the margin, or the widest one for lying beyond it."""
    share = case.metric(claim.metric).smallest_effect_share
    margin = share * abs(scan.means[0])
    within: list[float] = []
    beyond: list[float] = []
    methods: set[str] = set()
    for i, j in combinations(range(len(scan.samples)), 2):
        over, under = (
            compare(
                scan.sides(i, j).against(plus=limit), confidence=case.confidence, dice=case.dice
            )
            for limit in (margin, -margin)
        )
        within.append(max(over.below, under.above))
        beyond.append(2 * min(over.above, under.below))
        methods.add(over.method)
    flat = max(scan.means) - min(scan.means) <= margin
    return _tested(
        claim,
        case,
        scan,
        p=min(1.0, max(within) if flat else len(beyond) * min(beyond)),
        method=f"two one-sided tests (TOST) of every pair of levels: {'; '.join(sorted(methods))}",
        sure=Conclusion("supported", "flat") if flat else Conclusion("refuted", "changes"),
        unsure=Conclusion("inconclusive", "neither flat nor clearly changing"),
        notes=(f"flat means within {100 * share:g} % of the mean at the first level",),
    )


def _turning(claim: Trend, case: Case, scan: Scan) -> Tested:
    sign = 1 if claim.shape == "peaks" else -1
    heights = [sign * m for m in scan.means]
    last = len(heights) - 1
    top = max(range(len(heights)), key=lambda i: heights[i])
    pairs = all_pairs(scan, case)
    if 0 < top < last:
        p = max(_higher(pairs, top, 0, sign), _higher(pairs, top, last, sign))
        sure = Conclusion("supported", claim.shape)
        extreme = "highest" if sign > 0 else "lowest"
        notes: tuple[str, ...] = (f"the {extreme} mean is at {level_text(scan.levels[top])}",)
    else:
        p = max(_higher(pairs, top, i, sign) for i in range(1, last))
        found = direction(scan.means[0], scan.means[-1])
        sure, notes = Conclusion("refuted", found), ()
    return _tested(
        claim,
        case,
        scan,
        p=p,
        method=f"contrasts with Holm's correction over all pairs of levels: {pairs.methods}",
        sure=sure,
        unsure=Conclusion("inconclusive", "no clear turning point"),
        notes=notes,
    )


def _higher(pairs: AllPairs, one: int, other: int, sign: int) -> float:
    return pairs.p_greater(one, other) if sign > 0 else pairs.p_greater(other, one)
