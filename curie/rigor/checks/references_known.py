"""Do the references lead somewhere? Asked at the answer gate."""

from curie.domain.binding import unknown_references
from curie.domain.verdict import Finding
from curie.rigor.evidence import AnswerEvidence
from curie.rigor.finding import failed, listed, passed


def references_known(evidence: AnswerEvidence) -> Finding:
    """Fail when a sentence refers to a claim that was not analysed, or to no field of one.

    A reference to nothing cannot be printed, and a sentence about an untested claim is an opinion.
    Mended by naming an analysed claim.
    """
    analyses = evidence.newest
    wrong = [
        reference
        for sentence in evidence.answer.sentences
        for reference in unknown_references(sentence.text, analyses.values())
    ]
    wrong += [
        f"claim {claim}"
        for sentence in evidence.answer.sentences
        for claim in sentence.claims
        if claim not in analyses
    ]
    if wrong:
        known = ", ".join(sorted(analyses)) or "none"
        return failed(f"{listed(wrong)}: not analysed (analysed: {known})", remedy="again")
    return passed("every reference leads to an analysis")
