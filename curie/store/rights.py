"""Who may write what. The table is closed: a kind that is not here can be written by nobody."""

from collections.abc import Mapping
from typing import Final

from curie.domain.analysis import Analysis
from curie.domain.answer import Answer
from curie.domain.call import ModelCall
from curie.domain.command import Command
from curie.domain.dossier import AnyFact, Chosen, Closed, Opened, Role
from curie.domain.errors import ForbiddenFact
from curie.domain.fact import Fact
from curie.domain.outcome import Failed, Measured
from curie.domain.plan import Approval, Frozen, Plan
from curie.domain.setup import Setup, Started
from curie.domain.verdict import Opinion, Verdict

RIGHTS: Final[Mapping[Role, tuple[type[Fact], ...]]] = {
    "user": (Approval,),
    "loop": (Opened, Chosen, Frozen, Answer, Closed),
    "architect": (Plan, ModelCall),
    "technician": (Setup, ModelCall),
    "reviewer": (Opinion, ModelCall),
    "executor": (Started, Measured, Failed),
    "gatekeeper": (Verdict,),
    "statistician": (Analysis,),
    "analyst": (Answer, ModelCall),
    "baseline": (Setup, Command, Answer, ModelCall),
}
"""The kinds of facts that a role may write.

The loop's Answer can only be that it gave up, and only the baseline's may state claims of its own.
"""


def demand(role: Role, fact: AnyFact) -> None:
    """Nothing, if the role may write this fact; else ForbiddenFact."""
    if type(fact) not in RIGHTS[role]:
        allowed = ", ".join(kind.__name__ for kind in RIGHTS[role])
        raise ForbiddenFact(
            f"the {role} may not write a fact of kind {fact.fact!r}; it writes {allowed}"
        )
    if isinstance(fact, Answer):
        _demand_answer(role, fact)


def _demand_answer(role: Role, answer: Answer) -> None:
    if role == "loop" and answer.verdict != "gave_up":
        raise ForbiddenFact(
            f"the loop may not write an answer that says {answer.verdict!r}: only the analyst "
            "answers, and the loop gives up"
        )
    if role != "baseline" and answer.stated:
        raise ForbiddenFact(
            f"the {role} may not state claims in an answer: a claim is an analysis, by the "
            "statistician"
        )
