"""What each gate is shown: frozen values, so that old evidence can be judged again.

`curie.rigor.gather` makes them out of a dossier.
"""

from collections import defaultdict
from dataclasses import dataclass, field
from functools import cached_property
from typing import NamedTuple, assert_never

from curie.domain.analysis import Analysis
from curie.domain.answer import Answer
from curie.domain.outcome import Failed, Measured, value_of
from curie.domain.plan import Frozen, Plan, Trial
from curie.domain.question import Budget
from curie.domain.setup import Setup, Started
from curie.domain.system import System
from curie.domain.verdict import Opinion
from curie.rigor.finding import Mend

Event = Frozen | Started | Measured | Failed


class Tried(NamedTuple):
    """A trial that was begun, and what became of it; None: nothing yet."""

    started: Started
    outcome: Measured | Failed | None

    def value(self, metric: str) -> float | None:
        """The value of a metric, if the trial was measured and reported it."""
        return None if self.outcome is None else value_of(self.outcome, metric)

    @property
    def fate(self) -> str:
        """What became of it, in words for a finding."""
        match self.outcome:
            case None:
                return "has no outcome"
            case Measured():
                return "was measured"
            case Failed(why=why, detail=detail, output=output):
                tail = output.strip()[-600:]
                return f"failed ({why}): {detail}" + (f"; its output ends: {tail}" if tail else "")
            case _:
                assert_never(self.outcome)


@dataclass(frozen=True)
class TrialLog:
    """What happened to the trials of one setup, in the ledger's order."""

    events: tuple[Event, ...] = ()

    @cached_property
    def tried(self) -> tuple[Tried, ...]:
        """Every trial with its newest start and its newest outcome, in order of the first start.

        A trial that was begun again after a crash has two starts; the last one counts.
        """
        starts: dict[str, Started] = {}
        outcomes: dict[str, Measured | Failed] = {}
        for event in self.events:
            if isinstance(event, Started):
                starts[event.trial] = event
            elif isinstance(event, Measured | Failed):
                outcomes[event.trial] = event
        return tuple(Tried(s, outcomes.get(name)) for name, s in starts.items())

    def of(self, *phases: str) -> tuple[Tried, ...]:
        """The trials of some phases."""
        return tuple(t for t in self.tried if t.started.phase in phases)

    @property
    def measured(self) -> tuple[tuple[Started, Measured], ...]:
        """The trials that gave a result."""
        return tuple((t.started, t.outcome) for t in self.tried if isinstance(t.outcome, Measured))

    def values(self, metric: str, *phases: str) -> dict[str, list[tuple[str, float]]]:
        """(trial, value) of a metric by arm, over the measured trials of some phases."""
        found: dict[str, list[tuple[str, float]]] = defaultdict(list)
        for one in self.of(*phases):
            value = one.value(metric)
            if value is not None:
                found[one.started.arm].append((one.started.trial, value))
        return dict(found)


@dataclass(frozen=True)
class PlanEvidence:
    """For the plan gate."""

    plan: Plan
    system: System
    budget: Budget
    trials_spent: int
    """Trials begun in this run so far, of any phase."""
    tested_kinds: frozenset[str]
    """The kinds of claim that the statistics can test."""
    wanted_factors: tuple[str, ...] = ()
    """Factors that the question names, where somebody has found them out."""
    own_program: bool = False
    """Whether the program is written or brought for this run, so that it is probed harder."""
    data: bool = False
    """Whether there is a data set."""
    previous: tuple[Plan, ...] = ()
    """Plans of this run whose trials were analysed: they have spent their share of alpha."""


@dataclass(frozen=True)
class SetupEvidence:
    """For the setup gate: the files, and the log of the probes that ran with them."""

    plan: Plan
    system: System
    setup: Setup
    log: TrialLog = field(default_factory=TrialLog)
    opinion: Opinion | None = None
    refused: tuple[Setup, ...] = ()
    """Earlier setups of the same plan that this gate sent back to be rebuilt."""


@dataclass(frozen=True)
class ControlEvidence:
    """For the control gate: the log of the setup, of which the control's trials are looked at."""

    plan: Plan
    system: System
    setup: Setup
    log: TrialLog
    look: int | None = None
    """The look that the control is measured for; None: the last one."""

    @property
    def due(self) -> tuple[Trial, ...]:
        """The control's trials that are to be done by now."""
        return self.plan.due(self.look or self.plan.last_look, "control")


@dataclass(frozen=True)
class TrialEvidence:
    """For the evidence gate: the whole log of the setup, with the promise in it."""

    plan: Plan
    system: System
    setup: Setup
    log: TrialLog
    look: int | None = None
    """The look that the evidence is for; None: the last one."""

    @property
    def due(self) -> tuple[Trial, ...]:
        """The trials that are to be done by now and will be analysed."""
        due = self.plan.due(self.look or self.plan.last_look)
        return tuple(t for t in due if t.analysed)

    @property
    def frozen(self) -> Frozen | None:
        """The promise made for the plan."""
        promises = (e for e in self.log.events if isinstance(e, Frozen) and e.plan == self.plan.id)
        return next(promises, None)


@dataclass(frozen=True)
class AnswerEvidence:
    """For the answer gate."""

    plans: tuple[Plan, ...]
    """Those whose evidence was accepted, oldest first."""
    analyses: tuple[Analysis, ...]
    """Of these plans, oldest first; the newest of an id is the one that counts."""
    answer: Answer
    said_before: tuple[str, ...] = ()
    """Limits of the plans and of the system, and what programs warned of: they may be repeated."""

    @cached_property
    def newest(self) -> dict[str, Analysis]:
        """The analysis that counts, by the id of its hypothesis."""
        return {a.id: a for a in self.analyses}


Evidence = PlanEvidence | SetupEvidence | ControlEvidence | TrialEvidence | AnswerEvidence

RunEvidence = SetupEvidence | ControlEvidence | TrialEvidence
"""Those that hold a log of trials, for the checks that stand in more than one gate."""


def mend_program(setup: Setup) -> Mend:
    """What could mend a program at fault: one that a system brings is not rewritten in a run."""
    return "rebuild" if setup.written_by == "technician" else "replan"
