"""Are the words as large as the effect? Asked at the answer gate."""

import re

from curie.domain.analysis import Analysis
from curie.domain.answer import Sentence
from curie.domain.claim import Difference, Equivalence, Ratio, Trend
from curie.domain.setting import contains
from curie.domain.verdict import Finding
from curie.rigor.evidence import AnswerEvidence
from curie.rigor.finding import failed, listed, passed
from curie.rigor.promises import HUGE, MAGNITUDE, MANIFOLD, MUCH, SMALL, asserted
from curie.rigor.speech import claims_of

MOST_FOR_SMALL = 1.25
BOUNDS: tuple[tuple[re.Pattern[str], float], ...] = (
    (MUCH, 1.05),
    (HUGE, 1.2),
    (MANIFOLD, 1.8),
    (MAGNITUDE, 5.0),
)
"""How many times one side has to be the other, at least, before such words are fair."""


def sizes_agree(evidence: AnswerEvidence) -> Finding:
    """Fail when the words make the effect larger or smaller than the estimate.

    "Slightly" for a quarter and more, "dramatically" for less than a fifth: the adjective is what
    the reader keeps. Judged where a sentence speaks of one claim with an estimate. Mended by the
    number alone, as a reference.
    """
    wrong, judged = [], 0
    for sentence in evidence.answer.sentences:
        named = claims_of(sentence)
        analysis = evidence.newest.get(named[0]) if len(named) == 1 else None
        times = times_apart(analysis) if analysis is not None else None
        if times is None:
            continue
        judged += 1
        wrong += [
            f"{w!r} for {_size(times)} in {sentence.text[:50]!r}" for w in _odd(sentence, times)
        ]
    if wrong:
        return failed(listed(wrong), remedy="again")
    return passed(f"{judged} sentences about an effect, none larger or smaller than it")


def times_apart(analysis: Analysis) -> float | None:
    """How many times the larger side of an effect is the smaller; None where there is no effect."""
    claim, estimate = analysis.claim, analysis.estimate
    if isinstance(claim, Trend):
        means = [
            s.mean for s in analysis.levels if s.metric == claim.metric and s.level is not None
        ]
        return _times(means[0], means[-1]) if len(means) > 1 else None
    if not isinstance(claim, Difference | Ratio | Equivalence) or estimate is None:
        return None
    if analysis.unit == "x":
        return _times(1.0, estimate)
    base = next(
        (
            s.mean
            for s in analysis.levels
            if s.metric == claim.metric and contains(s.settings, claim.b)
        ),
        None,
    )
    return None if base is None else _times(base, base + estimate)


def _times(one: float, other: float) -> float | None:
    small, large = sorted((abs(one), abs(other)))
    return large / small if small > 0 and one * other > 0 else None


def _odd(sentence: Sentence, times: float) -> list[str]:
    found = list(asserted(SMALL, sentence.text)) if times > MOST_FOR_SMALL else []
    for pattern, least in BOUNDS:
        if times < least:
            found += list(asserted(pattern, sentence.text))
    return found


def _size(times: float) -> str:
    return f"a factor of {times:.3g}"
