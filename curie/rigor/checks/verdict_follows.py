"""Does the verdict follow from the analyses? Asked at the answer gate."""

from curie.domain.answer import overall
from curie.domain.verdict import Finding
from curie.rigor.evidence import AnswerEvidence
from curie.rigor.finding import failed, passed, skipped


def verdict_follows(evidence: AnswerEvidence) -> Finding:
    """Fail when the answer's verdict is not what its claims' verdicts add up to.

    All alike: that one; else mixed. Exploratory claims count only where there are no others. A
    verdict of taste would make the analyses a decoration. Mended by taking the one that follows.
    """
    said = evidence.answer.verdict
    if said == "gave_up":
        return skipped("the run was given up, and claims nothing")
    analyses = evidence.newest.values()
    counted = [a for a in analyses if not a.exploratory] or list(analyses)
    follows = overall(a.verdict for a in counted)
    if said != follows:
        return failed(f"the answer says {said}, its claims add up to {follows}", remedy="again")
    return passed(f"{said}, as its {len(counted)} claims say")
