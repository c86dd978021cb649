"""Do the words point where the numbers do? Asked at the answer gate."""

from curie.domain.analysis import Analysis
from curie.domain.answer import Sentence
from curie.domain.claim import Difference, PairClaim, Ratio, Trend
from curie.domain.setting import level_text
from curie.domain.verdict import Finding
from curie.rigor.evidence import AnswerEvidence
from curie.rigor.finding import failed, listed, passed
from curie.rigor.speech import claims_of, direction, prose

_TRENDS = {"rises": 1, "falls": -1}


def direction_agrees(evidence: AnswerEvidence) -> Finding:
    """Fail when a sentence about one claim says "lower" where the estimate says higher.

    The words are what people remember. Only plain sentences are judged: one claim, one direction,
    no turn; a sentence that starts from the other arm is left alone. Mended by the right word.
    """
    wrong, judged = [], 0
    for sentence in evidence.answer.sentences:
        named = claims_of(sentence)
        analysis = evidence.newest.get(named[0]) if len(named) == 1 else None
        if analysis is None:
            continue
        said, found = _said(sentence, analysis, _unit(evidence, analysis)), effect_sign(analysis)
        judged += bool(said and found)
        if said * found < 0:
            way = "up" if said > 0 else "down"
            wrong.append(f"{sentence.text[:80]!r} says {way}, {analysis.id} found the opposite")
    if wrong:
        return failed(listed(wrong), remedy="again")
    return passed(f"{judged} sentences with a direction, all as the estimates say")


def effect_sign(analysis: Analysis) -> int:
    """+1 where the metric was found higher with `a` or rising, -1 for the opposite, else 0."""
    claim, estimate = analysis.claim, analysis.estimate
    if analysis.verdict == "inconclusive":
        return 0
    if isinstance(claim, Trend):
        return _TRENDS.get(analysis.found, 0)
    if not isinstance(claim, Difference | Ratio) or estimate is None:
        return 0
    middle = 1.0 if analysis.unit == "x" else 0.0
    return (estimate > middle) - (estimate < middle)


def _said(sentence: Sentence, analysis: Analysis, unit: str) -> int:
    claim = analysis.claim
    if isinstance(claim, Difference | Ratio) and _starts_from_b(sentence.text, analysis.id, claim):
        return 0
    return direction(sentence.text, unit)


def _starts_from_b(text: str, claim_id: str, claim: PairClaim) -> bool:
    """Whether the sentence may look from arm `b`, so that its words point the other way."""
    b = [f"claim.{claim_id}.b", *(level_text(s.level) for s in claim.b)]
    a = [f"claim.{claim_id}.a", *(level_text(s.level) for s in claim.a)]
    where_b = [at for word in b if (at := text.lower().find(word.lower())) >= 0]
    where_a = [at for word in a if (at := text.lower().find(word.lower())) >= 0]
    plain = prose(text).lower()
    if "baseline" in plain or "control" in plain or "default" in plain:
        return True
    return bool(where_b) and (not where_a or min(where_b) < min(where_a))


def _unit(evidence: AnswerEvidence, analysis: Analysis) -> str:
    """The unit of the metric itself: an estimate may be a ratio or a slope."""
    name = analysis.claim.metric
    units = (m.unit for p in evidence.plans if (m := p.metric(name)) is not None)
    return next(units, analysis.unit)
