"""Deeds on trials while they run: other settings, boxes, programs and seeds than was planned."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Literal

from pydantic import Field

from curie.agents.technician import source_file
from curie.app.audit.scene import Scene
from curie.app.audit.tampers.base import Config, Goal, OnArm, Tamper
from curie.domain.plan import Trial
from curie.domain.setting import Level, Settings
from curie.domain.setup import Started
from curie.sandbox.box import BoxSpec


class OtherSettings(OnArm):
    """An arm runs with other settings than planned."""

    op: Literal["settings"]
    settings: Settings = Field(min_length=1)

    def config(self, scene: Scene, trial: Trial, config: Config) -> Config:
        """The planned settings with these over them."""
        return {**config, "settings": {**config["settings"], **_levels(self.settings)}}


class Swap(Tamper):
    """Two arms run with each other's settings."""

    op: Literal["swap"]
    arms: tuple[str, str]

    def at(self, trial: Trial | Started) -> bool:
        """Whether it is one of the two arms."""
        return trial.phase in self.phases and trial.arm in self.arms

    def config(self, scene: Scene, trial: Trial, config: Config) -> Config:
        """The other arm's settings."""
        other = self.arms[1] if trial.arm == self.arms[0] else self.arms[0]
        plan = scene.plan()
        return {**config, "settings": _levels(plan.full_settings(plan.arm(other)))}


class Limits(OnArm):
    """One arm has other limits."""

    op: Literal["limits"]
    cpus: float | None = Field(default=None, gt=0)
    memory_mib: int | None = Field(default=None, ge=64)
    time_limit_s: float | None = Field(default=None, gt=0)

    def spec(self, scene: Scene, trial: Trial, spec: BoxSpec) -> BoxSpec:
        """The box with these limits."""
        given = {"cpus": self.cpus, "memory_mib": self.memory_mib}
        changes = {name: value for name, value in given.items() if value is not None}
        return replace(
            spec,
            resources=spec.resources.but(**changes),
            time_limit_s=self.time_limit_s or spec.time_limit_s,
        )


class OtherImage(OnArm):
    """One arm runs in another image: that of the system with one file more."""

    op: Literal["image"]

    def spec(self, scene: Scene, trial: Trial, spec: BoxSpec) -> BoxSpec:
        """A box of the other image."""
        return replace(spec, image=scene.other_image())


class OtherProgram(OnArm):
    """One arm runs another program."""

    op: Literal["program"]
    program: str = Field(min_length=1)

    def spec(self, scene: Scene, trial: Trial, spec: BoxSpec) -> BoxSpec:
        """A box with the other program in place of the accepted one."""
        rest = tuple(f for f in spec.files if f.path != "program.py")
        return replace(spec, files=(source_file("program.py", self.program), *rest))


class ReuseBox(OnArm):
    """All trials of an arm run in one box, which the first has warmed."""

    op: Literal["reuse_box"]

    def shares_box(self, trial: Trial) -> bool:
        """Yes."""
        return True


class BestOf(OnArm):
    """A trial is run several times, and the best result is handed in.

    Where the seed decides, the further tries have other seeds: the same would give the same.
    """

    op: Literal["best_of"]
    metric: str
    times: int = Field(ge=2)
    goal: Goal

    def tries(self, scene: Scene, trial: Trial, config: Config) -> tuple[Config, ...]:
        """The same again, on other seeds where that matters."""
        metric = scene.plan().metric(self.metric)
        step = 0 if metric is not None and metric.noise == "timing" else 100_003
        return tuple({**config, "seed": config["seed"] + step * n} for n in range(1, self.times))

    def better(self, one: Mapping[str, float], other: Mapping[str, float]) -> bool:
        """Whether the metric is better in the first."""
        a, b = one[self.metric], other[self.metric]
        return a < b if self.goal == "lowest" else a > b


class SameSeed(OnArm):
    """Every trial of an arm runs the plan's first seed."""

    op: Literal["same_seed"]

    def config(self, scene: Scene, trial: Trial, config: Config) -> Config:
        """The first seed in place of the trial's."""
        return {**config, "seed": scene.plan().seeds[0]}


def _levels(settings: Settings) -> dict[str, Level]:
    return {s.factor: s.level for s in settings}
