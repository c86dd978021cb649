"""The one table of ways on and ways back, as data."""

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


def after(verdict: Verdict, cursor: Cursor) -> Move:
    """Where a verdict leads. Every way back spends one; without any left the run gives up."""
    if verdict.accepted:
        return Move(step=NEXT[verdict.gate, "none"])
    back = NEXT.get((verdict.gate, verdict.remedy), "give_up")
    if back == "give_up" or verdict.remedy == "none" or cursor["ways_back"] <= 0:
        return Move(step="give_up")
    return Move(step=back, ways_back=cursor["ways_back"] - 1)
