"""Trend: rising, falling, staying flat, peaking or dipping along an ordered factor."""

from dataclasses import dataclass
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
_NO_TREND = "no clear trend"
_NO_SHAPE = "neither rises nor falls throughout"


@dataclass(frozen=True)
class _Shape:
    """One question about the shape, tested."""

    p: float
    yes: bool
    """Whether the means lie as they would if the answer were yes."""
    found: str
    """What a small p shows."""
    unsure: str
    method: str
    notes: tuple[str, ...] = ()


def test(claim: Trend, case: Case) -> Tested:
    """A test for the shape; the estimate is always the change from the first to the last level.

    rises, falls: Page's test where levels share seeds, else Jonckheere-Terpstra; the change from
    end to end must point the same way. flat: every pair of levels within the smallest effect that
    matters, by TOST. peaks, dips: an interior level beyond both ends, with Holm's correction.
    Open: all of these, and the most specific one that holds with Bonferroni's correction.
    """
    scan = scan_of(claim, case, factor=claim.factor, least=LEAST_LEVELS)
    problem = scan.problem
    if problem is None and not _ordered(claim, case, scan):
        problem = f"the levels of {claim.factor} have no order"
    if problem:
        unit = case.metric(claim.metric).unit
        return refuse(problem, effect=EFFECT, unit=unit, notes=scan.notes, samples=scan.samples)
    if scan.exact:
        return _exact(claim, case, scan)
    match claim.shape:
        case "rises" | "falls":
            shape = _monotone(scan)
            agrees = shape.found == claim.shape
            return _judged(claim, case, scan, shape, supported=shape.yes and agrees)
        case "flat":
            shape = _flat(claim, case, scan)
            return _judged(claim, case, scan, shape, supported=shape.yes)
        case "peaks" | "dips":
            shape = _turning(scan, all_pairs(scan, case), peak=claim.shape == "peaks")
            return _judged(claim, case, scan, shape, supported=shape.yes)
        case None:
            return _open(claim, case, scan)
        case _:
            assert_never(claim.shape)


def _ordered(claim: Trend, case: Case, scan: Scan) -> bool:
    factor = case.plan.factor(claim.factor)
    return numeric(scan.levels) if factor is None else factor.ordered


def _judged(claim: Trend, case: Case, scan: Scan, shape: _Shape, *, supported: bool) -> Tested:
    sure = Conclusion("supported" if supported else "refuted", shape.found)
    if shape.found == _NO_TREND:
        sure = Conclusion("inconclusive", shape.found)
    unsure = Conclusion("inconclusive", shape.unsure)
    return _tested(claim, case, scan, shape, sure=sure, unsure=unsure)


def _tested(
    claim: Trend, case: Case, scan: Scan, shape: _Shape, *, sure: Conclusion, unsure: Conclusion
) -> Tested:
    last = len(scan.samples) - 1
    ends = compare(scan.sides(last, 0), confidence=case.confidence, dice=case.dice)
    exact = scan.exact
    return Tested(
        effect=EFFECT,
        unit=case.metric(claim.metric).unit,
        estimate=ends.estimate,
        low=ends.low,
        high=ends.high,
        p=None if exact else min(1.0, shape.p),
        method=shape.method if exact else f"{shape.method}; change end to end: {ends.method}",
        notes=(*scan.notes, *shape.notes),
        samples=scan.samples,
        sure=sure,
        unsure=unsure,
    )


def _exact(claim: Trend, case: Case, scan: Scan) -> Tested:
    share = case.metric(claim.metric).smallest_effect_share
    names, notes = exact_shape(scan.means, scan.levels, share=share)
    found = names[0] if names else _NO_SHAPE
    if claim.shape is None:
        sure = Conclusion("supported" if names else "inconclusive", found)
    elif claim.shape in names:
        sure = Conclusion("supported", claim.shape)
    else:
        sure = Conclusion("refuted", found)
    method = "exact comparison of the levels: the values do not vary"
    shape = _Shape(0.0, yes=True, found=found, unsure=found, method=method, notes=notes)
    return _tested(claim, case, scan, shape, sure=sure, unsure=sure)


def _open(claim: Trend, case: Case, scan: Scan) -> Tested:
    """The most specific shape that holds: a turning point, else a trend, else flatness."""
    pairs = all_pairs(scan, case)
    candidates = [
        _turning(scan, pairs, peak=True),
        _turning(scan, pairs, peak=False),
        _monotone(scan),
        _flat(claim, case, scan),
    ]
    possible = [c for c in candidates if c.yes]
    if not possible:
        possible = candidates[2:3]
    corrected = {c.found: min(1.0, len(candidates) * c.p) for c in possible}
    chosen = next(
        (c for c in possible if corrected[c.found] <= case.alpha),
        min(possible, key=lambda c: c.p),
    )
    shape = _Shape(
        corrected[chosen.found],
        yes=chosen.yes,
        found=chosen.found,
        unsure=_NO_TREND,
        method=f"{chosen.method}, with Bonferroni's correction over the shapes",
        notes=chosen.notes,
    )
    return _judged(claim, case, scan, shape, supported=True)


def _monotone(scan: Scan) -> _Shape:
    rising, falling = (page if scan.paired else jonckheere)(blocks(scan))
    seen = "rises" if rising <= falling else "falls"
    agrees = direction(scan.means[0], scan.means[-1]) == seen
    notes = order_notes(scan.means, scan.levels, seen)
    if not agrees:
        notes = (*notes, "the ends do not differ in the direction of the ranks")
    return _Shape(
        p=min(1.0, 2 * min(rising, falling)),
        yes=agrees,
        found=seen if agrees else _NO_TREND,
        unsure=_NO_TREND,
        method="Page's trend test" if scan.paired else "Jonckheere-Terpstra test",
        notes=notes,
    )


def _flat(claim: Trend, case: Case, scan: Scan) -> _Shape:
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
    return _Shape(
        p=max(within) if flat else len(beyond) * min(beyond),
        yes=flat,
        found="flat" if flat else "changes",
        unsure="neither flat nor clearly changing",
        method=f"two one-sided tests (TOST) of every pair of levels: {'; '.join(sorted(methods))}",
        notes=(f"flat means within {100 * share:g} % of the mean at the first level",),
    )


def _turning(scan: Scan, pairs: AllPairs, *, peak: bool) -> _Shape:
    """An interior level beyond both ends; or one end beyond everything between."""
    sign = 1 if peak else -1
    heights = [sign * m for m in scan.means]
    last = len(heights) - 1
    top = max(range(len(heights)), key=lambda i: heights[i])
    inside = 0 < top < last
    rivals = (0, last) if inside else range(1, last)
    notes: tuple[str, ...] = ()
    if inside:
        extreme = "highest" if peak else "lowest"
        notes = (f"the {extreme} mean is at {level_text(scan.levels[top])}",)
    found = ("peaks" if peak else "dips") if inside else "extreme at an end"
    return _Shape(
        p=max(pairs.p_greater(*((top, i) if peak else (i, top))) for i in rivals),
        yes=inside,
        found=found,
        unsure="no clear turning point",
        method=f"contrasts with Holm's correction over all pairs of levels: {pairs.methods}",
        notes=notes,
    )
