"""Is every hypothesis asked once? Asked at the plan gate."""

from curie.domain.verdict import Finding
from curie.rigor.evidence import PlanEvidence
from curie.rigor.finding import failed, listed, passed


def hypotheses_distinct(evidence: PlanEvidence) -> Finding:
    """Fail when two hypotheses are the same claim.

    A claim tested twice counts twice in the correction and reads like two findings. Mended by
    dropping one.
    """
    seen: dict[str, str] = {}
    twice = []
    for hypothesis in evidence.plan.hypotheses:
        spelling = hypothesis.claim.canonical()
        if spelling in seen:
            twice.append(f"{seen[spelling]} and {hypothesis.id}")
        seen.setdefault(spelling, hypothesis.id)
    if twice:
        return failed(f"the same claim: {listed(twice)}", remedy="again")
    return passed(f"{len(seen)} distinct hypotheses")
