"""Every hypothesis of a plan, tested: the way into this package."""

from collections.abc import Sequence
from typing import assert_never

from curie.domain.analysis import Analysis
from curie.domain.claim import (
    Best,
    Claim,
    Difference,
    Equivalence,
    Frontier,
    Interaction,
    Law,
    PairClaim,
    Ranking,
    Ratio,
    Threshold,
    Trend,
)
from curie.domain.outcome import Failed, Measured
from curie.domain.plan import Hypothesis, Plan
from curie.domain.setup import Started
from curie.stats import best, difference, equivalence, law, ratio, threshold, trend
from curie.stats.corrections import corrected
from curie.stats.table import table_of
from curie.stats.tested import Case, Tested, refuse

TESTED: frozenset[str] = frozenset(
    {"difference", "ratio", "trend", "best", "threshold", "equivalence", "law"}
)
"""The kinds of claims that have a test; a plan with another kind cannot be concluded."""


def analyse(
    plan: Plan, started: Sequence[Started], outcomes: Sequence[Measured | Failed]
) -> tuple[Analysis, ...]:
    """One analysis per hypothesis, in the plan's order.

    p-values are corrected over the plan's family, and the verdict is decided by the corrected one
    against `plan.alpha`. The order of `started` and `outcomes` does not matter.
    """
    case = Case(plan=plan, table=table_of(plan, started, outcomes))
    tests = [_test(h.claim, case) for h in plan.hypotheses]
    ps = corrected([t.p for t in tests], plan.correction)
    return tuple(
        _analysis(hypothesis, tested, p, case)
        for hypothesis, tested, p in zip(plan.hypotheses, tests, ps, strict=True)
    )


def _test(claim: Claim, case: Case) -> Tested:
    match claim:
        case Difference() | Ratio() | Equivalence():
            return _pair_test(claim, case)
        case Trend():
            return trend.test(claim, case)
        case Best():
            return best.test(claim, case)
        case Threshold():
            return threshold.test(claim, case)
        case Law():
            return law.test(claim, case)
        case Ranking() | Interaction() | Frontier():
            why = f"no test for a claim of kind {claim.kind} exists yet"
            return refuse(why, effect="none", unit=case.metric(claim.metric).unit)
        case _:
            assert_never(claim)


def _pair_test(claim: PairClaim, case: Case) -> Tested:
    match claim:
        case Difference():
            return difference.test(claim, case)
        case Ratio():
            return ratio.test(claim, case)
        case Equivalence():
            return equivalence.test(claim, case)
        case _:
            assert_never(claim)


def _analysis(hypothesis: Hypothesis, tested: Tested, p: float | None, case: Case) -> Analysis:
    conclusion = tested.sure if p is None or p <= case.alpha else tested.unsure
    plan = case.plan
    # Several levels may rest on one trial only if a plan runs an arm twice; each counts once.
    trials = tuple(dict.fromkeys(t for s in tested.samples for t in s.trials))
    return Analysis(
        id=hypothesis.id,
        plan=plan.id,
        claim=hypothesis.claim,
        verdict=conclusion.verdict,
        found=conclusion.found,
        effect=tested.effect,
        estimate=tested.estimate,
        low=tested.low,
        high=tested.high,
        unit=tested.unit,
        confidence=case.confidence,
        p=p,
        p_raw=tested.p,
        n=len(trials),
        power=next((w.power for w in plan.power if w.hypothesis == hypothesis.id), None),
        method=tested.method,
        notes=tuple(dict.fromkeys(tested.notes)),
        levels=tuple(s.summary(case.confidence) for s in tested.samples if s.replicates),
        trials=trials,
        exploratory=plan.exploratory,
    )
