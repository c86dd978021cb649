"""Can every hypothesis come out wrong? Asked at the plan gate."""

from curie.domain.claim import Difference, Equivalence, Ratio, Threshold
from curie.domain.plan import Hypothesis, Plan
from curie.domain.system import Metric
from curie.domain.verdict import Finding
from curie.rigor.evidence import PlanEvidence
from curie.rigor.finding import failed, listed, passed, warned

WIDEST_MARGIN = 0.5
"""A margin of half the value calls almost anything the same."""
WIDE_MARGIN = 0.2
LARGEST_SMALLEST = 1.0
"""A smallest effect of a whole mean and more asks for next to no replicates."""
LARGE_SMALLEST = 0.5


def claims_refutable(evidence: PlanEvidence) -> Finding:
    """Fail when a bound lies outside its metric's range, or no result could refute the claim.

    A recall of at least 0 is always found, and within a margin of half its value almost anything is
    the same; a smallest effect as large as the metric itself makes any number of seeds enough. Wide
    margins are a warning. Mended by bounds that the question gives, or that somebody would mind.
    """
    plan = evidence.plan
    wrong = [problem for h in plan.hypotheses if (problem := _problem(plan, h))]
    wrong += [
        f"{entry.hypothesis}: a smallest effect of more than the mean"
        for entry in plan.power
        if entry.smallest_effect_share > LARGEST_SMALLEST and not entry.exact
    ]
    if wrong:
        return failed(listed(wrong), remedy="again")
    wide = [text for h in plan.hypotheses if (text := _wide(h))]
    wide += [
        f"{entry.hypothesis}: its smallest effect is {entry.smallest_effect_share:g} of the mean"
        for entry in plan.power
        if entry.smallest_effect_share > LARGE_SMALLEST and not entry.exact
    ]
    return warned(listed(wide)) if wide else passed("every claim can come out wrong")


def _problem(plan: Plan, hypothesis: Hypothesis) -> str:
    metric = plan.metric(hypothesis.claim.metric)
    if metric is None:
        return ""
    match hypothesis.claim:
        case Threshold() as claim:
            problem = _bound(claim, metric)
        case Difference(at_least=least) if _exceeds(metric, least):
            problem = f"a difference of {least:g} is more than {metric.name} has room for"
        case Equivalence() as claim:
            problem = _margin(claim, metric)
        case Ratio(low=low, high=high):
            vacuous = (low is not None or high is not None) and (low or 0.0) <= 0 and high is None
            problem = "any ratio would do" if vacuous else ""
        case _:
            problem = ""
    return f"{hypothesis.id}: {problem}" if problem else ""


def _bound(claim: Threshold, metric: Metric) -> str:
    below = metric.low is not None and claim.bound < metric.low
    above = metric.high is not None and claim.bound > metric.high
    if below or above:
        return f"{claim.bound:g} is outside of the range of {metric.name}"
    sure = metric.low if claim.side == "at_least" else metric.high
    if sure is not None and claim.bound == sure:
        return f"{metric.name} meets {claim.bound:g} whatever happens"
    return ""


def _margin(claim: Equivalence, metric: Metric) -> str:
    if claim.margin_share >= WIDEST_MARGIN:
        return f"a margin of {claim.margin_share:g} of the value calls anything the same"
    if _exceeds(metric, claim.margin):
        return f"a margin of {claim.margin:g} is all that {metric.name} has room for"
    return ""


def _exceeds(metric: Metric, size: float) -> bool:
    """Whether a difference is at least as large as the metric's whole range."""
    if not size or metric.low is None or metric.high is None:
        return False
    return size >= metric.high - metric.low


def _wide(hypothesis: Hypothesis) -> str:
    claim = hypothesis.claim
    if isinstance(claim, Equivalence) and claim.margin_share > WIDE_MARGIN:
        return f"{hypothesis.id}: a margin of {claim.margin_share:g} of the value is wide"
    return ""
