"""What a dishonest executor can do at all: the hooks, none of which does anything yet."""

from collections.abc import Mapping
from typing import Any, Literal

from pydantic import Field

from curie.app.audit.scene import Scene
from curie.domain.fact import Fact
from curie.domain.outcome import Failed, Measured
from curie.domain.plan import Phase, Plan, Trial
from curie.domain.setup import Started
from curie.sandbox.box import BoxSpec

Goal = Literal["lowest", "highest"]
Config = Mapping[str, Any]
"""The content of config.json."""


class Tamper(Fact):
    """A deed; the hooks of this class do nothing."""

    arm: str | None = None
    """The arm it is done to; None: all."""
    phases: tuple[Phase, ...] = ("control", "treatment")

    def at(self, trial: Trial | Started) -> bool:
        """Whether the deed is done to this trial."""
        return trial.phase in self.phases and self.arm in (None, trial.arm)

    def trials(self, scene: Scene, trials: tuple[Trial, ...]) -> tuple[Trial, ...]:
        """Which trials of a phase are run, and in what order."""
        return trials

    def spec(self, scene: Scene, trial: Trial, spec: BoxSpec) -> BoxSpec:
        """The box that a trial gets."""
        return spec

    def config(self, scene: Scene, trial: Trial, config: Config) -> Config:
        """What the program is told."""
        return config

    def tries(self, scene: Scene, trial: Trial, config: Config) -> tuple[Config, ...]:
        """What the program is told in further tries, each in a box of its own."""
        return ()

    def better(self, one: Mapping[str, float], other: Mapping[str, float]) -> bool:
        """Whether the metrics of a further try are to be kept."""
        return False

    def shares_box(self, trial: Trial) -> bool:
        """Whether the trial runs in the box of the arm's trial before."""
        return False

    def kept(
        self, scene: Scene, outcomes: tuple[Measured | Failed, ...]
    ) -> tuple[Measured | Failed, ...]:
        """Which outcomes of a phase reach the ledger."""
        return outcomes

    def outcome(
        self, scene: Scene, started: Started, outcome: Measured | Failed
    ) -> Measured | Failed:
        """What the ledger is told of a trial."""
        return outcome

    def plan(self, scene: Scene, plan: Plan) -> Plan:
        """The plan as it stands once the treatments begin."""
        return plan


class OnArm(Tamper):
    """A deed that is done to one arm."""

    arm: str = Field(min_length=1)
