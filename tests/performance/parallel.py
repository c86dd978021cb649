"""What two workers make of a plan of many trials."""

import time

from pydantic import BaseModel, ConfigDict

from curie.domain.outcome import Failed, Measured
from curie.domain.plan import Trial
from curie.domain.setting import Setting
from curie.fleet.local import LocalFleet
from tests.performance.bench_box import BURNING, RUN, Bench, Clocked
from tests.performance.ways import Times, times

WORKERS = 2


class PlanRun(BaseModel):
    """A plan's wall time beside the best that its workers could do."""

    model_config = ConfigDict(frozen=True)

    backend: str
    trials: int
    wall_s: float | None = None
    """From the first hint to the sandbox to the last outcome. None: no engine."""
    ideal_s: float | None = None
    """The sum of the wall times that the trials report, over the workers."""
    ratio: float | None = None
    least_s: float | None = None
    """The sum of the CPU time in their boxes over the workers: the plan on a machine without
    sandboxes or other work. Trials that get in each other's way lengthen `ideal_s`, not this."""
    program: Times | None = None
    wait: Times | None = None
    """For a box."""


def plan_run(name: str, bench: Bench | None, *, trials: int) -> PlanRun:
    """So many trials as a run would have them: announced, a fresh box each, in parallel."""
    if bench is None:
        return PlanRun(backend=name, trials=trials)
    setup = bench.setup(BURNING)
    spec = bench.spec(setup)
    clocked: list[Clocked] = []

    def do(trial: Trial) -> Measured | Failed:
        seen, outcome = bench.trial(setup, spec, name=trial.id)
        clocked.append(seen)
        return outcome

    start = time.perf_counter()
    bench.sandbox.expect(spec, trials)
    for _ in LocalFleet(WORKERS).run(_trials(trials), do, alone=False):
        pass
    wall_s = time.perf_counter() - start
    bench.sandbox.reap(RUN)
    ideal_s = sum(c.program_s for c in clocked) / WORKERS
    return PlanRun(
        backend=name,
        trials=trials,
        wall_s=round(wall_s, 2),
        ideal_s=round(ideal_s, 2),
        ratio=round(wall_s / ideal_s, 2),
        least_s=round(sum(c.cpu_s for c in clocked) / WORKERS, 2),
        program=times([c.program_s for c in clocked]),
        wait=times([c.wait_s for c in clocked]),
    )


def _trials(count: int) -> tuple[Trial, ...]:
    return tuple(
        Trial(
            id=f"p1/a/{number}",
            plan="p1",
            arm="a",
            phase="treatment",
            seed=5,
            settings=(Setting(factor="x", level=4),),
            analysed=True,
        )
        for number in range(count)
    )
