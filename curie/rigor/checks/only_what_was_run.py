"""Does the answer speak of what was run? Asked at the answer gate."""

import re

from curie.domain.plan import Plan
from curie.domain.setting import level_of, level_text
from curie.domain.verdict import Finding
from curie.rigor.evidence import AnswerEvidence
from curie.rigor.finding import failed, listed, passed
from curie.rigor.naming import PLAIN, factor_names, level_names, place
from curie.rigor.speech import prose

_SETTING = re.compile(r"\b([A-Za-z]\w*)\s?=\s?([\w.+-]+)")
_MOVED = (
    r"(?:effects?|influence|impact|role) of (?:the )?{name}",
    r"(?:larger|smaller|higher|lower|more|fewer|increasing|growing|rising|any|every|each) {name}",
    r"{name} (?:has|have|does|do|matters?|affects?|changes?|improves?|lowers?|raises?|cuts?"
    r"|reduces?|increases?)",
    r"(?:along|with|as) (?:the )?{name} (?:grows?|rises?|increases?|falls?|shrinks?)",
    r"along (?:the )?{name}",
)
"""What a sentence says of a factor when it speaks of varying it."""


def only_what_was_run(evidence: AnswerEvidence) -> Finding:
    """Fail when a sentence names a level that no arm had, or an effect of a factor that was held.

    About what was not run, the trials say nothing. Looked for are factor=level, the named levels of
    the plan's factors with the manifest's words for them, and factors that stood still. Mended by
    leaving it out.
    """
    wrong = []
    for sentence in evidence.answer.sentences:
        text = prose(sentence.text)
        for factor, level in _SETTING.findall(text):
            run = {text for p in evidence.plans for text in _run(p, factor)}
            if level.rstrip(".") not in run:
                wrong.append(f"{factor}={level.rstrip('.')}")
        wrong += [*_unrun_levels(evidence, text), *_held_factors(evidence, text)]
    if wrong:
        return failed(f"not run: {listed(sorted(set(wrong)))}", remedy="again")
    return passed("nothing is named that was not run")


def _run(plan: Plan, factor: str) -> set[str]:
    """The levels at which a plan ran a factor, as they are written."""
    levels = (level_of(plan.full_settings(a), factor) for a in plan.arms)
    return {level_text(x) for x in levels if x is not None}


def _unrun_levels(evidence: AnswerEvidence, text: str) -> list[str]:
    """Named levels that stand in the text and were run in no plan, unless they may be other words.

    A word that names a level which was run as well, of any factor, says nothing.
    """
    run: set[str] = set()
    unrun: dict[str, str] = {}
    for plan in evidence.plans:
        for factor in plan.factors:
            done = _run(plan, factor.name)
            for level in (x for x in factor.levels if isinstance(x, str)):
                names = {n.lower() for n in level_names(factor, level)}
                if level in done:
                    run |= names
                else:
                    unrun.update(dict.fromkeys(names, f"{factor.name}={level}"))
    return [
        setting
        for name, setting in unrun.items()
        if name not in run
        and name not in PLAIN
        and not _part_of(name, run)
        and place(name, text) >= 0
    ]


def _part_of(name: str, names: set[str]) -> bool:
    """Whether a name is a word of one that was run: `IVF` of `IVF-PQ`."""
    return any(place(name, other) >= 0 for other in names)


def _held_factors(evidence: AnswerEvidence, text: str) -> list[str]:
    """Factors that no plan varied and whose effect the text speaks of."""
    varied = {v.factor for p in evidence.plans for v in p.vary}
    metrics = {m.name for p in evidence.plans for m in p.metrics}
    held = {f.name: f for p in evidence.plans for f in p.factors if f.name not in varied}
    return [
        f"an effect of {factor.name}"
        for factor in held.values()
        if factor.name not in metrics
        and any(
            re.search(rf"\b{form.format(name=_spelled(name))}\b", text, re.IGNORECASE)
            for name in factor_names(factor)
            if len(name) > 2
            for form in _MOVED
        )
    ]


def _spelled(name: str) -> str:
    return r"[\s_-]".join(re.escape(part) for part in re.split(r"[\s_-]+", name))
