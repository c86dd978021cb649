"""Frontier: which levels are on the Pareto front of two metrics.

A level is off the front if another one is better in one metric and no worse, by more than the
smallest effect that matters, in the other; it is on the front if every other one is worse in one of
them. Both are tested; a level of which neither is sure stays open.
"""

from dataclasses import dataclass
from functools import cached_property
from itertools import combinations

from curie.domain.analysis import ClaimVerdict
from curie.domain.claim import Frontier
from curie.domain.setting import Level, level_text, same_level
from curie.stats.compare import Comparison, compare
from curie.stats.scan import Scan, scan_of
from curie.stats.tested import Case, Conclusion, Tested, refuse

EFFECT = "number of levels on the front"


@dataclass(frozen=True)
class _Axis:
    """One of the two metrics, turned so that lower is better."""

    scan: Scan
    sign: float
    margin_share: float
    case: Case

    @cached_property
    def plain(self) -> dict[tuple[int, int], Comparison]:
        """Each level against each later one."""
        places = combinations(range(len(self.scan.samples)), 2)
        return {(i, j): self._compared(i, j, 0.0) for i, j in places}

    def worse(self, one: int, other: int) -> float:
        """P that level `one` is worse than `other`."""
        known = self.plain[min(one, other), max(one, other)]
        return known.above if (one < other) == (self.sign > 0) else known.below

    def no_worse(self, one: int, other: int) -> float:
        """P that level `one` is not worse than `other` by more than the margin; exact: at all."""
        if self.plain[min(one, other), max(one, other)].exact:
            return 1.0 if self.worse(one, other) == 0 else 0.0
        margin = self.sign * self.margin_share * abs(self.scan.means[other])
        compared = self._compared(one, other, margin)
        return compared.below if self.sign > 0 else compared.above

    def _compared(self, one: int, other: int, plus: float) -> Comparison:
        sides = self.scan.sides(one, other).against(plus=plus)
        return compare(sides, confidence=self.case.confidence, dice=self.case.dice)


def test(claim: Frontier, case: Case) -> Tested:
    """Every level against every other in both metrics; each level's own p is Bonferroni-corrected.

    Open: supported if every level is surely on or surely off. With levels given: supported if just
    these are surely on and all others surely off; refuted if one of them is surely off, or another
    surely on. The estimate counts the levels that are not off; its interval runs from those surely
    on to those not surely off.
    """
    one = scan_of(claim, case, factor=claim.factor, least=2)
    other_claim = claim.but(metric=claim.other, other=claim.metric)
    other = scan_of(other_claim, case, factor=claim.factor, least=2)
    notes = tuple(dict.fromkeys((*one.notes, *other.notes)))
    problem = one.problem or other.problem
    if problem is None and (one.absent or other.absent or one.levels != other.levels):
        problem = "a level that was not measured might be on the front"
    if problem is None and any(_place(one, v) is None for v in claim.levels):
        problem = "the claim names a level that was not measured"
    if problem:
        return refuse(problem, effect=EFFECT, unit="levels", notes=notes, samples=one.samples)
    axes = (
        _axis(claim.metric, claim.goal, one, case),
        _axis(claim.other, claim.other_goal, other, case),
    )
    count = len(one.levels)
    off = [_p_off(axes, i, count) for i in range(count)]
    on = [_p_on(axes, i, count) for i in range(count)]
    return _tested(claim, case, (one, other), off, on, notes)


def _axis(metric: str, goal: str, scan: Scan, case: Case) -> _Axis:
    sign = 1.0 if goal == "lowest" else -1.0
    return _Axis(scan, sign, case.metric(metric).smallest_effect_share, case)


def _p_off(axes: tuple[_Axis, _Axis], level: int, count: int) -> float:
    """P that some other level dominates this one, corrected over all that might, in either way."""
    found = [
        _p_dominated(here, there, level, rival)
        for rival in range(count)
        if rival != level
        for here, there in (axes, axes[::-1])
    ]
    return min(1.0, len(found) * min(found))


def _p_dominated(here: _Axis, there: _Axis, level: int, rival: int) -> float:
    """P that a rival is better here and no worse there; 1 at once where it is not even near."""
    worse = here.worse(level, rival)
    return 1.0 if worse > 0.5 else max(worse, there.no_worse(rival, level))


def _p_on(axes: tuple[_Axis, _Axis], level: int, count: int) -> float:
    """P that every other level is worse in one metric, either of two."""
    found = [
        2 * min(axis.worse(rival, level) for axis in axes)
        for rival in range(count)
        if rival != level
    ]
    return min(1.0, max(found))


def _tested(
    claim: Frontier,
    case: Case,
    scans: tuple[Scan, Scan],
    off: list[float],
    on: list[float],
    notes: tuple[str, ...],
) -> Tested:
    scan = scans[0]
    count = len(scan.levels)
    exact = all(s.exact for s in scans)
    kept = [i for i in range(count) if off[i] > case.share / count]
    surely = [i for i in range(count) if on[i] <= case.share / count]
    if exact:
        surely = kept = [i for i in range(count) if off[i] > 0]
    found = ", ".join(level_text(scan.levels[i]) for i in kept)
    p, verdict = (0.0, _exactly(claim, scan, kept)) if exact else _judged(claim, scan, off, on)
    return Tested(
        effect=EFFECT,
        unit="levels",
        estimate=float(len(kept)),
        low=float(min(len(surely), len(kept))),
        high=float(len(kept)),
        p=None if exact else p,
        method="exact comparison: the values do not vary"
        if exact
        else "dominance by one-sided t-tests, Bonferroni over the rivals",
        notes=notes,
        samples=tuple(s for each in scans for s in each.samples),
        sure=Conclusion(verdict, found),
        unsure=Conclusion("inconclusive", found),
    )


def _exactly(claim: Frontier, scan: Scan, kept: list[int]) -> ClaimVerdict:
    given = {_place(scan, v) for v in claim.levels}
    return "supported" if not given or given == set(kept) else "refuted"


def _judged(
    claim: Frontier, scan: Scan, off: list[float], on: list[float]
) -> tuple[float, ClaimVerdict]:
    places = range(len(scan.levels))
    if not claim.levels:
        return max(min(off[i], on[i]) for i in places), "supported"
    given = {i for v in claim.levels if (i := _place(scan, v)) is not None}
    holds = max(on[i] if i in given else off[i] for i in places)
    breaks = min(1.0, len(off) * min(off[i] if i in given else on[i] for i in places))
    return (holds, "supported") if holds <= breaks else (breaks, "refuted")


def _place(scan: Scan, level: Level) -> int | None:
    return next((i for i, known in enumerate(scan.levels) if same_level(known, level)), None)
