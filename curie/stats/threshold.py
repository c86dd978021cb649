"""Threshold: the smallest (or cheapest) level whose metric meets a bound."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from curie.domain.claim import Threshold
from curie.domain.setting import Level, level_text, same_level
from curie.stats.compare import Comparison, against_bound
from curie.stats.drift import drifts, inflation, memory
from curie.stats.samples import gather
from curie.stats.scan import Scan, numeric, scan_of
from curie.stats.tested import Case, Conclusion, Tested, refuse

LEAST_AGAINST_BOUND = 8
"""Replicates below which a noisy mean is not held against a bound: fewer cannot show whether the
noise leans to one side, and then a test against a fixed number errs twice as often as it says."""

_LARGEST_INFLATION = 1.25

HANGS_TOGETHER = "neighbouring trials hang together in time, so the standard errors are widened"
"""A note of an analysis: its power is less than the plan promised."""
_DRIFTS = (
    "the machine drifted over the run, so a mean cannot be held against a fixed bound; measure "
    "again on a quiet machine"
)


@dataclass(frozen=True)
class _Step:
    """One level against the bound."""

    level: Level
    meets: float
    """One-sided p that the level meets the bound."""
    fails: float
    """One-sided p that it does not."""
    met: bool
    """Whether its mean meets the bound."""
    comparison: Comparison


def test(claim: Threshold, case: Case) -> Tested:
    """Every level against the bound, one-sided, from the most wanted level on.

    The answer is the first level that meets the bound, from the smallest on (or from the lowest
    mean of `cost`). Supported needs that this level surely meets it and all before it surely fail.
    Testing in this order can go wrong in two ways only, at the last level that fails and at the
    first that meets, so p is doubled and not multiplied by the number of levels. A given level is
    refuted if it surely fails or one before it surely meets the bound, Bonferroni-corrected.
    """
    effect = f"{'smallest' if claim.cost is None else 'cheapest'} level that meets the bound"
    scan = scan_of(claim, case, factor=claim.factor, least=2)
    scan, problem = _in_order(claim, case, scan)
    factor = case.plan.factor(claim.factor)
    unit = factor.unit if factor else ""
    timed = case.metric(claim.metric).noise == "timing"
    rho = memory(scan.samples) if timed and not problem else 0.0
    problem = problem or _too_little(scan, rho, timed=timed)
    if problem:
        return refuse(problem, effect=effect, unit=unit, notes=scan.notes, samples=scan.samples)
    steps = [_step(claim, case, scan, place, rho) for place in range(len(scan.samples))]
    exact = all(s.comparison.exact for s in steps)
    p, sure = _judged(claim, steps)
    first = next((s.level for s in steps if s.met), None)
    low, high = _bracket(claim, case, steps)
    methods = "; ".join(sorted({s.comparison.method for s in steps}))
    notes = dict.fromkeys(note for s in steps for note in s.comparison.notes)
    return Tested(
        effect=effect,
        unit=unit,
        estimate=_number(first),
        low=low,
        high=high,
        p=None if exact else p,
        method=methods if exact else f"one-sided, level by level: {methods}",
        notes=(*scan.notes, *notes, *((HANGS_TOGETHER,) if rho else ())),
        samples=scan.samples,
        sure=sure,
        unsure=Conclusion("inconclusive", "none" if first is None else level_text(first)),
    )


def _too_little(scan: Scan, rho: float, *, timed: bool) -> str | None:
    """Why noisy values cannot be held against a fixed number, if they cannot."""
    if scan.exact:
        return None
    fewest = min(len(s.replicates) for s in scan.samples)
    if fewest < LEAST_AGAINST_BOUND:
        return (
            f"{fewest} replicates are too few to hold a noisy mean against a bound: "
            f"{LEAST_AGAINST_BOUND} are needed"
        )
    widest = max(inflation(s, rho) for s in scan.samples)
    if timed and (widest > _LARGEST_INFLATION or drifts(scan.samples)):
        return _DRIFTS
    return None


def _in_order(claim: Threshold, case: Case, scan: Scan) -> tuple[Scan, str | None]:
    """The scan with its levels from the most to the least wanted, or why that cannot be."""
    problem = scan.problem
    if problem is None and scan.absent:
        problem = "the level that was not measured might meet the bound"
    if problem:
        return scan, problem
    if claim.cost is None:
        ordered = numeric(scan.levels)
        return scan, None if ordered else f"the levels of {claim.factor} have no order"
    costs = _costs(claim.cost, claim, case, scan)
    if any(c is None for c in costs):
        return scan, f"{claim.cost} was not measured at every level"
    order = sorted(range(len(costs)), key=lambda i: costs[i] or 0.0)
    note = f"levels are taken in the order of their mean {claim.cost}, whose noise is not tested"
    return (
        replace(scan, samples=tuple(scan.samples[i] for i in order), notes=(*scan.notes, note)),
        None,
    )


def _costs(cost: str, claim: Threshold, case: Case, scan: Scan) -> list[float | None]:
    sides = [s for s in case.layout.scanned(claim.factor, claim.where) if s.level in scan.levels]
    found = gather(case.layout, case.table, metric=cost, where=claim.where, sides=sides)
    return [float(s.values.mean()) if s.replicates else None for s in found.samples]


def _step(claim: Threshold, case: Case, scan: Scan, place: int, rho: float) -> _Step:
    sample = scan.samples[place]
    comparison = against_bound(
        sample.values,
        claim.bound,
        spread_share=scan.spread_share,
        confidence=case.confidence,
        dice=case.dice,
        inflation=inflation(sample, rho),
    )
    over = claim.side == "at_least"
    meets, fails = (
        (comparison.above, comparison.below) if over else (comparison.below, comparison.above)
    )
    if comparison.exact and comparison.estimate == 0:
        meets, fails = 0.0, 1.0
    met = comparison.estimate >= 0 if over else comparison.estimate <= 0
    return _Step(scan.levels[place], meets, fails, met, comparison)


def _judged(claim: Threshold, steps: Sequence[_Step]) -> tuple[float, Conclusion]:
    """p, corrected for the ways to be wrong, and what follows if it is small."""
    first = next((i for i, s in enumerate(steps) if s.met), None)
    if claim.level is not None:
        given = next((i for i, s in enumerate(steps) if same_level(s.level, claim.level)), None)
        if given is None:
            return 1.0, Conclusion("inconclusive", "the level that the claim names was not run")
        if given != first:
            found = "none" if first is None else level_text(steps[first].level)
            p = min([steps[given].fails, *(s.meets for s in steps[:given])])
            return min(1.0, (given + 1) * p), Conclusion("refuted", found)
    if first is None:
        return min(1.0, 2 * max(s.fails for s in steps)), Conclusion("refuted", "none")
    p = max([steps[first].meets, *(s.fails for s in steps[:first])])
    return min(1.0, 2 * p), Conclusion("supported", level_text(steps[first].level))


def _bracket(
    claim: Threshold, case: Case, steps: Sequence[_Step]
) -> tuple[float | None, float | None]:
    """The levels between which the answer lies with confidence, where levels are in order."""
    if claim.cost is not None:
        return None, None
    alpha = case.share / 2
    not_failing = next((s.level for s in steps if s.fails > alpha), None)
    meeting = next((s.level for s in steps if s.meets <= alpha / len(steps)), None)
    low, high = _number(not_failing), _number(meeting)
    return (low, high) if low is not None and high is not None else (None, None)


def _number(level: Level | None) -> float | None:
    if level is None or isinstance(level, bool | str):
        return None
    return float(level)
