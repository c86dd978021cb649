"""Every hypothesis of a plan, tested: the way into this package."""

from collections.abc import Sequence
from dataclasses import dataclass
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
    is_open,
)
from curie.domain.outcome import Failed, Measured
from curie.domain.plan import Hypothesis, Plan
from curie.domain.setup import Started
from curie.stats import (
    best,
    difference,
    equivalence,
    frontier,
    interaction,
    law,
    ranking,
    ratio,
    threshold,
    trend,
)
from curie.stats.corrections import corrected
from curie.stats.samples import Layout
from curie.stats.table import table_of
from curie.stats.tested import Case, Conclusion, Tested

TESTED: frozenset[str] = frozenset(
    {
        "difference", "ratio", "trend", "best", "ranking", "threshold", "equivalence", "law",
        "interaction", "frontier",
    }
)  # fmt: skip
"""The kinds of claims that have a test; a plan with another kind cannot be concluded."""


@dataclass(frozen=True)
class Judged:
    """One hypothesis after its test."""

    tested: Tested
    p: float | None
    """Corrected over the family."""
    conclusion: Conclusion


def analyse(
    plan: Plan,
    started: Sequence[Started],
    outcomes: Sequence[Measured | Failed],
    *,
    look: int | None = None,
) -> tuple[Analysis, ...]:
    """One analysis per hypothesis, in the plan's order, on what is measured by a look.

    p-values are corrected over the plan's family, and the verdict is decided by the corrected one
    against the look's alpha. None is the last look. The order of `started` and `outcomes` does not
    matter.
    """
    number = look or plan.last_look
    table = table_of(plan, started, outcomes, look=number)
    case = Case(Layout(plan), table, number)
    return tuple(
        _analysis(hypothesis, judged, case)
        for hypothesis, judged in zip(plan.hypotheses, judge(case), strict=True)
    )


def settled(claim: Claim, conclusion: Conclusion) -> bool:
    """Whether more replicates have nothing to add: it is decided, and no tie is left in it.

    An open Best or Ranking is supported as soon as one level can be told from the others; what an
    early look could not tell apart, the next one may.
    """
    if conclusion.verdict == "inconclusive":
        return False
    return not (isinstance(claim, Best | Ranking) and is_open(claim) and ", " in conclusion.found)


def judge(case: Case) -> tuple[Judged, ...]:
    """Every hypothesis of a plan tested, and decided by its corrected p."""
    tests = [_test(h.claim, case) for h in case.plan.hypotheses]
    ps = corrected([t.p for t in tests], case.plan.correction)
    return tuple(
        Judged(t, p, t.sure if p is None or p <= case.alpha else t.unsure)
        for t, p in zip(tests, ps, strict=True)
    )


def _test(claim: Claim, case: Case) -> Tested:
    match claim:
        case Difference() | Ratio() | Equivalence():
            return _pair_test(claim, case)
        case Best() | Ranking() | Threshold():
            return _pick_test(claim, case)
        case Trend():
            return trend.test(claim, case)
        case Law():
            return law.test(claim, case)
        case Interaction():
            return interaction.test(claim, case)
        case Frontier():
            return frontier.test(claim, case)
        case _:
            assert_never(claim)


def _pick_test(claim: Best | Ranking | Threshold, case: Case) -> Tested:
    match claim:
        case Best():
            return best.test(claim, case)
        case Ranking():
            return ranking.test(claim, case)
        case Threshold():
            return threshold.test(claim, case)
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


def _analysis(hypothesis: Hypothesis, judged: Judged, case: Case) -> Analysis:
    plan, tested = case.plan, judged.tested
    # Several levels may rest on one trial only if a plan runs an arm twice; each counts once.
    trials = tuple(dict.fromkeys(t for s in tested.samples for t in s.trials))
    return Analysis(
        id=hypothesis.id,
        plan=plan.id,
        look=case.look,
        claim=hypothesis.claim,
        verdict=judged.conclusion.verdict,
        found=judged.conclusion.found,
        effect=tested.effect,
        estimate=tested.estimate,
        low=tested.low,
        high=tested.high,
        unit=tested.unit,
        confidence=case.confidence,
        p=judged.p,
        p_raw=tested.p,
        n=len(trials),
        power=next((w.power for w in plan.power if w.hypothesis == hypothesis.id), None),
        method=tested.method,
        notes=tuple(dict.fromkeys(tested.notes)),
        levels=tuple(s.summary(case.confidence) for s in tested.samples if s.replicates),
        trials=trials,
        exploratory=plan.exploratory,
    )
