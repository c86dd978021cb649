"""Are there enough levels for the shape of the claim? Asked at the plan gate."""

from curie.domain.claim import Claim, Interaction, Law, Threshold, Trend
from curie.domain.plan import Hypothesis, Plan
from curie.domain.setting import level_text
from curie.domain.verdict import Finding
from curie.rigor.design import among, crossing, is_pair, named_levels, scanned_levels
from curie.rigor.evidence import PlanEvidence
from curie.rigor.finding import failed, listed, passed, skipped

TREND_LEVELS = 3
"""Two points are a difference; a direction that can be contradicted takes three."""

LAW_LEVELS = 5
"""Forms have up to three parameters; with fewer than five levels every one of them fits."""


def enough_levels(evidence: PlanEvidence) -> Finding:
    """Fail when a claim along a factor has too few levels, or levels without the order it needs.

    A trend takes three levels, a law five, an interaction a crossing of two by two, anything else
    two; and each level that the claim names must be run. Mended by more levels of that factor.
    """
    scans = [h for h in evidence.plan.hypotheses if not is_pair(h.claim)]
    if not scans:
        return skipped("no claim along a factor")
    wrong = [problem for h in scans if (problem := _problem(evidence.plan, h))]
    if wrong:
        return failed(listed(wrong), remedy="again")
    return passed("every claim along a factor has the levels it takes")


def _problem(plan: Plan, hypothesis: Hypothesis) -> str:
    claim, name = hypothesis.claim, hypothesis.id
    if isinstance(claim, Interaction):
        ones, others = crossing(plan, claim)
        crossed = ones >= 2 and others >= 2
        return "" if crossed else f"{name}: {claim.factor} and {claim.by} are not crossed"
    factor = getattr(claim, "factor", "")
    levels = scanned_levels(plan, factor, claim.where)
    if len(levels) < _needed(claim):
        return f"{name}: {len(levels)} levels of {factor}, {_needed(claim)} needed"
    unrun = [level_text(x) for x in named_levels(claim) if not among(x, levels)]
    if unrun:
        return f"{name}: it names {factor} at {', '.join(unrun)}, which is not run"
    known = plan.factor(factor)
    if known is not None and not known.ordered and _needs_order(claim):
        return f"{name}: {factor} has names for levels, and names have no order"
    return ""


def _needed(claim: Claim) -> int:
    if isinstance(claim, Law):
        return LAW_LEVELS
    return TREND_LEVELS if isinstance(claim, Trend) else 2


def _needs_order(claim: Claim) -> bool:
    if isinstance(claim, Threshold):
        return claim.cost is None
    return isinstance(claim, Trend | Law)
