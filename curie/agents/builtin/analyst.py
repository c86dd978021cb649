"""The built-in analyst: one sentence a claim, its numbers left to the report."""

from curie.agents.briefs import AnalystBrief
from curie.domain.analysis import Analysis
from curie.domain.answer import Answer, Sentence, overall


class BuiltinAnalyst:
    """Says what the analyses say, in fixed words."""

    def answer(self, brief: AnalystBrief, *, answer_id: str) -> Answer:
        """The answer; its verdict follows from the analyses."""
        return Answer(
            id=answer_id,
            verdict=overall(a.verdict for a in brief.analyses),
            sentences=tuple(Sentence(text=sentence(a), claims=(a.id,)) for a in brief.analyses),
            limits=_limits(brief),
            plan=brief.plans[-1].id,
        )


def sentence(analysis: Analysis) -> str:
    """What one analysis found, with references where its numbers go."""
    ref = f"claim.{analysis.id}"
    lead = {
        "supported": f"Supported: {{{{ {ref}.text }}}}",
        "refuted": f"Refuted: {{{{ {ref}.text }}}}",
        "inconclusive": f"Inconclusive: the trials do not decide whether {{{{ {ref}.text }}}}",
    }[analysis.verdict]
    found = f" (found: {{{{ {ref}.found }}}})" if analysis.found else ""
    return f"{lead}{found}{_size(analysis, ref)}."


def _size(analysis: Analysis, ref: str) -> str:
    if analysis.estimate is None:
        return ""
    change = ""
    if analysis.claim.kind in ("difference", "equivalence"):
        change = f" or {{{{ {ref}.change }}}}"
    return (
        f"; {{{{ {ref}.effect }}}} {{{{ {ref}.estimate }}}}{change}, "
        f"interval {{{{ {ref}.interval }}}}"
    )


def _limits(brief: AnalystBrief) -> tuple[str, ...]:
    stated = [limit for plan in brief.plans for limit in plan.limits]
    kind = f"The trials are {brief.system.mode}: {brief.system.modelled}"
    return tuple(dict.fromkeys((*stated, kind, *brief.warnings)))
