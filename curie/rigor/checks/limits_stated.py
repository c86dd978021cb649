"""Does the answer say how far it reaches? Asked at the answer gate."""

import re

from curie.domain.verdict import Finding
from curie.rigor.evidence import AnswerEvidence
from curie.rigor.finding import failed, passed

_EMPTY = re.compile(
    r"^\W*(?:none|nothing|no|not any|n/?a|nil|unlimited|there (?:are|is) (?:none|no limits?"
    r"|no limitations?)|no (?:known |further |other )?(?:limits?|limitations?)"
    r"(?: (?:apply|known|at all))?|without (?:any )?(?:limits?|limitations?))\W*$",
    re.IGNORECASE,
)


def limits_stated(evidence: AnswerEvidence) -> Finding:
    """Fail when no limit is stated, or only that there is none.

    Every experiment holds something fixed or models something; an answer without limits claims to
    hold everywhere. Mended by saying what was modelled, held or not tried.
    """
    limits = [x for x in evidence.answer.limits if x.strip() and not _EMPTY.match(x)]
    if not limits:
        return failed("no limit is stated", remedy="again")
    return passed(f"{len(limits)} limits stated")
