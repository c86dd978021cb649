"""Does the answer say how far it reaches? Asked at the answer gate."""

from curie.domain.verdict import Finding
from curie.rigor.evidence import AnswerEvidence
from curie.rigor.finding import failed, passed


def limits_stated(evidence: AnswerEvidence) -> Finding:
    """Fail when no limit is stated.

    Every experiment holds something fixed or models something; an answer without limits claims to
    hold everywhere. Mended by saying what was modelled, held or not tried.
    """
    limits = [limit for limit in evidence.answer.limits if limit.strip()]
    if not limits:
        return failed("no limit is stated", remedy="again")
    return passed(f"{len(limits)} limits stated")
