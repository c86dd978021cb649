"""Does the plan vary what the question is about? Asked at the plan gate."""

from curie.domain.claim import factors_of
from curie.domain.verdict import Finding
from curie.rigor.evidence import PlanEvidence
from curie.rigor.finding import failed, passed, skipped


def question_covered(evidence: PlanEvidence) -> Finding:
    """Fail when the question names a factor that no hypothesis is about.

    An answer about another factor is an answer to another question. Mended by a hypothesis that
    varies it.
    """
    if not evidence.wanted_factors:
        return skipped("nobody said which factors the question names")
    asked = {f for h in evidence.plan.hypotheses for f in factors_of(h.claim)}
    missing = [f for f in evidence.wanted_factors if f not in asked]
    if missing:
        return failed(
            f"the question names {', '.join(missing)}, no hypothesis does", remedy="again"
        )
    return passed(f"hypotheses about {', '.join(sorted(asked))}")
