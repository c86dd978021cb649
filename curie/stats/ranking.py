"""Ranking: the order of the levels by a metric, with those that cannot be told apart in one group.

A group ends where every level before it is better than every level after it beyond doubt, so each
"before" that is said was tested.
"""

from itertools import pairwise

from curie.domain.claim import Ranking
from curie.domain.setting import Level, level_text, same_level
from curie.stats.compare import Comparison, compare
from curie.stats.scan import AllPairs, Scan, all_pairs, by_goal, gap, scan_of
from curie.stats.shapes import same
from curie.stats.tested import Case, Conclusion, Tested, refuse

EFFECT = "difference first level - last level"


def test(claim: Ranking, case: Case) -> Tested:
    """All levels against each other with Holm's correction.

    Open: supported if at least two groups can be told apart. With an order given: supported if
    every pair from two groups is surely in that order, and every pair inside a group surely closer
    than the smallest effect that matters (two one-sided tests); refuted if one pair is surely the
    other way round, or surely apart though called tied.
    """
    scan = scan_of(claim, case, factor=claim.factor, least=2)
    unit = case.metric(claim.metric).unit
    problem = scan.problem
    if problem is None and scan.absent:
        problem = "a level that was not measured has no place in the order"
    if problem is None and claim.order and not _complete(claim, scan):
        problem = "the claim orders other levels than were measured"
    if problem:
        return refuse(problem, effect=EFFECT, unit=unit, notes=scan.notes, samples=scan.samples)
    places = by_goal(scan, claim.goal)
    pairs = all_pairs(scan, case)
    groups = _groups(scan, pairs, places, alpha=case.share)
    found = " before ".join(", ".join(level_text(scan.levels[i]) for i in g) for g in groups)
    p, sure = _judged(claim, case, scan, pairs, groups=groups, found=found)
    ends = gap(scan, case, places[0], places[-1])
    method = pairs.methods
    if not pairs.exact:
        method = f"all pairs of levels with Holm's correction: {method}"
    return Tested(
        effect=EFFECT,
        unit=unit,
        estimate=ends.estimate,
        low=ends.low,
        high=ends.high,
        p=None if pairs.exact else p,
        method=method,
        notes=scan.notes,
        samples=scan.samples,
        sure=sure,
        unsure=Conclusion("inconclusive", found),
    )


def _complete(claim: Ranking, scan: Scan) -> bool:
    given = [level for group in claim.order for level in group]
    return len(given) == len(scan.levels) and all(
        any(same_level(level, g) for g in given) for level in scan.levels
    )


def _apart(scan: Scan, pairs: AllPairs, better: int, worse: int, *, alpha: float) -> bool:
    if pairs.exact:
        return not same(scan.means[better], scan.means[worse])
    return pairs.p_between(better, worse) <= alpha


def _groups(
    scan: Scan, pairs: AllPairs, places: tuple[int, ...], *, alpha: float
) -> tuple[tuple[int, ...], ...]:
    """The levels in order, cut where all before and all after can be told apart."""
    cuts = [
        cut
        for cut in range(1, len(places))
        if all(
            _apart(scan, pairs, one, other, alpha=alpha)
            for one in places[:cut]
            for other in places[cut:]
        )
    ]
    return tuple(places[start:end] for start, end in pairwise([0, *cuts, len(places)]))


def _judged(
    claim: Ranking,
    case: Case,
    scan: Scan,
    pairs: AllPairs,
    *,
    groups: tuple[tuple[int, ...], ...],
    found: str,
) -> tuple[float, Conclusion]:
    if not claim.order:
        p = min(pairs.adjusted)
        return p, Conclusion("supported" if len(groups) > 1 else "inconclusive", found)
    holds, breaks = _given(claim, case, scan, pairs)
    wrong, p = min(breaks, default=1.0), max(holds, default=0.0)
    if wrong <= case.share:
        return wrong, Conclusion("refuted", found)
    return p, Conclusion("supported", found)


def _given(
    claim: Ranking, case: Case, scan: Scan, pairs: AllPairs
) -> tuple[list[float], list[float]]:
    """P that each statement of the claim holds, and p that it does not."""
    place = [_place(scan, level) for group in claim.order for level in group]
    group_of = {_place(scan, level): n for n, group in enumerate(claim.order) for level in group}
    holds: list[float] = []
    breaks: list[float] = []
    for at, one in enumerate(place):
        for other in place[at + 1 :]:
            if group_of[one] == group_of[other]:
                within, beyond = _tie(case, claim.metric, scan, one, other)
                holds.append(within)
                breaks.append(min(1.0, beyond * len(pairs.comparisons)))
            else:
                worse, better = (other, one) if claim.goal == "lowest" else (one, other)
                holds.append(_p(scan, pairs, worse, better))
                breaks.append(_p(scan, pairs, better, worse))
    return holds, breaks


def _p(scan: Scan, pairs: AllPairs, greater: int, smaller: int) -> float:
    if pairs.exact and same(scan.means[greater], scan.means[smaller]):
        return 1.0
    return pairs.p_greater(greater, smaller)


def _tie(case: Case, metric: str, scan: Scan, one: int, other: int) -> tuple[float, float]:
    """P that two levels are closer than the smallest effect, and p that they are not."""
    margin = case.metric(metric).smallest_effect_share * abs(scan.means[other])
    over, under = (_shifted(case, scan, one, other, plus=limit) for limit in (margin, -margin))
    inside = over.estimate <= 0 <= under.estimate
    within = max(over.below, under.above)
    if over.exact:
        within = 0.0 if inside else 1.0
    return within, 1.0 if inside else min(1.0, 2 * min(over.above, under.below))


def _shifted(case: Case, scan: Scan, one: int, other: int, *, plus: float) -> Comparison:
    sides = scan.sides(one, other).against(plus=plus)
    return compare(sides, confidence=case.confidence, dice=case.dice)


def _place(scan: Scan, level: Level) -> int:
    return next(i for i, known in enumerate(scan.levels) if same_level(known, level))
