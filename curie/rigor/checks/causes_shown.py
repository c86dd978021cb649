"""Does the answer name a cause that no arm isolates? Asked at the answer gate."""

from curie.domain.claim import factors_of
from curie.domain.verdict import Finding
from curie.rigor.evidence import AnswerEvidence
from curie.rigor.finding import failed, listed, passed
from curie.rigor.naming import factor_names, level_names, place
from curie.rigor.promises import CAUSE, STATISTICAL

LONGEST = 5
"""Words of a cause that is only the factor itself, as in `due to the larger cache`."""


def causes_shown(evidence: AnswerEvidence) -> Finding:
    """Fail when a sentence says why, and what it gives is not the varied factor itself.

    The trials show that an effect follows the factor; by which mechanism, no arm tells apart. A
    reason that lies in the experiment ("because the interval holds zero") is fine. Mended by
    leaving the cause out, or by an experiment that varies it.
    """
    wrong = []
    for sentence in evidence.answer.sentences:
        for found in CAUSE.finditer(sentence.text):
            what = found["what"]
            if not STATISTICAL.search(what) and not _is_factor(evidence, what):
                wrong.append(f"{found.group(0).strip()[:60]!r}")
    if wrong:
        return failed(f"no arm isolates this cause: {listed(wrong)}", remedy="again")
    return passed("no cause is named that no arm isolates")


def _is_factor(evidence: AnswerEvidence, what: str) -> bool:
    """Whether a cause is short and names a factor that was varied, or a level of it."""
    if "{{" in what:
        return len(what.split("{{")[0].split()) <= LONGEST
    if len(what.split()) > LONGEST:
        return False
    for plan in evidence.plans:
        asked = {f for h in plan.hypotheses for f in factors_of(h.claim)}
        for factor in (f for f in plan.factors if f.name in asked):
            names = [*factor_names(factor)]
            names += [n for level in factor.levels for n in level_names(factor, level)]
            if any(place(name, what) >= 0 for name in names):
                return True
    return False
