"""Experiments made by hand: say what was measured at which level, and get plan and outcomes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from curie.domain.analysis import Analysis
from curie.domain.claim import Claim
from curie.domain.outcome import Failed, Measured, MetricValue, Result, Usage
from curie.domain.plan import Arm, Hypothesis, Plan, Trial, Varied
from curie.domain.setting import Level, Setting, Settings
from curie.domain.setup import Started
from curie.domain.system import Factor, Metric
from curie.stats import analyse

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
Values = Mapping[Level, Sequence[float | None]]
"""By level, by seed; None is a trial that failed."""


def at(**levels: Level) -> Settings:
    return tuple(Setting(factor=f, level=v) for f, v in levels.items())


A, B = at(x="a"), at(x="b")


@dataclass(frozen=True)
class Experiment:
    plan: Plan
    started: tuple[Started, ...]
    outcomes: tuple[Measured | Failed, ...]

    def analyses(self) -> tuple[Analysis, ...]:
        return analyse(self.plan, self.started, self.outcomes)


def factor(name: str, levels: Sequence[Level]) -> Factor:
    kind = (
        "str"
        if isinstance(levels[0], str)
        else "int"
        if all(type(v) is int for v in levels)
        else "float"
    )
    return Factor(name=name, type=kind, unit="n", default=levels[-1], levels=tuple(levels))


def plan_over(
    claims: Sequence[Claim],
    factors: Sequence[Factor],
    arms: Sequence[Settings],
    *,
    seeds: int,
    metrics: Sequence[Metric],
    **changes: object,
) -> Plan:
    fields: dict[str, object] = {
        "id": "p1",
        "system": "bench",
        "question": "?",
        "understood": "?",
        "hypotheses": tuple(Hypothesis(id=f"c{i}", claim=c) for i, c in enumerate(claims, start=1)),
        "factors": tuple(factors),
        "metrics": tuple(metrics),
        "vary": tuple(Varied(factor=f.name, levels=f.levels) for f in factors),
        "design": "one_at_a_time",
        "arms": tuple(
            Arm(id=f"t{i}", role="treatment" if i else "control", settings=s)
            for i, s in enumerate(arms)
        ),
        "seeds": tuple(range(1, seeds + 1)),
        "order_seed": 11,
        "alpha": 0.05,
        **changes,
    }
    return Plan.model_validate(fields)


def metric(name: str = "y", **changes: object) -> Metric:
    return Metric.model_validate({"name": name, "unit": "s", "noise": "seeded", **changes})


def experiment(
    claims: Claim | Sequence[Claim],
    values: Values,
    *,
    noise: str = "seeded",
    share: float = 0.05,
    cost: Values | None = None,
    **changes: object,
) -> Experiment:
    """One factor x, one metric y (and `cost`, if given)."""
    levels = list(values)
    x = factor("x", levels)
    plan = plan_over(
        claims if isinstance(claims, Sequence) else [claims],
        [x],
        [at(x=v) for v in levels],
        seeds=max(len(v) for v in values.values()),
        metrics=[metric(noise=noise, smallest_effect_share=share), metric("cost")],
        **changes,
    )
    cells: dict[tuple[str, int], dict[str, float] | None] = {}
    for i, level in enumerate(levels):
        for seed, value in enumerate(values[level], start=1):
            extra = {} if cost is None else {"cost": cost[level][seed - 1]}
            cells[f"t{i}", seed] = None if value is None else {"y": value, **extra}
    return ran(plan, cells)


def ran(plan: Plan, cells: Mapping[tuple[str, int], Mapping[str, float] | None]) -> Experiment:
    """The plan with these outcomes by arm and seed; a cell that is absent never ended."""
    trials = [t for t in (*plan.trials("control"), *plan.trials("treatment")) if t.analysed]
    return Experiment(
        plan=plan,
        started=tuple(_started(t) for t in trials),
        outcomes=tuple(
            _outcome(t, cells[t.arm, t.seed]) for t in trials if (t.arm, t.seed) in cells
        ),
    )


def _started(trial: Trial) -> Started:
    return Started(
        trial=trial.id,
        setup="s1",
        arm=trial.arm,
        phase=trial.phase,
        seed=trial.seed,
        settings=trial.settings,
        analysed=trial.analysed,
        nonce="n",
    )


def _outcome(trial: Trial, values: Mapping[str, float] | None) -> Measured | Failed:
    about = {
        "trial": trial.id,
        "setup": "s1",
        "box": "b",
        "started": NOON,
        "usage": Usage(wall_s=1.0),
    }
    if values is None:
        return Failed(why="timeout", detail="too slow", **about)
    result = Result(
        version=1,
        system="bench",
        seed=trial.seed,
        nonce="n",
        metrics=tuple(MetricValue(name=n, value=v, unit="s") for n, v in values.items()),
    )
    return Measured(result=result, **about)
