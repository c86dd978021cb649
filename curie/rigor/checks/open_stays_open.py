"""Is what is undecided told as undecided? Asked at the answer gate."""

from curie.domain.verdict import Finding
from curie.rigor.evidence import AnswerEvidence
from curie.rigor.finding import failed, listed, passed
from curie.rigor.speech import claims_of, hedged


def open_stays_open(evidence: AnswerEvidence) -> Finding:
    """Fail when a sentence about an inconclusive claim does not say that it is undecided.

    "Not shown" is not "shown not to be", and neither is it shown. Mended by saying so, in words
    like "inconclusive" or "no evidence", or by printing {{ claim.c1.verdict }}.
    """
    undecided = {i for i, a in evidence.newest.items() if a.verdict == "inconclusive"}
    wrong = [
        f"{sentence.text[:80]!r} speaks of {claim}, which is inconclusive"
        for sentence in evidence.answer.sentences
        for claim in claims_of(sentence)
        if claim in undecided and not hedged(sentence, claim)
    ]
    if wrong:
        return failed(listed(wrong), remedy="again")
    return passed(f"{len(undecided)} inconclusive claims, told as such")
