"""The measured trials of a plan as rows, and what is missing from them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from curie.domain.outcome import Failed, Measured
from curie.domain.plan import Plan, Trial, defaults_of
from curie.domain.setting import Settings, contains, overlay
from curie.domain.setup import Started


@dataclass(frozen=True)
class Row:
    """One analysed trial that was measured."""

    settings: Settings
    """Every factor of the plan, sorted by name."""
    arm: str
    seed: int
    trial: str
    values: tuple[tuple[str, float], ...]
    """Metric and value, as the program reported them."""

    def value(self, metric: str) -> float | None:
        """The value of a metric, if it was reported."""
        return next((v for name, v in self.values if name == metric), None)


@dataclass(frozen=True)
class Gap:
    """What an arm of the plan lacks."""

    arm: str
    failed: int
    missing: int
    """Planned trials without any outcome."""


@dataclass(frozen=True)
class Table:
    """The rows, sorted by seed and trial, and the gaps of every arm that has one."""

    rows: tuple[Row, ...]
    gaps: tuple[Gap, ...]

    def select(self, settings: Settings) -> tuple[Row, ...]:
        """The rows whose settings contain these: a claim's `where` and one of its sides."""
        return tuple(r for r in self.rows if contains(r.settings, settings))


def table_of(
    plan: Plan, started: Sequence[Started], outcomes: Sequence[Measured | Failed]
) -> Table:
    """The table of a plan. Order does not matter; of two outcomes of a trial the later counts.

    Probes, pilots and re-executions (`analysed` false) are left out.
    """
    last: dict[str, Measured | Failed] = {}
    for outcome in sorted(outcomes, key=lambda o: o.started):
        last[outcome.trial] = outcome
    by_trial = {s.trial: s for s in started if s.analysed}
    below = overlay(defaults_of(plan.factors), plan.hold)
    measured = {t: o for t, o in last.items() if isinstance(o, Measured)}
    rows = [
        Row(
            settings=overlay(below, s.settings),
            arm=s.arm,
            seed=s.seed,
            trial=s.trial,
            values=tuple((m.name, m.value) for m in measured[s.trial].result.metrics),
        )
        for s in by_trial.values()
        if s.trial in measured
    ]
    return Table(
        rows=tuple(sorted(rows, key=lambda r: (r.seed, r.trial))),
        gaps=_gaps(_planned(plan), last),
    )


def _planned(plan: Plan) -> list[Trial]:
    trials = (*plan.trials("control"), *plan.trials("treatment"))
    return [t for t in trials if t.analysed]


def _gaps(planned: Iterable[Trial], last: dict[str, Measured | Failed]) -> tuple[Gap, ...]:
    failed: dict[str, int] = {}
    missing: dict[str, int] = {}
    for trial in planned:
        outcome = last.get(trial.id)
        if isinstance(outcome, Measured):
            continue
        count = missing if outcome is None else failed
        count[trial.arm] = count.get(trial.arm, 0) + 1
    arms = sorted(failed.keys() | missing.keys())
    return tuple(Gap(a, failed=failed.get(a, 0), missing=missing.get(a, 0)) for a in arms)
