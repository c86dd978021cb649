"""The built-in analyst: one sentence a claim, its numbers left to the report."""

from curie.agents.briefs import AnalystBrief
from curie.domain.analysis import Analysis
from curie.domain.answer import Answer, Sentence, overall
from curie.domain.claim import is_open


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
    match analysis.verdict:
        case "supported":
            return f"{_found(analysis, ref)}{_size(analysis, ref)}."
        case "refuted":
            return (
                f"It is refuted that {{{{ {ref}.text }}}} (found: {{{{ {ref}.found }}}})"
                f"{_size(analysis, ref)}."
            )
        case "inconclusive":
            return f"It stays inconclusive whether {{{{ {ref}.text }}}}{_size(analysis, ref)}."


def _found(analysis: Analysis, ref: str) -> str:
    """The claim as it came out; an open one in the words of what was found."""
    claim = analysis.claim
    if not is_open(claim):
        return f"{{{{ {ref}.text }}}}"
    match claim.kind:
        case "trend":
            verb = "stays flat" if analysis.found == "flat" else f"{{{{ {ref}.found }}}}"
            return f"{{{{ {ref}.metric }}}} {verb} along {{{{ {ref}.factor }}}}"
        case "difference":
            return (
                f"{{{{ {ref}.metric }}}} is {{{{ {ref}.found }}}} with {{{{ {ref}.a }}}} "
                f"than with {{{{ {ref}.b }}}}"
            )
        case "law":
            law = f"a {{{{ {ref}.found }}}} law"
            return f"{{{{ {ref}.metric }}}} follows {law} in {{{{ {ref}.factor }}}}"
        case _:
            return f"{{{{ {ref}.text }}}}: {{{{ {ref}.found }}}}"


def _size(analysis: Analysis, ref: str) -> str:
    if analysis.estimate is None:
        return ""
    numbers = f"{{{{ {ref}.estimate }}}}, interval {{{{ {ref}.interval }}}}"
    if analysis.claim.kind in ("difference", "equivalence"):
        return f" (difference {{{{ {ref}.change }}}} or {numbers})"
    return f" ({{{{ {ref}.effect }}}}: {numbers})"


def _limits(brief: AnalystBrief) -> tuple[str, ...]:
    stated = [limit for plan in brief.plans for limit in plan.limits]
    kind = f"The trials are {brief.system.mode}: {brief.system.modelled}"
    return tuple(dict.fromkeys((*stated, kind, *brief.warnings)))
