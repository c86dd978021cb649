"""Does the answer stay with what was tried? Asked at the answer gate."""

from curie.domain.verdict import Finding
from curie.rigor.evidence import AnswerEvidence
from curie.rigor.finding import failed, listed, passed
from curie.rigor.promises import SURE, asserted, beyond


def reach_kept(evidence: AnswerEvidence) -> Finding:
    """Fail when a sentence reaches beyond the trials: "always", "every workload", "it is proven".

    A few arms on one machine say nothing of other systems, inputs or sizes, a test is never a
    proof, and advice rests on more than one experiment. What is kept to "the levels that were run"
    may be told of all of them. Mended by saying for what it was found.
    """
    wrong = [
        f"{words!r} in {sentence.text[:60]!r}"
        for sentence in evidence.answer.sentences
        for words in (*beyond(sentence.text), *asserted(SURE, sentence.text))
    ]
    if wrong:
        return failed(f"beyond what was run: {listed(wrong)}", remedy="again")
    return passed("no sentence reaches beyond the trials")
