"""Is the chance of a false claim kept? Asked at the plan gate."""

from curie.domain.plan import Plan
from curie.domain.verdict import Finding
from curie.rigor.evidence import PlanEvidence
from curie.rigor.finding import failed, passed

LARGEST_ALPHA = 0.05
"""Chance of any false claim in a run, over all its plans."""


def alpha_sound(evidence: PlanEvidence) -> Finding:
    """Fail when alpha is above 5 %, in this plan or in sum with the plans analysed before.

    Each look at data is a chance to be fooled; looks that do not share alpha add up. Plans whose
    comparisons are all exact spend nothing. Mended by a smaller alpha.
    """
    plan = evidence.plan
    if not 0 < plan.alpha <= LARGEST_ALPHA:
        return failed(
            f"alpha is {plan.alpha:g}, at most {LARGEST_ALPHA:g} is sound", remedy="again"
        )
    if _exact(plan):
        return passed("every comparison is exact")
    spent = sum(p.alpha for p in evidence.previous if not _exact(p))
    if spent + plan.alpha > LARGEST_ALPHA * (1 + 1e-9):
        return failed(
            f"alpha {plan.alpha:g} on top of {spent:g} that earlier plans spent is more than "
            f"{LARGEST_ALPHA:g}",
            remedy="give_up",
        )
    return passed(f"alpha {plan.alpha:g} over {len(plan.hypotheses)} claims, {plan.correction}")


def _exact(plan: Plan) -> bool:
    entries = {p.hypothesis: p.exact for p in plan.power}
    return all(entries.get(h.id, False) for h in plan.hypotheses)
