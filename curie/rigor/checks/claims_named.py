"""Does each sentence say which claims it speaks of? Asked at the answer gate."""

from curie.domain.answer import Sentence
from curie.domain.claim import metrics_of
from curie.domain.system import Metric
from curie.domain.verdict import Finding
from curie.rigor.evidence import AnswerEvidence
from curie.rigor.finding import failed, listed, passed
from curie.rigor.naming import level_names, metric_names, place
from curie.rigor.promises import HUGE, MUCH, SAME, SMALL, asserted
from curie.rigor.speech import claims_of, direction, prose


def claims_named(evidence: AnswerEvidence) -> Finding:
    """Fail when a sentence tells a result and names no claim, or speaks of another claim's metric.

    What is bound to no claim is held against none: it would be the place to say what one likes.
    Mended by listing the claims that the sentence rests on, or by leaving it out.
    """
    wrong = []
    for sentence in evidence.answer.sentences:
        named = [a for c in claims_of(sentence) if (a := evidence.newest.get(c)) is not None]
        if not _tells(sentence):
            continue
        if not named:
            if _about_the_system(evidence, sentence):
                wrong.append(f"{sentence.text[:60]!r} rests on no claim")
            continue
        metrics = {m for a in named for m in metrics_of(a.claim)}
        strangers = [m.name for m in _metrics(evidence) if _strange(m, metrics, sentence)]
        wrong += [f"{sentence.text[:60]!r} tells of {m}, its claims do not" for m in strangers]
    if wrong:
        return failed(listed(wrong), remedy="again")
    return passed("every result rests on a claim that its sentence names")


def _tells(sentence: Sentence) -> bool:
    """Whether a sentence tells a result: a direction, a size, or that all is the same."""
    text = sentence.text
    return bool(direction(text, "s")) or any(
        True for kind in (SAME, SMALL, MUCH, HUGE) for _ in asserted(kind, text)
    )


def _about_the_system(evidence: AnswerEvidence, sentence: Sentence) -> bool:
    text = prose(sentence.text)
    names = [n for m in _metrics(evidence) for n in metric_names(m)]
    for plan in evidence.plans:
        for varied in plan.vary:
            factor = plan.factor(varied.factor)
            names += [n for x in varied.levels for n in level_names(factor, x)]
    return any(place(name, text) >= 0 for name in names)


def _metrics(evidence: AnswerEvidence) -> tuple[Metric, ...]:
    found = {m.name: m for p in evidence.plans for m in p.metrics}
    return tuple(found.values())


def _strange(metric: Metric, own: set[str], sentence: Sentence) -> bool:
    """Whether the full name of a metric stands in a sentence whose claims have nothing of it."""
    if metric.name in own or "_" not in metric.name:
        return False
    return place(metric.name, prose(sentence.text)) >= 0
