"""Does a fact stand behind every number? Asked at the answer gate."""

from curie.domain.binding import unbound_numbers
from curie.domain.verdict import Finding
from curie.rigor.evidence import AnswerEvidence
from curie.rigor.finding import failed, listed, passed


def numbers_bound(evidence: AnswerEvidence) -> Finding:
    """Fail when a sentence or a limit holds a number, in digits or words, outside a reference.

    Only code prints a number: one that somebody typed may be wrong, and nobody could trace it. A
    limit may repeat, word for word, what the plan, the manifest or the program said before.
    Mended by a reference like {{ claim.c1.estimate }}, or by a limit without a number.
    """
    texts = [s.text for s in evidence.answer.sentences]
    texts += [_new_part(limit, evidence.said_before) for limit in evidence.answer.limits]
    loose = [
        f"{number!r} in {text.strip()[:60]!r}" for text in texts for number in unbound_numbers(text)
    ]
    if loose:
        return failed(f"no fact stands behind {listed(loose)}", remedy="again")
    return passed("every number is bound to a fact")


def _new_part(limit: str, said_before: tuple[str, ...]) -> str:
    """What a limit says beyond what was said before the answer."""
    for known in sorted(said_before, key=len, reverse=True):
        limit = limit.replace(known, " ")
    return limit
