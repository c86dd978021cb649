"""Do the words point where the numbers do? Asked at the answer gate."""

import re

from curie.domain.analysis import Analysis
from curie.domain.claim import Difference, PairClaim, Ratio, Trend
from curie.domain.verdict import Finding
from curie.rigor.evidence import AnswerEvidence
from curie.rigor.finding import failed, listed, passed
from curie.rigor.naming import side_place
from curie.rigor.speech import claims_of, clauses, direction, prose

_TRENDS = {"rises": 1, "falls": -1}
_BENDS = ("flat", "peaks", "dips")
_BASE = re.compile(r"\b(?:baselines?|control|defaults?)\b", re.IGNORECASE)
_COMPARES = re.compile(
    r"\b(?:than|over|versus|vs|compared (?:with|to)|relative to|against|instead of)\b",
    re.IGNORECASE,
)


def direction_agrees(evidence: AnswerEvidence) -> Finding:
    """Fail when a sentence says "lower" where the estimate says higher, or "rises" of a peak.

    The words are what people remember. Each clause is judged that has one direction and no turn; if
    it starts from the other arm, its direction is turned round. A sentence about several claims is
    judged where all of them came out one way. Mended by the right word.
    """
    wrong, judged = [], 0
    for sentence in evidence.answer.sentences:
        named = [a for c in claims_of(sentence) if (a := evidence.newest.get(c)) is not None]
        known = len(named) == len(claims_of(sentence))
        if not named or not known or not all(_judgeable(a) for a in named):
            continue
        for clause in clauses(sentence.text):
            said = {_said(evidence, clause, analysis) for analysis in named}
            sign = said.pop() if len(said) == 1 else 0
            judged += bool(sign)
            if sign and all(effect_sign(a) != sign for a in named):
                way = "up" if sign > 0 else "down"
                wrong.append(f"{clause.strip()[:80]!r} says {way}, {named[0].id} found otherwise")
    if wrong:
        return failed(listed(wrong), remedy="again")
    return passed(f"{judged} clauses with a direction, all as the estimates say")


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


def _judgeable(analysis: Analysis) -> bool:
    """Whether the analysis has a direction, or the sure lack of one."""
    bent = isinstance(analysis.claim, Trend) and analysis.found in _BENDS
    return bool(effect_sign(analysis)) or (bent and analysis.verdict != "inconclusive")


def _said(evidence: AnswerEvidence, clause: str, analysis: Analysis) -> int:
    """Which way the clause says that the claim's metric goes, seen from its arm `a`."""
    claim = analysis.claim
    said = direction(clause, _unit(evidence, analysis))
    if said and isinstance(claim, Trend):
        # "it falls, then rises" is no direction of a trend that bends
        return 0 if analysis.found in _BENDS and re.search(r"\bthen\b", clause) else said
    if not said or not isinstance(claim, Difference | Ratio):
        return said
    return said * _view(evidence, clause, analysis.id, claim)


def _view(evidence: AnswerEvidence, clause: str, claim_id: str, claim: PairClaim) -> int:
    """+1 where the clause looks from arm `a`, -1 where it looks from `b`, 0 if that is unclear."""
    if _BASE.search(prose(clause)):
        return 0
    ref = f"claim.{claim_id}"
    a = side_place(evidence.plans, claim, "a", ref, clause)
    b = side_place(evidence.plans, claim, "b", ref, clause)
    compared = _COMPARES.search(clause)
    if a >= 0 and b >= 0:
        between = compared is not None and min(a, b) < compared.start() < max(a, b)
        return 1 if a < b else (-1 if between else 0)
    if b >= 0 and (compared is None or b < compared.start()):
        return 0 if re.search(r"\bfrom\b", clause) else -1
    return 1


def _unit(evidence: AnswerEvidence, analysis: Analysis) -> str:
    """The unit of the metric itself: an estimate may be a ratio or a slope."""
    name = analysis.claim.metric
    units = (m.unit for p in evidence.plans if (m := p.metric(name)) is not None)
    return next(units, analysis.unit)
