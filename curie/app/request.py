"""What a person asks for, and what they get."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from curie.domain.dossier import AgentName
from curie.domain.fact import Fact
from curie.domain.plan import Approval, Plan
from curie.domain.question import Budget

Approve = Callable[[Plan], Approval]
"""Shows a plan to the person and returns what they said."""


class Request(Fact):
    """A question with its options: enough to start a run, and to resume it."""

    question: str
    agent: AgentName = "curie"
    system: str | None = None
    model: str = "builtin"
    roles: tuple[tuple[str, str], ...] = ()
    sandbox: str = "auto"
    workers: int = 2
    workspace: Path | None = None
    dataset: Path | None = None
    budget: Budget = Budget()
    allow_unknown_price: bool = False
    without: tuple[str, ...] = ()
    """Checks, and parts of rigor, that are switched off."""


@dataclass(frozen=True)
class Ended:
    """What a run came to."""

    run: str
    verdict: str
    answer: str
    report: Path
    sandbox: str
    claims: tuple[dict[str, Any], ...]
    exit_code: int
    open_doors: tuple[str, ...] = ()
    """What the sandbox did not protect from."""
    agent: AgentName = "curie"
    limits: tuple[str, ...] = ()
    """What the answer does not reach; where the run gave up, what is missing."""
    without: tuple[str, ...] = ()
    """Checks, and parts of rigor, that were switched off."""

    def as_json(self) -> dict[str, Any]:
        """The object that `curie ask --json` ends with."""
        return {
            "run": self.run,
            "agent": self.agent,
            "verdict": self.verdict,
            "answer": self.answer,
            "report": str(self.report),
            "sandbox": self.sandbox,
            "claims": list(self.claims),
            "without": list(self.without),
        }
