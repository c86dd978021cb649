"""Does the answer speak of what was run? Asked at the answer gate."""

import re

from curie.domain.plan import Plan
from curie.domain.setting import level_of, level_text
from curie.domain.verdict import Finding
from curie.rigor.evidence import AnswerEvidence
from curie.rigor.finding import failed, listed, passed
from curie.rigor.speech import prose

_SETTING = re.compile(r"\b([A-Za-z]\w*)\s?=\s?([\w.+-]+)")


def only_what_was_run(evidence: AnswerEvidence) -> Finding:
    """Fail when a sentence names a factor=level that no arm of any analysed plan had.

    About what was not run, the trials say nothing. Only the spelling factor=level is looked for.
    Mended by leaving it out.
    """
    wrong = []
    for sentence in evidence.answer.sentences:
        for factor, level in _SETTING.findall(prose(sentence.text)):
            run = {text for p in evidence.plans for text in _levels(p, factor)}
            if level.rstrip(".") not in run:
                wrong.append(f"{factor}={level.rstrip('.')}")
    if wrong:
        return failed(f"not run: {listed(sorted(set(wrong)))}", remedy="again")
    return passed("no setting is named that was not run")


def _levels(plan: Plan, factor: str) -> set[str]:
    """The levels at which a plan ran a factor, as they are written."""
    levels = (level_of(plan.full_settings(a), factor) for a in plan.arms)
    return {level_text(x) for x in levels if x is not None}
