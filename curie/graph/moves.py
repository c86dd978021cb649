"""The one table of ways on and ways back, as data. The loop lets no step lead anywhere else."""

from curie.domain.verdict import GateName, Remedy, Verdict
from curie.graph.state import Cursor, Move, StepName

NEXT: dict[tuple[GateName, Remedy], StepName] = {
    ("plan", "none"): "approve",
    ("plan", "again"): "plan",
    ("plan", "replan"): "plan",
    ("setup", "none"): "control",
    ("setup", "again"): "prepare",
    ("setup", "rebuild"): "prepare",
    ("setup", "replan"): "plan",
    ("control", "none"): "treat",
    ("control", "again"): "prepare",
    ("control", "rebuild"): "prepare",
    ("control", "replan"): "plan",
    ("evidence", "none"): "analyse",
    ("evidence", "again"): "prepare",
    ("evidence", "rebuild"): "prepare",
    ("evidence", "replan"): "plan",
    ("answer", "none"): "close",
    ("answer", "again"): "conclude",
}
"""What is not named here (a gate that asks to give up, or for what it cannot have) gives up."""

JUDGED: dict[StepName, GateName] = {
    "vet_plan": "plan",
    "vet_setup": "setup",
    "vet_control": "control",
    "vet_evidence": "evidence",
    "vet_answer": "answer",
}
"""The steps at which a gate judges. Where they lead is in `NEXT`."""

ONWARD: dict[StepName, tuple[StepName, ...]] = {
    "plan": ("vet_plan", "give_up"),
    "approve": ("freeze", "plan", "give_up"),
    "freeze": ("prepare",),
    "prepare": ("probe",),
    "probe": ("vet_setup",),
    "control": ("vet_control",),
    "treat": ("reexecute",),
    "reexecute": ("vet_evidence",),
    "analyse": ("conclude", "plan", "control"),
    "conclude": ("vet_answer",),
    "close": ("end",),
    "give_up": ("end",),
}
"""Where the other steps lead, the usual way first.

The architect may be out of ideas; the person may comment, which is a way back, or say no; an
analysis may go on to the plan's next look, of which a plan has as many as were frozen with it, or
ask for a plan of its own, which spends one of those that a run has.
"""


def leads(step: StepName) -> frozenset[StepName]:
    """Where a step can lead; nowhere from the end."""
    gate = JUDGED.get(step)
    if gate is None:
        return frozenset(ONWARD.get(step, ()))
    return frozenset({to for (of, _), to in NEXT.items() if of == gate} | {"give_up"})


def after(verdict: Verdict, cursor: Cursor) -> Move:
    """Where a verdict leads. Every way back spends one; without any left the run gives up."""
    if verdict.accepted:
        return Move(step=NEXT[verdict.gate, "none"])
    to = NEXT.get((verdict.gate, verdict.remedy), "give_up")
    if to == "give_up" or verdict.remedy == "none":
        return Move(step="give_up")
    return back(to, cursor)


def back(to: StepName, cursor: Cursor) -> Move:
    """A way back, which spends one; the way to give up where none is left."""
    if cursor["ways_back"] <= 0:
        return Move(step="give_up")
    return Move(step=to, ways_back=cursor["ways_back"] - 1)
