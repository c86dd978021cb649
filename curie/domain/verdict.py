"""What the checks of one gate say about one thing."""

from typing import Literal

from pydantic import Field

from curie.domain.fact import Fact

GateName = Literal["plan", "setup", "control", "evidence", "answer"]

Remedy = Literal["none", "again", "rebuild", "replan", "give_up"]
"""again: the same role, with the findings in its brief; rebuild: the program; replan: the plan."""

REMEDIES: tuple[Remedy, ...] = ("none", "again", "rebuild", "replan", "give_up")
"""From the mildest to the gravest: a gate asks for the gravest of its findings."""


class Finding(Fact):
    """What one check says."""

    check: str
    status: Literal["passed", "failed", "warned", "skipped", "error"]
    """error: the check itself crashed, which is never a pass."""
    detail: str
    remedy: Remedy = "none"


class Verdict(Fact):
    """All findings of one gate, and what follows."""

    fact: Literal["verdict"] = "verdict"
    gate: GateName
    subject: str
    """The id of what was judged: a plan, a setup, a phase of a plan, an answer."""
    round: int = Field(ge=1)
    findings: tuple[Finding, ...]
    accepted: bool
    remedy: Remedy

    @property
    def failures(self) -> tuple[Finding, ...]:
        """The findings that stopped it."""
        return tuple(f for f in self.findings if f.status in ("failed", "error"))


class Opinion(Fact):
    """What a model-played reviewer thinks of a setup: a finding like others, overriding none."""

    fact: Literal["opinion"] = "opinion"
    setup: str
    trustworthy: bool
    concerns: tuple[str, ...] = ()
