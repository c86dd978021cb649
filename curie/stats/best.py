"""Best: which level has the lowest (highest) metric, and which cannot be told from it."""

from curie.domain.claim import Best
from curie.domain.setting import Level, level_text, same_level
from curie.stats.scan import AllPairs, Scan, all_pairs, by_goal, gap, scan_of
from curie.stats.shapes import same
from curie.stats.tested import Case, Conclusion, Tested, refuse

EFFECT = "difference best level - next level"


def test(claim: Best, case: Case) -> Tested:
    """All levels against each other with Holm's correction; ties are what cannot be told apart.

    The ties are the level with the best mean and all that are not significantly worse. Open:
    supported if at least one level is left out. With levels given: supported if all others are
    significantly worse than the best; refuted if all given ones are. The estimate is how far the
    best level is ahead of the next, with an interval that allows for having picked these two.
    """
    scan = scan_of(claim, case, factor=claim.factor, least=2)
    unit = case.metric(claim.metric).unit
    problem = scan.problem
    if problem is None and scan.absent:
        problem = "the level that was not measured might be the best"
    if problem is None and claim.levels and not any(_given(claim, scan)):
        problem = "none of the levels that the claim names was measured"
    if problem:
        return refuse(problem, effect=EFFECT, unit=unit, notes=scan.notes, samples=scan.samples)
    pairs = all_pairs(scan, case)
    top, second, *_ = by_goal(scan, claim.goal)
    worse = tuple(_p_worse(claim, scan, pairs, top=top, other=i) for i in range(len(scan.samples)))
    ties = tuple(v for v, p in zip(scan.levels, worse, strict=True) if p > case.share)
    p, sure, unsure = _judged(claim, scan, top=top, worse=worse, ties=ties)
    ahead = gap(scan, case, top, second)
    method = pairs.methods
    if not pairs.exact:
        method = f"all pairs of levels with Holm's correction: {method}"
    notes = [*scan.notes, f"best mean: {level_text(scan.levels[top])}"]
    if len(ties) > 1:
        notes.append(f"cannot be told apart: {_texts(ties)}")
    return Tested(
        effect=EFFECT,
        unit=unit,
        estimate=ahead.estimate,
        low=ahead.low,
        high=ahead.high,
        p=None if pairs.exact else p,
        method=method,
        notes=tuple(notes),
        samples=scan.samples,
        sure=sure,
        unsure=unsure,
    )


def _p_worse(claim: Best, scan: Scan, pairs: AllPairs, *, top: int, other: int) -> float:
    """Corrected p that a level is worse than the best one; 1 for the best itself."""
    if other == top or (scan.exact and same(scan.means[top], scan.means[other])):
        return 1.0
    return pairs.p_greater(*((top, other) if claim.goal == "highest" else (other, top)))


def _judged(
    claim: Best, scan: Scan, *, top: int, worse: tuple[float, ...], ties: tuple[Level, ...]
) -> tuple[float, Conclusion, Conclusion]:
    found = _texts(ties)
    unsure = Conclusion("inconclusive", found)
    if not claim.levels:
        p = min(worse)
        verdict = Conclusion("supported" if p < 1 else "inconclusive", found)
        return p, verdict, unsure
    given = _given(claim, scan)
    if scan.exact:
        given_ties = [g for g, p in zip(given, worse, strict=True) if p == 1.0]
        verdict = Conclusion("supported" if all(given_ties) else "refuted", found)
        return 0.0, verdict, verdict
    if given[top]:
        p = max((p for p, g in zip(worse, given, strict=True) if not g), default=1.0)
        return p, Conclusion("supported", found), unsure
    p = max((p for p, g in zip(worse, given, strict=True) if g), default=0.0)
    return p, Conclusion("refuted", found), unsure


def _given(claim: Best, scan: Scan) -> list[bool]:
    return [any(same_level(v, g) for g in claim.levels) for v in scan.levels]


def _texts(levels: tuple[Level, ...]) -> str:
    return ", ".join(level_text(v) for v in levels)
