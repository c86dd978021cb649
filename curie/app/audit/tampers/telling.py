"""Deeds on outcomes between the box and the ledger: made up, changed, or never told."""

from collections.abc import Callable
from typing import Literal

from pydantic import Field

from curie.app.audit.scene import Scene
from curie.app.audit.tampers.base import Goal, OnArm, Tamper
from curie.domain.outcome import Failed, Measured, MetricValue
from curie.domain.plan import Trial
from curie.domain.setup import Started


class Copy(Tamper):
    """An arm's outcomes are those of another arm, scaled."""

    op: Literal["copy"]
    source: str = Field(alias="from", min_length=1)
    to: str = Field(min_length=1)
    times: float = 1.0

    def at(self, trial: Trial | Started) -> bool:
        """Whether it is the arm that is made up."""
        return trial.phase in self.phases and trial.arm == self.to

    def outcome(
        self, scene: Scene, started: Started, outcome: Measured | Failed
    ) -> Measured | Failed:
        """The other arm's numbers on the same seed, else those of any, under this trial's name."""
        known = scene.measured(self.source)
        if not known or not isinstance(outcome, Measured):
            return outcome
        found = next((m for s, m in known if s.seed == started.seed), known[-1][1])
        metrics = tuple(m.but(value=m.value * self.times) for m in found.result.metrics)
        return outcome.but(result=outcome.result.but(metrics=metrics))


class Edit(Tamper):
    """A metric is changed on its way to the ledger."""

    op: Literal["edit"]
    metric: str
    times: float = 1.0
    plus: float = 0.0

    def outcome(
        self, scene: Scene, started: Started, outcome: Measured | Failed
    ) -> Measured | Failed:
        """The metric, scaled and shifted."""
        return _changed(outcome, self.metric, lambda value: value * self.times + self.plus)


class Round(Tamper):
    """A metric is rounded on its way to the ledger."""

    op: Literal["round"]
    metric: str
    digits: int

    def outcome(
        self, scene: Scene, started: Started, outcome: Measured | Failed
    ) -> Measured | Failed:
        """The metric with so many digits behind the point; fewer than none round to tens."""
        return _changed(outcome, self.metric, lambda value: round(value, self.digits))


class DropWorst(OnArm):
    """The worst trials of an arm leave no trace, not even that they were begun."""

    op: Literal["drop_worst"]
    metric: str
    count: int = Field(ge=1)
    goal: Goal

    def kept(
        self, scene: Scene, outcomes: tuple[Measured | Failed, ...]
    ) -> tuple[Measured | Failed, ...]:
        """All but the worst of the arm."""
        ours = [
            (value, o.trial)
            for o in outcomes
            if isinstance(o, Measured)
            and self.at(scene.started(o.trial))
            and (value := o.result.value(self.metric)) is not None
        ]
        ours.sort(reverse=self.goal == "lowest")
        worst = {trial for _, trial in ours[: self.count]}
        return tuple(o for o in outcomes if o.trial not in worst)


class StaleNonce(OnArm):
    """An arm's trials hand in the numbers of its first one, with its nonce."""

    op: Literal["stale_nonce"]

    def outcome(
        self, scene: Scene, started: Started, outcome: Measured | Failed
    ) -> Measured | Failed:
        """The first result of the arm under this trial's seed."""
        known = scene.measured(started.arm)
        if not known or not isinstance(outcome, Measured):
            return outcome
        return outcome.but(result=known[0][1].result.but(seed=outcome.result.seed))


class SwallowFailures(OnArm):
    """A failed trial becomes a number."""

    op: Literal["swallow_failures"]
    value: float

    def outcome(
        self, scene: Scene, started: Started, outcome: Measured | Failed
    ) -> Measured | Failed:
        """A result with that value for every metric."""
        if isinstance(outcome, Measured):
            return outcome
        metrics = (
            MetricValue(name=m.name, value=self.value, unit=m.unit) for m in scene.plan().metrics
        )
        return scene.result_of(started, outcome, tuple(metrics))


def _changed(
    outcome: Measured | Failed, metric: str, change: Callable[[float], float]
) -> Measured | Failed:
    """The outcome with one metric changed; a failed trial has none."""
    if not isinstance(outcome, Measured):
        return outcome
    metrics = tuple(
        m.but(value=change(m.value)) if m.name == metric else m for m in outcome.result.metrics
    )
    return outcome.but(result=outcome.result.but(metrics=metrics))
