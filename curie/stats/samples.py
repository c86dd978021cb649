"""From rows to samples: which trials stand for which side of a claim.

Two arms are compared only where they differ in the claim's factors and in nothing else. So the
settings of all other factors, the *context*, must be equal on all sides; in a factorial plan there
are several contexts, and a replicate is the mean over all of them at one seed.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from curie.domain.analysis import LevelSummary
from curie.domain.plan import Arm, Plan
from curie.domain.setting import Level, Settings, contains, settings_text
from curie.stats.intervals import mean_interval
from curie.stats.table import Row, Table

Floats = npt.NDArray[np.float64]
_Context = tuple[tuple[str, bool, Level], ...]


@dataclass(frozen=True)
class Replicate:
    """One seed of one side, and the trials behind its value."""

    seed: int
    value: float
    trials: tuple[str, ...]


@dataclass(frozen=True)
class Sample:
    """The replicates of one side of a claim in one metric, sorted by seed."""

    settings: Settings
    level: Level | None
    metric: str
    replicates: tuple[Replicate, ...]

    @property
    def values(self) -> Floats:
        """The values, in order of the seeds."""
        return np.array([r.value for r in self.replicates], dtype=np.float64)

    @property
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


def gather(
    plan: Plan, table: Table, *, metric: str, where: Settings, sides: Sequence[Side]
) -> Gathered:
    """The samples of a claim's sides: empty where nothing comparable was measured."""
    varied = frozenset(s.factor for side in sides for s in side.means)
    contexts = _contexts(plan, where, sides, varied)
    notes: list[str] = []
    if not contexts:
        notes.append(f"the plan has no two arms that differ in {', '.join(sorted(varied))} alone")
    samples = []
    for side in sides:
        rows = [
            r
            for r in table.select((*where, *side.means))
            if _context(r.settings, varied) in contexts
        ]
        samples.append(_sample(side, metric, rows, varied, contexts))
        notes += _gap_notes(plan, table, (*where, *side.means), varied, contexts)
        silent = sum(r.value(metric) is None for r in rows)
        if silent:
            notes.append(f"without {metric}: {silent} trials with {settings_text(side.means)}")
    if len(contexts) > 1:
        notes.append(f"each replicate is the mean over {len(contexts)} settings of other factors")
    return Gathered(samples=tuple(samples), notes=tuple(notes))


def scanned_levels(plan: Plan, factor: str, where: Settings) -> tuple[Level, ...]:
    """The levels at which the plan's arms hold a factor: numbers ascending, names as declared."""
    seen: dict[tuple[bool, Level], Level] = {}
    for arm in plan.arms:
        settings = plan.full_settings(arm)
        if contains(settings, where):
            for s in settings:
                if s.factor == factor:
                    seen.setdefault((isinstance(s.level, bool), s.level), s.level)
    levels = tuple(seen.values())
    if all(isinstance(v, int | float) for v in levels):
        return tuple(sorted(levels))
    declared = [v for varied in plan.vary if varied.factor == factor for v in varied.levels]
    return tuple(sorted(levels, key=lambda v: declared.index(v) if v in declared else -1))


def _context(settings: Settings, varied: frozenset[str]) -> _Context:
    return tuple(
        (s.factor, isinstance(s.level, bool), s.level) for s in settings if s.factor not in varied
    )


def _contexts(
    plan: Plan, where: Settings, sides: Sequence[Side], varied: frozenset[str]
) -> frozenset[_Context]:
    held: dict[_Context, set[int]] = {}
    for arm in plan.arms:
        settings = plan.full_settings(arm)
        for number, side in enumerate(sides):
            if contains(settings, (*where, *side.means)):
                held.setdefault(_context(settings, varied), set()).add(number)
    most = max((len(numbers) for numbers in held.values()), default=0)
    return frozenset(c for c, numbers in held.items() if most >= 2 and len(numbers) == most)


def _sample(
    side: Side,
    metric: str,
    rows: Sequence[Row],
    varied: frozenset[str],
    contexts: frozenset[_Context],
) -> Sample:
    cells: dict[int, dict[_Context, list[tuple[float, str]]]] = {}
    for row in rows:
        value = row.value(metric)
        if value is not None:
            at = cells.setdefault(row.seed, {})
            at.setdefault(_context(row.settings, varied), []).append((value, row.trial))
    replicates = [
        Replicate(
            seed=seed,
            value=float(np.mean([np.mean([v for v, _ in cell]) for cell in at.values()])),
            trials=tuple(t for cell in at.values() for _, t in cell),
        )
        for seed, at in sorted(cells.items())
        if len(at) == len(contexts)
    ]
    return Sample(
        settings=side.shown, level=side.level, metric=metric, replicates=tuple(replicates)
    )


def _gap_notes(
    plan: Plan,
    table: Table,
    settings: Settings,
    varied: frozenset[str],
    contexts: frozenset[_Context],
) -> list[str]:
    def stands_for(arm: Arm) -> bool:
        full = plan.full_settings(arm)
        return contains(full, settings) and _context(full, varied) in contexts

    arms = {a.id for a in plan.arms if stands_for(a)}
    gaps = [g for g in table.gaps if g.arm in arms]
    failed, missing = sum(g.failed for g in gaps), sum(g.missing for g in gaps)
    of = f"of {len(arms) * len(plan.seeds)} trials with {settings_text(settings)}"
    counts = (("failed", failed), ("missing", missing))
    return [f"{what}: {count} {of}" for what, count in counts if count]
