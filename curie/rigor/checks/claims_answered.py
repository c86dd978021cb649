"""Is every hypothesis tested, and told of? Asked at the answer gate."""

from curie.domain.verdict import Finding
from curie.rigor.evidence import AnswerEvidence
from curie.rigor.finding import failed, passed, skipped
from curie.rigor.speech import claims_of


def claims_answered(evidence: AnswerEvidence) -> Finding:
    """Fail when a confirmatory hypothesis has no analysis, or no sentence speaks of it.

    Whoever may leave a hypothesis out can report the ones that came out well. Mended by a sentence
    for it, or, where its analysis is missing, by giving up.
    """
    if evidence.answer.verdict == "gave_up":
        return skipped("the run was given up, and claims nothing")
    wanted = {h.id for p in evidence.plans if not p.exploratory for h in p.hypotheses}
    untested = sorted(wanted - evidence.newest.keys())
    if untested:
        return failed(f"never analysed: {', '.join(untested)}", remedy="give_up")
    told = {c for s in evidence.answer.sentences for c in claims_of(s)}
    untold = sorted(wanted - told)
    if untold:
        return failed(f"no sentence speaks of {', '.join(untold)}", remedy="again")
    return passed(f"{len(wanted)} hypotheses analysed and told of")
