"""Is the level that the words call best the one that was found? Asked at the answer gate."""

import re

from curie.domain.analysis import Analysis
from curie.domain.answer import Sentence
from curie.domain.claim import Best
from curie.domain.setting import level_text
from curie.domain.verdict import Finding
from curie.rigor.evidence import AnswerEvidence
from curie.rigor.finding import failed, listed, passed, skipped
from curie.rigor.naming import PLAIN, level_names, place
from curie.rigor.promises import asserted
from curie.rigor.speech import claims_of, prose

_LOWEST = re.compile(
    r"\b(?:lowest|fewest|least|smallest|fastest|quickest|cheapest|shortest|best|wins?|beats?)\b",
    re.IGNORECASE,
)
_HIGHEST = re.compile(r"\b(?:highest|most|largest|greatest|best|wins?|beats?)\b", re.IGNORECASE)


def winners_agree(evidence: AnswerEvidence) -> Finding:
    """Fail when a sentence calls one level the best, and the test found others.

    Judged where a sentence about a best level names exactly one level of the factor. Mended by the
    level that {{ claim.c1.found }} prints.
    """
    wrong, judged = [], 0
    for sentence in evidence.answer.sentences:
        for claim in claims_of(sentence):
            analysis = evidence.newest.get(claim)
            if analysis is None or not isinstance(analysis.claim, Best):
                continue
            judged += 1
            level = _called_best(evidence, sentence, analysis, analysis.claim)
            if level and level not in [x.strip() for x in analysis.found.split(",")]:
                wrong.append(f"{level} is called best, {claim} found {analysis.found or 'none'}")
    if wrong:
        return failed(listed(wrong), remedy="again")
    if not judged:
        return skipped("no sentence about a best level")
    return passed(f"{judged} sentences about a best level, none names another")


def _called_best(
    evidence: AnswerEvidence, sentence: Sentence, analysis: Analysis, claim: Best
) -> str:
    words = _LOWEST if claim.goal == "lowest" else _HIGHEST
    if analysis.verdict == "refuted" or not any(asserted(words, sentence.text)):
        return ""
    named = {
        level_text(level)
        for plan in evidence.plans
        for varied in plan.vary
        if varied.factor == claim.factor
        for level in varied.levels
        for name in level_names(plan.factor(claim.factor), level)
        if name.lower() not in PLAIN and place(name, prose(sentence.text)) >= 0
    }
    return named.pop() if len(named) == 1 else ""
