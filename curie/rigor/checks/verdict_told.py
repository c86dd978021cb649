"""Do the words say of each claim what its test said? Asked at the answer gate."""

from curie.domain.analysis import Analysis
from curie.domain.answer import Sentence
from curie.domain.claim import Equivalence, Trend
from curie.domain.verdict import Finding
from curie.rigor.evidence import AnswerEvidence
from curie.rigor.finding import failed, listed, passed
from curie.rigor.promises import REFUTES, SAME, SUPPORTS, asserted
from curie.rigor.speech import claims_of

_DIFFERS = ("higher", "lower", "rises", "falls", "peaks", "dips")


def verdict_told(evidence: AnswerEvidence) -> Finding:
    """Fail when a sentence tells a claim otherwise than its test came out.

    "Refuted" of a supported claim or the other way round, either of an undecided one, "no
    difference" where one was found, or where it could not be told: no evidence of a difference is
    no evidence of none. Mended by the word that {{ claim.c1.verdict }} prints.
    """
    wrong = []
    for sentence in evidence.answer.sentences:
        for claim in claims_of(sentence):
            analysis = evidence.newest.get(claim)
            alone = len(claims_of(sentence)) == 1
            if analysis is not None and alone and (said := _wrong(sentence, analysis)):
                found = analysis.found or analysis.verdict
                wrong.append(f"{said!r} of {claim}, which is {analysis.verdict} ({found})")
    if wrong:
        return failed(listed(wrong), remedy="again")
    return passed("no claim is told otherwise than its test came out")


def _wrong(sentence: Sentence, analysis: Analysis) -> str:
    text = sentence.text
    match analysis.verdict:
        case "supported":
            kinds = [REFUTES, *((SAME,) if _differs(analysis) else ())]
        case "refuted":
            kinds = [SUPPORTS, *((SAME,) if _differs(analysis) else ())]
        case "inconclusive":
            kinds = [REFUTES, SUPPORTS, SAME]
    return next((said for kind in kinds for said in asserted(kind, text)), "")


def _differs(analysis: Analysis) -> bool:
    """Whether a difference, or a movement, is what was found."""
    if isinstance(analysis.claim, Equivalence):
        return analysis.verdict == "refuted"
    if isinstance(analysis.claim, Trend) and analysis.found == "flat":
        return False
    return analysis.found in _DIFFERS
