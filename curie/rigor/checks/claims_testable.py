"""Is there a test for each hypothesis? Asked at the plan gate."""

from curie.domain.verdict import Finding
from curie.rigor.evidence import PlanEvidence
from curie.rigor.finding import failed, passed


def claims_testable(evidence: PlanEvidence) -> Finding:
    """Fail when a hypothesis is of a kind for which there is no statistical test.

    A claim without a test would end as an opinion. Mended by wording it as a kind that is tested.
    """
    wrong = [
        f"{h.id} is a claim of kind {h.claim.kind}"
        for h in evidence.plan.hypotheses
        if h.claim.kind not in evidence.tested_kinds
    ]
    if wrong:
        tested = ", ".join(sorted(evidence.tested_kinds))
        return failed(f"{'; '.join(wrong)}; tested kinds: {tested}", remedy="again")
    return passed("every hypothesis has its test")
