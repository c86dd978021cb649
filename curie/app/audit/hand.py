"""The dishonest hand: asks every deed of a case in turn, and remembers which were done."""

from collections.abc import Iterator, Mapping
from typing import Any, TypeVar

from curie.app.audit.scene import Scene
from curie.app.audit.tampers import AnyTamper, Config, DropWorst
from curie.domain.dossier import AnyFact, Role
from curie.domain.outcome import Failed, Measured
from curie.domain.plan import Trial
from curie.domain.setup import Started
from curie.sandbox.box import BoxSpec

V = TypeVar("V")


class Hand:
    """All deeds of one case, in its order. With none of them it is honest."""

    def __init__(self, tampers: tuple[AnyTamper, ...], scene: Scene) -> None:
        self.scene = scene
        self._tampers = tampers
        self._done: set[int] = set()
        self._held: dict[str, Started] = {}
        self._replanned = False

    def undone(self) -> tuple[str, ...]:
        """The deeds that were never done."""
        return tuple(t.op for i, t in enumerate(self._tampers) if i not in self._done)

    def trials(self, trials: tuple[Trial, ...]) -> tuple[Trial, ...]:
        """The trials of a phase that are run."""
        for number, tamper in enumerate(self._tampers):
            trials = self._note(number, trials, tamper.trials(self.scene, trials))
        return trials

    def kept(self, outcomes: tuple[Measured | Failed, ...]) -> tuple[Measured | Failed, ...]:
        """The outcomes of a phase that reach the ledger."""
        for number, tamper in enumerate(self._tampers):
            outcomes = self._note(number, outcomes, tamper.kept(self.scene, outcomes))
        return outcomes

    def spec(self, trial: Trial, spec: BoxSpec) -> BoxSpec:
        """The box of a trial."""
        for number, tamper in self._at(trial):
            spec = self._note(number, spec, tamper.spec(self.scene, trial, spec))
        return spec

    def config(self, trial: Trial, config: Config) -> Config:
        """What the program of a trial is told."""
        for number, tamper in self._at(trial):
            config = self._note(number, config, tamper.config(self.scene, trial, config))
        return config

    def shares_box(self, trial: Trial) -> bool:
        """Whether the trial runs in the box of the arm's trial before."""
        return any(tamper.shares_box(trial) for _, tamper in self._at(trial))

    def shared(self, trial: Trial) -> None:
        """Take note that a box was used again."""
        self._done |= {number for number, tamper in self._at(trial) if tamper.shares_box(trial)}

    def tries(self, trial: Trial, config: Config) -> tuple[Config, ...]:
        """What the program is told in further tries."""
        return tuple(c for _, t in self._at(trial) for c in t.tries(self.scene, trial, config))

    def better(self, trial: Trial, one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
        """Whether the result of a further try is handed in instead."""
        for number, tamper in self._at(trial):
            if tamper.tries(self.scene, trial, {"seed": 0}):
                self._done.add(number)
                return tamper.better(_values(one), _values(other))
        return False

    def passed_on(self, role: Role, fact: AnyFact) -> Iterator[tuple[Role, AnyFact]]:
        """What the ledger is told in place of a fact."""
        match fact:
            case Started():
                self.scene.saw(fact)
                yield from self._changed_plan(fact)
                if self._holds(fact):
                    self._held[fact.trial] = fact
                else:
                    yield role, fact
            case Measured() | Failed():
                if (held := self._held.pop(fact.trial, None)) is not None:
                    yield role, held
                told = self._told(fact)
                self.scene.saw(told)
                yield role, told
            case _:
                self.scene.saw(fact)
                yield role, fact

    def _told(self, outcome: Measured | Failed) -> Measured | Failed:
        started = self.scene.started(outcome.trial)
        for number, tamper in self._at(started):
            told = tamper.outcome(self.scene, started, outcome)
            outcome = self._note(number, outcome, told)
        return outcome

    def _changed_plan(self, started: Started) -> Iterator[tuple[Role, AnyFact]]:
        """The plan as it is rewritten when the first treatment begins."""
        if self._replanned or started.phase != "treatment":
            return
        self._replanned = True
        plan = before = self.scene.plan()
        for number, tamper in enumerate(self._tampers):
            plan = self._note(number, plan, tamper.plan(self.scene, plan))
        if plan != before:
            self.scene.saw(plan)
            yield "architect", plan

    def _holds(self, started: Started) -> bool:
        """Whether an intent is kept back until its outcome is handed in, if it ever is."""
        return any(isinstance(tamper, DropWorst) for _, tamper in self._at(started))

    def _at(self, trial: Trial | Started) -> Iterator[tuple[int, AnyTamper]]:
        return ((i, t) for i, t in enumerate(self._tampers) if t.at(trial))

    def _note(self, number: int, before: V, after: V) -> V:
        if after != before:
            self._done.add(number)
        return after


def _values(result: Mapping[str, Any]) -> dict[str, float]:
    return {m["name"]: m["value"] for m in result["metrics"]}
