"""What Perseus is compared with: planners that give a clock to each computation of a profile.

Only Perseus and the Zeus planners can use a straggler's time; EnvPipe and full speed cannot. How
the wait that is left counts is the same for those that can: see `WaitingPower`.
"""

from collections.abc import Sequence

from sandboxes.perseus.curves import Choice, WaitingPower
from sandboxes.perseus.model import Profile, iteration, run_clocks
from sandboxes.perseus.pipeline import Op, Pipeline

Clocks = tuple[int, ...]
"""A clock in MHz for each computation of a pipeline."""


def all_max(pipeline: Pipeline, profile: Profile) -> Clocks:
    """Every computation at the highest clock: how clusters run by default."""
    return (_clocks(profile)[0],) * len(pipeline.ops)


def zeus_global(
    pipeline: Pipeline, profile: Profile, deadline_s: float, waiting: WaitingPower
) -> Clocks:
    """One clock for all: the one of least iteration energy that meets the deadline."""
    return _cheapest(
        pipeline,
        profile,
        deadline_s,
        waiting,
        [(clock,) * len(pipeline.ops) for clock in _clocks(profile)],
    )


def zeus_per_stage(
    pipeline: Pipeline, profile: Profile, deadline_s: float, waiting: WaitingPower
) -> Clocks:
    """One clock for each stage, such that forward times are balanced (Perseus, section 6.1).

    For each pace, every stage runs at its slowest clock whose forward keeps the pace; of the paces
    that meet the deadline, the one of least iteration energy.
    """
    paces = {c.time_s for stage in (profile.inner, profile.last) for c in stage["forward"]}
    plans = []
    for pace_s in sorted(paces):
        inner, last = (_keeping(s["forward"], pace_s) for s in (profile.inner, profile.last))
        plans.append(
            tuple(last if op.stage == pipeline.stages - 1 else inner for op in pipeline.ops)
        )
    return _cheapest(pipeline, profile, deadline_s, waiting, plans)


def envpipe(pipeline: Pipeline, profile: Profile) -> Clocks:
    """EnvPipe (ATC'23) as the artefact re-implements it.

    The outer envelope (the last stage, each stage's first forward and last backward) keeps the
    highest clock. The rest starts at its cheapest clock; while a critical path leaves the envelope,
    the slowest-clocked computations on it go one clock up. It takes the last stage for the
    bottleneck, which holds or not. Here the path is found on profiled times, not on whole units.
    """
    choices = [profile.of(op.stage, pipeline.stages)[op.direction] for op in pipeline.ops]
    envelope = [_on_envelope(op, pipeline) for op in pipeline.ops]
    at = [0 if on else _cheapest_place(c) for on, c in zip(envelope, choices, strict=True)]
    while True:
        times = [c[place].time_s for c, place in zip(choices, at, strict=True)]
        path = [i for i in pipeline.critical_path(times) if not envelope[i] and at[i] > 0]
        if not path:
            return tuple(c[place].clock_mhz for c, place in zip(choices, at, strict=True))
        slowest = max(at[i] for i in path)
        for i in path:
            if at[i] == slowest:
                at[i] -= 1


def _on_envelope(op: Op, pipeline: Pipeline) -> bool:
    if op.stage == pipeline.stages - 1:
        return True
    if op.direction == "forward":
        return op.microbatch == 0
    return op.microbatch == pipeline.microbatches - 1


def _cheapest_place(choices: Sequence[Choice]) -> int:
    return min(range(len(choices)), key=lambda i: choices[i].energy_j)


def _keeping(choices: Sequence[Choice], pace_s: float) -> int:
    """The lowest clock that keeps a pace; the highest if none does."""
    able = [c.clock_mhz for c in choices if c.time_s <= pace_s]
    return min(able, default=max(c.clock_mhz for c in choices))


def _cheapest(
    pipeline: Pipeline,
    profile: Profile,
    deadline_s: float,
    waiting: WaitingPower,
    plans: Sequence[Clocks],
) -> Clocks:
    """The plan of least energy that meets the deadline; full speed if none does.

    As published, the energy is that of the iteration itself; where waiting power is sunk, it is
    that until the deadline.
    """
    power_w = profile.blocking_power_w
    best, least_j = all_max(pipeline, profile), float("inf")
    for plan in plans:
        ran = iteration(pipeline, run_clocks(pipeline, profile, plan), power_w)
        late = ran.waiting_until(deadline_s, power_w * pipeline.stages)
        energy_j = late.energy_j if waiting == "sunk" else ran.energy_j
        if ran.time_s <= deadline_s and energy_j < least_j:
            best, least_j = plan, energy_j
    return best


def _clocks(profile: Profile) -> tuple[int, ...]:
    """Every clock at which all computations were profiled, the highest first."""
    stages = [s[d] for s in (profile.inner, profile.last) for d in s]
    shared = set.intersection(*({c.clock_mhz for c in choices} for choices in stages))
    return tuple(sorted(shared, reverse=True))
