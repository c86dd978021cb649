"""What travels round the loop: a cursor of names and counters, and the tools it works with."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Literal, Protocol, TypedDict

from curie.agents.roles import Analyst, Architect, Reviewer, Technician
from curie.domain.clock import Clock
from curie.domain.dossier import Dossier
from curie.domain.plan import Approval, Plan
from curie.domain.setup import Host, SourceFile
from curie.domain.system import System
from curie.fleet.port import Fleet
from curie.sandbox.box import Sandbox
from curie.store import Ledger

StepName = Literal[
    "plan",
    "vet_plan",
    "approve",
    "freeze",
    "prepare",
    "probe",
    "vet_setup",
    "control",
    "vet_control",
    "treat",
    "reexecute",
    "vet_evidence",
    "analyse",
    "conclude",
    "vet_answer",
    "close",
    "give_up",
    "end",
]


class Cursor(TypedDict):
    """Where a run stands. Names and counters only: the facts are in the ledger."""

    step: StepName
    """What to do next."""
    plan_no: int
    """Number of the newest plan, from 1; its id is `p<number>`."""
    setup_no: int
    answer_no: int
    looks: int
    """Plans whose trials were analysed."""
    look: int
    """The look of the newest plan that its trials are run for, from 1."""
    ways_back: int
    """How many more times a gate may send the run back. Every way back spends one."""


class Move(TypedDict, total=False):
    """The part of a cursor that a step changes."""

    step: StepName
    plan_no: int
    setup_no: int
    answer_no: int
    looks: int
    look: int
    ways_back: int


WAYS_BACK = 8
"""Ways back of one run. Enough for a model to mend a program; few enough to end."""


def start(ways_back: int) -> Cursor:
    """The cursor of a new run."""
    return Cursor(
        step="plan", plan_no=0, setup_no=0, answer_no=0, looks=0, look=1, ways_back=ways_back
    )


@dataclass(frozen=True)
class Shelf:
    """A system that may be asked, and where its files lie."""

    system: System
    folder: Path
    manifest_sha256: str
    shipped: bool
    """Whether it comes with curie, whose tests read it; else it is a person's own."""

    @property
    def written_by(self) -> Literal["shipped", "workspace", "technician"]:
        """Who writes the program that a trial of it runs."""
        if not self.system.brings_program:
            return "technician"
        return "shipped" if self.shipped else "workspace"


@dataclass(frozen=True)
class Crew:
    """Who plays the roles.

    Without a technician nobody writes programs; without a reviewer the checks judge alone.
    """

    architect: Architect
    analyst: Analyst
    technician: Technician | None = None
    reviewer: Reviewer | None = None


@dataclass(frozen=True)
class Event:
    """Something to show to the person who waits."""

    step: StepName
    says: str
    done: int = 0
    total: int = 0
    usd: float = 0.0


class Watch(Protocol):
    """Whoever looks on."""

    def tell(self, event: Event) -> None:
        """Take note. Called from the loop's thread only."""
        ...


@dataclass(frozen=True)
class Deps:
    """The tools of one run."""

    run: str
    ledger: Ledger
    clock: Clock
    crew: Crew
    sandbox: Sandbox
    fleet: Fleet
    shelves: tuple[Shelf, ...]
    host: Host
    load: Callable[[], float]
    """Runnable processes per core, now."""
    watch: Watch
    usd: Callable[[], float]
    """What the model calls of this run cost so far."""
    deadline: datetime | None = None
    """When its minutes are over."""
    approve: Callable[[Plan], Approval] | None = None
    """Asks the person; None: nobody is asked."""
    workspace: tuple[SourceFile, ...] = ()
    dataset: Path | None = None
    ways_back: int = WAYS_BACK
    """How often a gate may send something back before the run gives up."""

    def dossier(self) -> Dossier:
        """All facts of the run so far."""
        return self.ledger.dossier(self.run)

    def shelf(self, name: str) -> Shelf:
        """The shelf of a system; KeyError if it is not on offer."""
        for shelf in self.shelves:
            if shelf.system.name == name:
                return shelf
        raise KeyError(f"system {name!r} is not on offer in this run")

    def tell(self, step: StepName, says: str, *, done: int = 0, total: int = 0) -> None:
        """Tell the watch, with what was spent so far."""
        self.watch.tell(Event(step, says, done, total, self.usd()))
