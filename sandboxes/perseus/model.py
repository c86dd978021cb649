"""The GPUs: what a stage's computations take and use at each clock, and how measurements err.

Stage profiles are the authors' measurements (tables/, Apache-2.0). One profile is one GPU of each
stage; the authors multiply its times by 10 and its energies by 10 x 8 GPUs for the paper's figures,
so that shares and ratios are the paper's, while seconds and joules here are those of the profile.
"""

import csv
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from sandboxes.perseus.curves import Choice
from sandboxes.perseus.pipeline import DIRECTIONS, Direction, Pipeline

PROFILES = ("gpt3_175b_a100", "bloom_176b_a100", "gpt3_175b_a40", "bloom_176b_a40")
"""The shipped stage profiles: model and GPU."""

BLOCKING_POWER_W: Mapping[str, float] = {"a100": 83.64, "a40": 70.38}
"""Watts of a GPU that waits on point-to-point communication. Source: the artefact's planning
script and notebook (ml-energy/zeus, branch kronos). Range: bare idle 54 W to context-idle 120 W."""

TIME_NOISE_RATIO = 0.1
"""Error of a profiled time over the error of a profiled energy, as shares. Own estimate from the
third differences of the four profiles along the clock: times 0.01..0.1 % (Bloom's A40 forward
0.6 %), energies 0.2..0.6 %."""

Stage = Mapping[Direction, tuple[Choice, ...]]
"""The profiled clocks of one stage, for each direction, fastest clock first."""


@dataclass(frozen=True)
class Profile:
    """The stages of one model on one kind of GPU."""

    name: str
    blocking_power_w: float
    inner: Stage
    """Every stage but the last; in the artefact these are equal by construction."""
    last: Stage
    """The last stage, with the language model's head."""

    def of(self, stage: int, stages: int) -> Stage:
        """The profile of one stage of a pipeline of so many."""
        return self.last if stage == stages - 1 else self.inner


def load_profile(name: str) -> Profile:
    """A shipped profile. ValueError with the known names if there is none of that name."""
    if name not in PROFILES:
        raise ValueError(f"profile {name!r} is not shipped; give {' or '.join(PROFILES)}")
    rows: dict[tuple[str, Direction], list[Choice]] = {}
    with (Path(__file__).parent / "tables" / f"{name}.csv").open(
        encoding="utf-8", newline=""
    ) as table:
        for row in csv.DictReader(table):
            choice = Choice(int(row["clock_mhz"]), float(row["time_s"]), float(row["energy_j"]))
            rows.setdefault((row["stage"], _direction(row["direction"])), []).append(choice)
    stages = {
        stage: {d: tuple(sorted(rows[stage, d], key=lambda c: -c.clock_mhz)) for d in DIRECTIONS}
        for stage in ("inner", "last")
    }
    power_w = BLOCKING_POWER_W[name.rpartition("_")[2]]
    return Profile(name, power_w, stages["inner"], stages["last"])


def scaled(profile: Profile, *, last_stage: float, blocking_power: float) -> Profile:
    """The profile with a last stage so many times as long and as costly, and so much waiting."""
    last = {
        d: tuple(
            replace(c, time_s=c.time_s * last_stage, energy_j=c.energy_j * last_stage)
            for c in profile.last[d]
        )
        for d in DIRECTIONS
    }
    return replace(profile, last=last, blocking_power_w=profile.blocking_power_w * blocking_power)


def as_profiled(profile: Profile, share: float, rng: np.random.Generator) -> Profile:
    """What an online profiler sees: each entry off by a normal error, equal for equal stages.

    `share` is the standard deviation of an energy, as a share; times err by `TIME_NOISE_RATIO` of
    it. Errors are cut at three deviations.
    """

    def seen(stage: Stage) -> Stage:
        return {d: tuple(_erring(c, share, rng) for c in stage[d]) for d in DIRECTIONS}

    return replace(profile, inner=seen(profile.inner), last=seen(profile.last))


def run_clocks(
    pipeline: Pipeline, profile: Profile, clocks_mhz: tuple[int, ...]
) -> tuple[Choice, ...]:
    """Time and energy of each computation at its clock. ValueError for a clock not profiled."""
    by_clock: dict[tuple[bool, Direction, int], Choice] = {}
    for is_last, stage in ((False, profile.inner), (True, profile.last)):
        for direction in DIRECTIONS:
            by_clock |= {(is_last, direction, c.clock_mhz): c for c in stage[direction]}
    ran = []
    for op, clock in zip(pipeline.ops, clocks_mhz, strict=True):
        choice = by_clock.get((op.stage == pipeline.stages - 1, op.direction, clock))
        if choice is None:
            raise ValueError(f"{profile.name} was not profiled at {clock} MHz ({op})")
        ran.append(choice)
    return tuple(ran)


@dataclass(frozen=True)
class Iteration:
    """One iteration of one pipeline: how long, and the energy of all its GPUs."""

    time_s: float
    compute_j: float
    waiting_j: float

    @property
    def energy_j(self) -> float:
        """Computing and waiting together."""
        return self.compute_j + self.waiting_j

    def waiting_until(self, time_s: float, power_w: float) -> "Iteration":
        """The iteration when all GPUs, of `power_w` together, wait for a later end."""
        late_s = max(0.0, time_s - self.time_s)
        return Iteration(self.time_s + late_s, self.compute_j, self.waiting_j + late_s * power_w)


def iteration(pipeline: Pipeline, ran: tuple[Choice, ...], blocking_power_w: float) -> Iteration:
    """Time and energy of an iteration: each GPU computes, and waits for the rest of the time."""
    time_s = pipeline.makespan([c.time_s for c in ran])
    busy_s = sum(c.time_s for c in ran)
    waiting_j = blocking_power_w * (pipeline.stages * time_s - busy_s)
    return Iteration(time_s, sum(c.energy_j for c in ran), waiting_j)


def jittered(ran: tuple[Choice, ...], share: float, rng: np.random.Generator) -> tuple[Choice, ...]:
    """The computations with run-to-run spread: independent normal errors of time and of energy.

    Each computation takes the same draws whatever its clock, so that planners can be compared in
    pairs. Errors are cut at three deviations.
    """
    draws = np.clip(rng.standard_normal((len(ran), 2)), -3.0, 3.0) * share + 1.0
    return tuple(
        replace(c, time_s=c.time_s * float(t), energy_j=c.energy_j * float(e))
        for c, (t, e) in zip(ran, draws, strict=True)
    )


def _erring(choice: Choice, share: float, rng: np.random.Generator) -> Choice:
    time, energy = np.clip(rng.standard_normal(2), -3.0, 3.0) * share
    return replace(
        choice,
        time_s=choice.time_s * (1.0 + TIME_NOISE_RATIO * float(time)),
        energy_j=choice.energy_j * (1.0 + float(energy)),
    )


def _direction(text: str) -> Direction:
    for direction in DIRECTIONS:
        if text == direction:
            return direction
    raise ValueError(f"{text!r} is not a direction; a profile knows {' and '.join(DIRECTIONS)}")
