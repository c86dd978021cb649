"""From rows to samples: which trials stand for which side of a claim.

Two arms are compared only where they differ in the claim's factors and in nothing else. So the
settings of all other factors, the *context*, must be equal on all sides; in a factorial plan there
are several contexts, and a replicate is the mean over all of them at one seed.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from curie.domain.analysis import LevelSummary
from curie.domain.plan import Plan, defaults_of
from curie.domain.setting import Level, Setting, Settings, contains, overlay, settings_text
from curie.stats.intervals import mean_interval
from curie.stats.table import Row, Table

Floats = npt.NDArray[np.float64]
_Context = tuple[tuple[str, bool, Level], ...]


class Replicate(NamedTuple):
    """One seed of one side, and the trials behind its value."""

    seed: int
    value: float
    trials: tuple[str, ...]
    place: float = 0.0
    """When it was begun: its place in the order of the trials, the mean of several."""


@dataclass(frozen=True)
class Sample:
    """The replicates of one side of a claim in one metric, sorted by seed."""

    settings: Settings
    level: Level | None
    metric: str
    replicates: tuple[Replicate, ...]

    @cached_property
    def values(self) -> Floats:
        """The values, in order of the seeds."""
        return np.array([r.value for r in self.replicates], dtype=np.float64)

    @cached_property
    def seeds(self) -> frozenset[int]:
        """The seeds that were measured."""
        return frozenset(r.seed for r in self.replicates)

    @property
    def trials(self) -> tuple[str, ...]:
        """The trials behind the values."""
        return tuple(t for r in self.replicates for t in r.trials)

    def at(self, seeds: Iterable[int]) -> "Sample":
        """The part of this sample that has these seeds."""
        kept = frozenset(seeds)
        if kept == self.seeds:
            return self
        return Sample(
            settings=self.settings,
            level=self.level,
            metric=self.metric,
            replicates=tuple(r for r in self.replicates if r.seed in kept),
        )

    def summary(self, confidence: float) -> LevelSummary:
        """Mean, t-interval of the mean, and all values, for the figures."""
        values = self.values
        low, high = mean_interval(values, confidence)
        return LevelSummary(
            settings=self.settings,
            level=self.level,
            metric=self.metric,
            n=len(values),
            mean=float(values.mean()),
            low=low,
            high=high,
            values=tuple(float(v) for v in values),
        )


@dataclass(frozen=True)
class Side:
    """One side of a claim: what it is shown as, and the settings that its arms have."""

    shown: Settings
    means: Settings
    level: Level | None = None


@dataclass(frozen=True)
class Gathered:
    """One sample a side, in the order of the sides, and what is missing."""

    samples: tuple[Sample, ...]
    notes: tuple[str, ...]


@dataclass(frozen=True)
class _Placed:
    """Which arms stand for which side: an arm a context, in equal contexts for all sides."""

    contexts: int
    sides: tuple[tuple[tuple[str, ...], ...], ...]
    """By side, by context: the arms, which are equal but for their names."""


@dataclass(frozen=True)
class Layout:
    """A plan as the tests see it; remembers what it found, as many claims ask the same."""

    plan: Plan
    _placed: dict[tuple[Settings, tuple[Settings, ...]], _Placed] = field(
        default_factory=dict, repr=False
    )
    _named: dict[tuple[Settings, Settings], tuple[Settings, Settings]] = field(
        default_factory=dict, repr=False
    )
    _scanned: dict[tuple[str, Settings], tuple[Side, ...]] = field(default_factory=dict, repr=False)

    @cached_property
    def full(self) -> dict[str, Settings]:
        """The full settings of each arm."""
        return {a.id: self.plan.full_settings(a) for a in self.plan.arms}

    def placed(self, where: Settings, means: tuple[Settings, ...]) -> _Placed:
        """The arms of each side in each context that the most sides share."""
        key = (where, means)
        if key not in self._placed:
            self._placed[key] = self._place(where, means)
        return self._placed[key]

    def both_named(self, a: Settings, b: Settings) -> tuple[Settings, Settings]:
        """Both sides with the same factors: one left out is at its held or default level.

        "Perseus against the defaults" names the planner on one side only.
        """
        if (a, b) not in self._named:
            below = overlay(defaults_of(self.plan.factors), self.plan.hold)
            names = {s.factor for s in (*a, *b)}
            rest = tuple(s for s in below if s.factor in names)
            self._named[a, b] = (overlay(rest, a), overlay(rest, b))
        return self._named[a, b]

    def scanned(self, factor: str, where: Settings) -> tuple[Side, ...]:
        """One side for each level at which the plan's arms hold a factor."""
        if (factor, where) not in self._scanned:
            self._scanned[factor, where] = tuple(
                Side(shown=(s,), means=(s,), level=level)
                for level in scanned_levels(self, factor, where)
                for s in (Setting(factor=factor, level=level),)
            )
        return self._scanned[factor, where]

    def _place(self, where: Settings, means: tuple[Settings, ...]) -> _Placed:
        varied = frozenset(s.factor for side in means for s in side)
        held: dict[_Context, dict[int, list[str]]] = {}
        for arm, settings in self.full.items():
            for number, side in enumerate(means):
                if contains(settings, (*where, *side)):
                    cell = held.setdefault(_context(settings, varied), {})
                    cell.setdefault(number, []).append(arm)
        most = max((len(cell) for cell in held.values()), default=0)
        kept = [cell for cell in held.values() if most >= 2 and len(cell) == most]
        return _Placed(
            contexts=len(kept),
            sides=tuple(
                tuple(tuple(cell[number]) for cell in kept if number in cell)
                for number in range(len(means))
            ),
        )


def gather(
    layout: Layout, table: Table, *, metric: str, where: Settings, sides: Sequence[Side]
) -> Gathered:
    """The samples of a claim's sides: empty where nothing comparable was measured."""
    placed = layout.placed(where, tuple(side.means for side in sides))
    notes: list[str] = []
    if not placed.contexts:
        varied = sorted({s.factor for side in sides for s in side.means})
        notes.append(f"the plan has no two arms that differ in {', '.join(varied)} alone")
    samples = []
    for side, cells in zip(sides, placed.sides, strict=True):
        samples.append(_sample(side, metric, cells, table))
        notes += _gap_notes(layout.plan, table, (*where, *side.means), cells)
        silent = sum(
            metric not in row.values
            for arms in cells
            for arm in arms
            for row in table.by_arm.get(arm, ())
        )
        if silent:
            notes.append(f"without {metric}: {silent} trials with {settings_text(side.means)}")
    if placed.contexts > 1:
        notes.append(f"each replicate is the mean over {placed.contexts} settings of other factors")
    return Gathered(samples=tuple(samples), notes=tuple(notes))


def scanned_levels(layout: Layout, factor: str, where: Settings) -> tuple[Level, ...]:
    """The levels at which the plan's arms hold a factor: numbers ascending, names as declared."""
    seen: dict[tuple[bool, Level], Level] = {}
    for settings in layout.full.values():
        if contains(settings, where):
            for s in settings:
                if s.factor == factor:
                    seen.setdefault((isinstance(s.level, bool), s.level), s.level)
    levels = tuple(seen.values())
    if all(isinstance(v, int | float) for v in levels):
        return tuple(sorted(levels))
    declared = [v for varied in layout.plan.vary if varied.factor == factor for v in varied.levels]
    return tuple(sorted(levels, key=lambda v: declared.index(v) if v in declared else -1))


def _context(settings: Settings, varied: frozenset[str]) -> _Context:
    return tuple(
        (s.factor, isinstance(s.level, bool), s.level) for s in settings if s.factor not in varied
    )


def _sample(side: Side, metric: str, cells: tuple[tuple[str, ...], ...], table: Table) -> Sample:
    if len(cells) == 1 and len(cells[0]) == 1:
        replicates = _of_one_arm(metric, table.by_arm.get(cells[0][0], []))
    else:
        replicates = _of_many(metric, cells, table)
    return Sample(settings=side.shown, level=side.level, metric=metric, replicates=replicates)


def _of_one_arm(metric: str, rows: list[Row]) -> tuple[Replicate, ...]:
    """The usual case: one arm stands for the side, and each seed ran once (rows are sorted)."""
    return tuple(
        Replicate(row.seed, value, (row.trial,), row.place)
        for row in rows
        if (value := row.values.get(metric)) is not None
    )


def _of_many(
    metric: str, cells: tuple[tuple[str, ...], ...], table: Table
) -> tuple[Replicate, ...]:
    by_seed: dict[int, list[list[Row]]] = {}
    for arms in cells:
        found: dict[int, list[Row]] = {}
        for row in (r for arm in arms for r in table.by_arm.get(arm, ())):
            if row.value(metric) is not None:
                found.setdefault(row.seed, []).append(row)
        for seed, cell in found.items():
            by_seed.setdefault(seed, []).append(cell)
    return tuple(
        _replicate(seed, metric, found)
        for seed, found in sorted(by_seed.items())
        if len(found) == len(cells)
    )


def _replicate(seed: int, metric: str, cells: list[list[Row]]) -> Replicate:
    rows = [row for cell in cells for row in cell]
    means = [float(np.mean([r.value(metric) for r in cell])) for cell in cells]
    return Replicate(
        seed,
        float(np.mean(means)),
        tuple(r.trial for r in rows),
        float(np.mean([r.place for r in rows])),
    )


def _gap_notes(
    plan: Plan, table: Table, settings: Settings, cells: tuple[tuple[str, ...], ...]
) -> list[str]:
    if not table.gaps:
        return []
    arms = {arm for cell in cells for arm in cell}
    gaps = [g for g in table.gaps if g.arm in arms]
    failed, missing = sum(g.failed for g in gaps), sum(g.missing for g in gaps)
    of = f"of {len(arms) * len(plan.seeds)} trials with {settings_text(settings)}"
    counts = (("failed", failed), ("missing", missing))
    return [f"{what}: {count} {of}" for what, count in counts if count]
