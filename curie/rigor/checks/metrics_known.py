"""Is there a metric for each hypothesis? Asked at the plan gate."""

from curie.domain.claim import metrics_of
from curie.domain.verdict import Finding
from curie.rigor.evidence import PlanEvidence
from curie.rigor.finding import failed, listed, passed


def metrics_known(evidence: PlanEvidence) -> Finding:
    """Fail when a hypothesis speaks of a metric that no trial will measure.

    What is not measured cannot be tested. Mended by a metric of the system, or, for a program to
    be written, by declaring it.
    """
    plan = evidence.plan
    known = ", ".join(m.name for m in plan.metrics)
    wrong = [
        f"{h.id}: there is no metric {name} (known: {known})"
        for h in plan.hypotheses
        for name in metrics_of(h.claim)
        if plan.metric(name) is None
    ]
    if wrong:
        return failed(listed(wrong), remedy="again")
    return passed("every hypothesis has its metric")
