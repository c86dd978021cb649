"""The measured trials of a plan as rows, and what is missing from them."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import NamedTuple

from curie.domain.outcome import Failed, Measured
from curie.domain.plan import Plan, Trial, defaults_of
from curie.domain.setting import Settings, contains, overlay
from curie.domain.setup import Started


class Row(NamedTuple):
    """One analysed trial that was measured."""

    settings: Settings
    """Every factor of the plan, sorted by name."""
    arm: str
    seed: int
    trial: str
    values: Mapping[str, float]
    """Metric and value, as the program reported them."""
    place: float = 0
    """Its place in the order in which trials were begun."""

    def value(self, metric: str) -> float | None:
        """The value of a metric, if it was reported."""
        return self.values.get(metric)


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
    gaps: tuple[Gap, ...] = field(default=())

    @cached_property
    def by_arm(self) -> dict[str, list[Row]]:
        """The rows of each arm."""
        found: dict[str, list[Row]] = defaultdict(list)
        for row in self.rows:
            found[row.arm].append(row)
        return found

    def select(self, settings: Settings) -> tuple[Row, ...]:
        """The rows whose settings contain these: a claim's `where` and one of its sides."""
        return tuple(r for r in self.rows if contains(r.settings, settings))


def table_of(
    plan: Plan,
    started: Sequence[Started],
    outcomes: Sequence[Measured | Failed],
    *,
    look: int | None = None,
) -> Table:
    """The table of a plan, as it stands at a look (None: the last one).

    Order does not matter; of two outcomes of a trial the later counts. Probes, pilots and
    re-executions (`analysed` false) are left out.
    """
    seeds = frozenset(plan.seeds_by(look or plan.last_look))
    last: dict[str, Measured | Failed] = {}
    for outcome in sorted(outcomes, key=lambda o: o.started):
        last[outcome.trial] = outcome
    by_trial = {s.trial: s for s in started if s.analysed and s.seed in seeds}
    below = overlay(defaults_of(plan.factors), plan.hold)
    measured = {t: o for t, o in last.items() if isinstance(o, Measured)}
    places = _places({t: measured[t].started for t in by_trial if t in measured})
    rows = [
        Row(
            settings=overlay(below, s.settings),
            arm=s.arm,
            seed=s.seed,
            trial=s.trial,
            values={m.name: m.value for m in measured[s.trial].result.metrics},
            place=places[s.trial],
        )
        for s in by_trial.values()
        if s.trial in measured
    ]
    planned = [t for t in _planned(plan) if t.seed in seeds]
    return Table(
        rows=tuple(sorted(rows, key=lambda r: (r.seed, r.trial))),
        gaps=_gaps(planned, last),
    )


def _places(begun: dict[str, datetime]) -> dict[str, int]:
    order = sorted(begun, key=lambda t: begun[t])
    return {trial: place for place, trial in enumerate(order)}


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
