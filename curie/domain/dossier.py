"""All facts of a run, in order, with the questions that everybody asks of them."""

from datetime import datetime
from typing import Annotated, Literal, TypeVar

from pydantic import Field

from curie.domain.analysis import Analysis
from curie.domain.answer import Answer
from curie.domain.call import ModelCall
from curie.domain.command import Command
from curie.domain.errors import LedgerBroken
from curie.domain.fact import Fact
from curie.domain.outcome import Failed, Measured
from curie.domain.plan import Approval, Frozen, Plan
from curie.domain.question import Question
from curie.domain.setup import Setup, Started
from curie.domain.system import System
from curie.domain.verdict import GateName, Opinion, Verdict

AgentName = Literal["curie", "baseline"]
"""Who answers: the roles under the gates, or for comparison one model in one box, unchecked."""


class Opened(Fact):
    """The first fact of a run."""

    fact: Literal["opened"] = "opened"
    question: Question
    model: str
    roles: tuple[tuple[str, str], ...] = ()
    """Roles that have a model of their own."""
    agent: AgentName = "curie"
    curie_version: str
    secret: str
    """Nonces are derived from it; the program under test never sees it."""
    without: tuple[str, ...] = ()
    """Checks, and parts of rigor, that the person switched off."""


class Chosen(Fact):
    """The system as its manifest stood when this run used it."""

    fact: Literal["chosen"] = "chosen"
    system: System
    manifest_sha256: str


class Closed(Fact):
    """The last fact of a run."""

    fact: Literal["closed"] = "closed"
    how: Literal["answered", "gave_up"]
    exit_code: int


AnyFact = Annotated[
    Opened
    | Chosen
    | Plan
    | Approval
    | Frozen
    | Setup
    | Opinion
    | Started
    | Measured
    | Failed
    | Verdict
    | Analysis
    | Answer
    | ModelCall
    | Command
    | Closed,
    Field(discriminator="fact"),
]

Role = Literal[
    "user",
    "loop",
    "architect",
    "technician",
    "reviewer",
    "executor",
    "gatekeeper",
    "statistician",
    "analyst",
    "baseline",
]


class Entry(Fact):
    """One fact in the ledger, chained to the one before."""

    seq: int = Field(ge=1)
    run: str
    at: datetime
    author: Role
    body: AnyFact
    sha256: str
    """Over run, seq, author, time, body and `previous`."""
    previous: str


F = TypeVar("F", bound=Fact)


class Dossier(Fact):
    """All entries of a run."""

    run: str
    entries: tuple[Entry, ...]

    def of(self, kind: type[F]) -> tuple[F, ...]:
        """All facts of a kind, oldest first."""
        return tuple(e.body for e in self.entries if isinstance(e.body, kind))

    def last(self, kind: type[F]) -> F | None:
        """The newest fact of a kind."""
        return next((e.body for e in reversed(self.entries) if isinstance(e.body, kind)), None)

    @property
    def opened(self) -> Opened:
        """The first fact."""
        found = self.last(Opened)
        if found is None:
            raise LedgerBroken(f"run {self.run}: it was never opened; start it again")
        return found

    @property
    def question(self) -> Question:
        """What was asked."""
        return self.opened.question

    @property
    def system(self) -> System | None:
        """The system that was chosen, as its manifest stood then."""
        chosen = self.last(Chosen)
        return chosen.system if chosen else None

    def plan(self, plan_id: str) -> Plan | None:
        """The newest plan of that id (a rejected draft may have had it before)."""
        return next((p for p in reversed(self.of(Plan)) if p.id == plan_id), None)

    def frozen(self, plan_id: str) -> Frozen | None:
        """The promise made for that plan."""
        return next((f for f in self.of(Frozen) if f.plan == plan_id), None)

    def setup(self, plan_id: str) -> Setup | None:
        """The newest setup for that plan."""
        return next((s for s in reversed(self.of(Setup)) if s.plan == plan_id), None)

    def setup_named(self, setup_id: str) -> Setup | None:
        """The setup of that id."""
        return next((s for s in self.of(Setup) if s.id == setup_id), None)

    def started(self, setup_id: str) -> tuple[Started, ...]:
        """The trials begun under a setup, oldest first."""
        return tuple(s for s in self.of(Started) if s.setup == setup_id)

    def outcomes(self, setup_id: str) -> tuple[Measured | Failed, ...]:
        """What became of the trials of a setup, oldest first."""
        return tuple(
            e.body
            for e in self.entries
            if isinstance(e.body, Measured | Failed) and e.body.setup == setup_id
        )

    def verdicts(self, gate: GateName | None = None) -> tuple[Verdict, ...]:
        """All verdicts, or those of one gate."""
        return tuple(v for v in self.of(Verdict) if gate is None or v.gate == gate)

    def analyses(self, plan_id: str | None = None) -> tuple[Analysis, ...]:
        """The analyses of one plan, or of all."""
        return tuple(a for a in self.of(Analysis) if plan_id is None or a.plan == plan_id)

    def final_analyses(self) -> tuple[Analysis, ...]:
        """The last word on each hypothesis, in order of their ids: a later plan wins."""
        last = {a.id: a for a in self.of(Analysis)}
        return tuple(last[k] for k in sorted(last, key=lambda c: int(c[1:])))

    @property
    def usd(self) -> float:
        """What the model calls cost, as far as their price is known."""
        return sum(c.usd or 0.0 for c in self.of(ModelCall))
