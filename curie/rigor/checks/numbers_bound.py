"""Does a fact stand behind every number? Asked at the answer gate."""

from curie.domain.binding import unbound_numbers
from curie.domain.verdict import Finding
from curie.rigor.evidence import AnswerEvidence
from curie.rigor.finding import failed, listed, passed


def numbers_bound(evidence: AnswerEvidence) -> Finding:
    """Fail when a sentence holds a number, in digits or in words, outside a reference.

    Only code prints a number: one that somebody typed may be wrong, and nobody could trace it.
    Mended by a reference like {{ claim.c1.estimate }}.
    """
    loose = [
        f"{number!r} in {sentence.text[:60]!r}"
        for sentence in evidence.answer.sentences
        for number in unbound_numbers(sentence.text)
    ]
    if loose:
        return failed(f"no fact stands behind {listed(loose)}", remedy="again")
    return passed("every number is bound to a fact")
