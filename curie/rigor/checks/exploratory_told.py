"""Is what was found after looking told as such? Asked at the answer gate."""

from curie.domain.verdict import Finding
from curie.rigor.evidence import AnswerEvidence
from curie.rigor.finding import failed, listed, passed
from curie.rigor.speech import claims_of, told_as_exploratory


def exploratory_told(evidence: AnswerEvidence) -> Finding:
    """Fail when an exploratory analysis is not marked, or a sentence tells it as confirmed.

    A hypothesis chosen from the data fits the data. Such a finding may be told, as a suggestion
    for the next experiment. Mended by the word "exploratory" in the sentence.
    """
    plans = {p.id: p for p in evidence.plans}
    wrong = [
        f"the analysis of {a.id} is not marked exploratory, its plan {a.plan} is"
        for a in evidence.newest.values()
        if a.plan in plans and plans[a.plan].exploratory and not a.exploratory
    ]
    if wrong:
        return failed(listed(wrong), remedy="give_up")
    loose = {i for i, a in evidence.newest.items() if a.exploratory}
    wrong = [
        f"{sentence.text[:80]!r} tells {claim} as confirmed"
        for sentence in evidence.answer.sentences
        for claim in claims_of(sentence)
        if claim in loose and not told_as_exploratory(sentence)
    ]
    if wrong:
        return failed(listed(wrong), remedy="again")
    return passed(f"{len(loose)} exploratory analyses, told as such")
