"""Whether a second look is worth it, and which: by code, for every kind of architect.

More replicates and finer levels are arithmetic over what the first look found; a second plan is
frozen like the first, runs on fresh seeds, and has its own share of alpha.
"""

from curie.domain.analysis import Analysis
from curie.domain.claim import Ratio, Threshold, is_open
from curie.domain.plan import Draft, Hypothesis, Plan, Varied
from curie.domain.setting import Level, level_text, overlay
from curie.domain.system import Factor
from curie.stats import settled
from curie.stats.tested import Conclusion

FINER_POINTS = 5
"""Levels of a closer look, its two ends included."""

MORE = 2
"""How many times the replicates of the first look a second one has at least."""


def all_clear(plan: Plan, analyses: tuple[Analysis, ...]) -> bool:
    """Whether an early look suffices: every claim is settled, and every estimate narrow enough.

    Narrow enough is an interval no wider, to either side, than the smallest effect that matters; it
    is asked only of open ratios, which are supported as soon as they have an interval at all.
    """
    return all(
        settled(a.claim, Conclusion(a.verdict, a.found)) and _narrow(plan, a) for a in analyses
    )


def _narrow(plan: Plan, analysis: Analysis) -> bool:
    claim, metric = analysis.claim, plan.metric(analysis.claim.metric)
    if not isinstance(claim, Ratio) or not is_open(claim) or metric is None:
        return True
    if analysis.estimate is None or analysis.low is None or analysis.high is None:
        return True
    half = (analysis.high - analysis.low) / 2
    return half <= metric.smallest_effect_share * abs(analysis.estimate)


def follow_up(
    plan: Plan, analyses: tuple[Analysis, ...], *, trials_left: int | None
) -> tuple[Draft, str] | None:
    """The draft of a second look and why; None where the first one suffices or nothing is left.

    Finer levels around a threshold, else more replicates where nothing was decided.
    """
    finer = _finer(plan, analyses, trials_left)
    if finer is not None:
        return finer, "a closer look at where the bound is first met"
    undecided = tuple(
        Hypothesis(id=a.id, claim=a.claim, why="the first look did not decide it")
        for a in analyses
        if a.verdict == "inconclusive" and a.n > 0
    )
    if not undecided or _exact(plan, undecided):
        return None
    replicates = MORE * len(plan.seeds)
    if trials_left is not None and replicates * len(plan.arms) > trials_left:
        return None
    return _again(plan, undecided, plan.vary, replicates), "more replicates for what is undecided"


def _exact(plan: Plan, undecided: tuple[Hypothesis, ...]) -> bool:
    """Whether more replicates could not tell more: the metrics have no noise."""
    names = {h.claim.metric for h in undecided}
    return all(m.noise == "deterministic" for m in plan.metrics if m.name in names)


def _again(
    plan: Plan, asked: tuple[Hypothesis, ...], vary: tuple[Varied, ...], replicates: int | None
) -> Draft:
    """The same design, with these levels; what is no longer varied stays where the control is."""
    control = next(a for a in plan.arms if a.role == "control").settings
    levels = {v.factor: v.levels for v in vary}
    return Draft(
        system=plan.system,
        understood=plan.understood,
        hypotheses=asked,
        vary=vary,
        control=tuple(
            s if s.level in levels[s.factor] else s.but(level=levels[s.factor][0])
            for s in control
            if s.factor in levels
        ),
        hold=overlay(plan.hold, tuple(s for s in control if s.factor not in levels)),
        design=plan.design,
        replicates=replicates,
        program=plan.program,
        limits=plan.limits,
    )


def _finer(plan: Plan, analyses: tuple[Analysis, ...], trials_left: int | None) -> Draft | None:
    """A closer look between the level that met the bound and the one before it that did not."""
    for analysis in analyses:
        claim = analysis.claim
        if not isinstance(claim, Threshold) or claim.level is not None or claim.cost is not None:
            continue
        gap = _gap(plan, analysis, claim.factor)
        if gap is None or (trials_left is not None and len(gap) * len(plan.seeds) > trials_left):
            continue
        hypothesis = Hypothesis(id=analysis.id, claim=claim, why="closer look at the crossing")
        return _again(plan, (hypothesis,), (Varied(factor=claim.factor, levels=gap),), None)
    return None


def _gap(plan: Plan, analysis: Analysis, name: str) -> tuple[Level, ...] | None:
    factor = plan.factor(name)
    if analysis.verdict != "supported" or factor is None or factor.low is None:
        return None
    levels = [s.level for s in analysis.levels if isinstance(s.level, int | float)]
    found = next((x for x in levels if level_text(x) == analysis.found), None)
    if found is None or levels.index(found) == 0:
        return None
    below = levels[levels.index(found) - 1]
    return _between(factor, float(below), float(found))


def _between(factor: Factor, low: float, high: float) -> tuple[Level, ...] | None:
    """Levels from `low` to `high`, or None where there is nothing left in between."""
    steps = [low + (high - low) * i / (FINER_POINTS - 1) for i in range(FINER_POINTS)]
    typed: list[Level] = [round(v) if factor.type == "int" else float(f"{v:.6g}") for v in steps]
    levels = tuple(dict.fromkeys(typed))
    return levels if len(levels) >= 3 else None
