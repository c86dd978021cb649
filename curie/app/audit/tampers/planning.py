"""Deeds on the plan: which trials are run, in what order, and what the plan says afterwards."""

from typing import Literal

from pydantic import Field

from curie.app.audit.scene import Scene
from curie.app.audit.tampers.base import OnArm, Tamper
from curie.domain.plan import Plan, Trial


class Omit(OnArm):
    """The last trials of an arm are never run."""

    op: Literal["omit"]
    count: int = Field(ge=1)

    def trials(self, scene: Scene, trials: tuple[Trial, ...]) -> tuple[Trial, ...]:
        """All but those."""
        gone = {t.id for t in [t for t in trials if self.at(t)][-self.count :]}
        return tuple(t for t in trials if t.id not in gone)


class Extra(OnArm):
    """Trials are run that were never planned, on seeds of their own."""

    op: Literal["extra"]
    count: int = Field(ge=1)

    def trials(self, scene: Scene, trials: tuple[Trial, ...]) -> tuple[Trial, ...]:
        """The planned ones, and these after them."""
        ours = [t for t in trials if self.at(t)]
        if not ours:
            return trials
        plan = scene.plan()
        last = max(plan.seeds)
        stem = f"{plan.id}/{ours[0].arm}"
        seeds = range(last + 1, last + 1 + self.count)
        return (*trials, *(ours[0].but(id=f"{stem}/s{seed}", seed=seed) for seed in seeds))


class TreatmentFirst(Tamper):
    """The treatments are measured before the control."""

    op: Literal["treatment_first"]

    def trials(self, scene: Scene, trials: tuple[Trial, ...]) -> tuple[Trial, ...]:
        """In the control's phase, the treatments and then the control."""
        if not any(t.phase == "control" for t in trials):
            return trials
        return (*scene.plan().trials("treatment"), *trials)


class Replan(Tamper):
    """The plan is changed after it was frozen: more error is allowed than was promised."""

    op: Literal["replan"]

    def plan(self, scene: Scene, plan: Plan) -> Plan:
        """The same plan with four times the error rate."""
        return plan.but(alpha=min(0.5, 4 * plan.alpha))
