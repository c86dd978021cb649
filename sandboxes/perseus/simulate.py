"""One trial: profile, plan, run one iteration, and account for its energy.

The planner sees a profile with measurement errors; the iteration runs with the true times and
energies and with run-to-run spread. Both are drawn from the seed, the same for every planner.
"""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from sandboxes.perseus import baselines
from sandboxes.perseus.baselines import Clocks
from sandboxes.perseus.curves import Curve, Grid, WaitingPower, curve_of
from sandboxes.perseus.mechanism import plans
from sandboxes.perseus.model import (
    Iteration,
    Profile,
    as_profiled,
    iteration,
    jittered,
    load_profile,
    run_clocks,
    scaled,
)
from sandboxes.perseus.pipeline import DIRECTIONS, Direction, Pipeline, one_f_one_b
from sandboxes.perseus.settings import Planner, Settings

PROFILED_STAGES = 8
"""Stages of the partitions that the artefact profiled."""

SLOWER_IS_TOLD = 0.01
"""Slowdown beyond which a result carries a warning, as a share."""


@dataclass(frozen=True)
class Planned:
    """What a planner decides."""

    alone: Clocks
    """Clocks of a pipeline that nobody holds up (also of the straggler itself)."""
    held_up: Clocks
    """Clocks of a pipeline that waits for a straggler."""
    points: int = 0
    """Plans on the part of the frontier that was computed."""


@dataclass(frozen=True)
class Outcome:
    """Metrics by name, as value and unit, and what the program confesses."""

    metrics: Mapping[str, tuple[float, str]]
    warnings: tuple[str, ...]


@dataclass(frozen=True)
class _Together:
    """Data-parallel pipelines in one iteration: its end, and the mean energy of a pipeline."""

    time_s: float
    energy_j: float


def run(settings: Settings, seed: int) -> Outcome:
    """The trial of these settings and seed. ValueError for settings that make no pipeline."""
    profiling, running = np.random.SeedSequence(seed).spawn(2)
    true = scaled(
        load_profile(settings.profile),
        last_stage=settings.last_stage_scale,
        blocking_power=settings.blocking_power_scale,
    )
    seen = as_profiled(true, settings.profile_noise_share, np.random.default_rng(profiling))
    pipeline = one_f_one_b(settings.stages, settings.microbatches)

    started = time.perf_counter()
    plan = planned(pipeline, seen, settings)
    planning_s = time.perf_counter() - started

    full_speed, ran = (
        _iterate(p, pipeline, true, settings, running)
        for p in (_all_max(pipeline, seen, settings), plan)
    )
    slowdown = ran.time_s / full_speed.time_s - 1.0
    metrics = {
        "iteration_energy_j": (ran.energy_j, "J"),
        "iteration_time_s": (ran.time_s, "s"),
        "microbatches_per_s": (settings.microbatches / ran.time_s, "microbatches/s"),
        "energy_saving_share": (1.0 - ran.energy_j / full_speed.energy_j, "share"),
        "slowdown_share": (slowdown, "share"),
        "average_power_w": (ran.energy_j / ran.time_s, "W"),
        "mean_clock_mhz": (float(np.mean(plan.held_up)), "MHz"),
        "frontier_points": (float(plan.points), "plans"),
        "planning_time_s": (planning_s, "s"),
    }
    return Outcome(metrics, tuple(_warnings(settings, slowdown)))


def planned(pipeline: Pipeline, profile: Profile, settings: Settings) -> Planned:
    """What the planner of these settings decides, given what the profiler saw."""
    return _PLANNERS[settings.planner](pipeline, profile, settings)


def _iterate(
    plan: Planned,
    pipeline: Pipeline,
    profile: Profile,
    settings: Settings,
    seed: np.random.SeedSequence,
) -> _Together:
    """All pipelines until the last is done.

    The straggler takes `straggler` times as long and, as in the artefact, uses that many times the
    energy; each other pipeline waits for it at blocking power. Energy is the mean per pipeline.
    """

    def once(clocks: Clocks) -> Iteration:
        ran = run_clocks(pipeline, profile, clocks)
        ran = jittered(ran, settings.jitter_share, np.random.default_rng(seed))
        return iteration(pipeline, ran, profile.blocking_power_w)

    alone, held_up = once(plan.alone), once(plan.held_up)
    end_s = max(settings.straggler * alone.time_s, held_up.time_s)
    waiting_w = profile.blocking_power_w * pipeline.stages
    others_j = held_up.waiting_until(end_s, waiting_w).energy_j * (settings.data_parallel - 1)
    straggler_j = settings.straggler * alone.energy_j
    return _Together(end_s, (straggler_j + others_j) / settings.data_parallel)


def _perseus(pipeline: Pipeline, profile: Profile, settings: Settings) -> Planned:
    """The published planner, on the grid and with the curves that the settings ask for."""
    grid = Grid(
        settings.time_unit_ms / 1000.0,
        profile.blocking_power_w,
        settings.cost_curve,
        settings.waiting_power,
    )
    curves = planning_curves(pipeline, profile, grid)
    shortest = int(pipeline.makespan([c.fastest for c in curves]))
    longest = int(pipeline.makespan([c.slowest for c in curves]))
    waiting_j = pipeline.stages * grid.blocking_power_w * grid.unit_s
    late, early = plans(
        pipeline,
        curves,
        (int(settings.straggler * shortest), shortest),
        waiting_j=waiting_j if grid.waiting == "published" else 0.0,
    )

    def clocks(durations: tuple[int, ...]) -> Clocks:
        return tuple(c.clock_mhz(d) for c, d in zip(curves, durations, strict=True))

    return Planned(clocks(early.durations), clocks(late.durations), longest - early.makespan + 1)


def planning_curves(pipeline: Pipeline, profile: Profile, grid: Grid) -> tuple[Curve, ...]:
    """The curve of each computation; computations of equal profile share one."""
    made: dict[tuple[bool, Direction], Curve] = {}
    for is_last, stage in ((False, profile.inner), (True, profile.last)):
        made |= {(is_last, d): curve_of(stage[d], grid) for d in DIRECTIONS}
    return tuple(made[op.stage == pipeline.stages - 1, op.direction] for op in pipeline.ops)


def _all_max(pipeline: Pipeline, profile: Profile, settings: Settings) -> Planned:
    clocks = baselines.all_max(pipeline, profile)
    return Planned(clocks, clocks)


def _envpipe(pipeline: Pipeline, profile: Profile, settings: Settings) -> Planned:
    clocks = baselines.envpipe(pipeline, profile)
    return Planned(clocks, clocks)


def _zeus(
    choose: Callable[[Pipeline, Profile, float, WaitingPower], Clocks],
) -> Callable[[Pipeline, Profile, Settings], Planned]:
    def planner(pipeline: Pipeline, profile: Profile, settings: Settings) -> Planned:
        full = run_clocks(pipeline, profile, baselines.all_max(pipeline, profile))
        shortest_s = pipeline.makespan([c.time_s for c in full])
        return Planned(
            choose(pipeline, profile, shortest_s, settings.waiting_power),
            choose(pipeline, profile, settings.straggler * shortest_s, settings.waiting_power),
        )

    return planner


_PLANNERS: Mapping[Planner, Callable[[Pipeline, Profile, Settings], Planned]] = {
    "all_max": _all_max,
    "perseus": _perseus,
    "envpipe": _envpipe,
    "zeus_global": _zeus(baselines.zeus_global),
    "zeus_per_stage": _zeus(baselines.zeus_per_stage),
}


def _warnings(settings: Settings, slowdown: float) -> list[str]:
    """What a reader of the result must know of its limits."""
    warnings = []
    if settings.stages != PROFILED_STAGES:
        warnings.append(
            f"profiled with {PROFILED_STAGES} stages; {settings.stages} repeat the inner stage, "
            "so that the model is not partitioned anew"
        )
    if settings.last_stage_scale != 1.0:
        warnings.append("the last stage is not the measured one: times and energies are scaled")
    if settings.cost_curve == "exponential" and settings.profile.endswith("_a40"):
        warnings.append("one exponential fits the A40's costs poorly; compare cost_curve=hull")
    if slowdown > SLOWER_IS_TOLD:
        warnings.append("the plan as run is more than 1 % slower than full speed")
    return warnings
