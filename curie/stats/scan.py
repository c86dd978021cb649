"""The levels of a factor, for claims that scan it."""

from dataclasses import dataclass
from functools import cached_property
from itertools import combinations

from curie.domain.claim import ScanClaim
from curie.domain.setting import Level, level_text
from curie.stats.compare import Comparison, Sides, compare
from curie.stats.corrections import holm
from curie.stats.intervals import Floats, constant
from curie.stats.samples import Sample, gather
from curie.stats.tested import LEAST, Case


@dataclass(frozen=True)
class Scan:
    """One sample a level, in the order of the levels."""

    samples: tuple[Sample, ...]
    """Only levels with data."""
    paired: bool
    """All levels were measured at the same seeds, and only those are kept."""
    exact: bool
    """No level has any spread."""
    absent: tuple[Level, ...]
    """Planned levels of which nothing was measured."""
    notes: tuple[str, ...]
    problem: str | None = None
    """Why the levels cannot be compared."""
    spread_share: float = 0.0
    """Declared spread of the metric."""

    @cached_property
    def levels(self) -> tuple[Level, ...]:
        """The levels with data."""
        return tuple(s.level for s in self.samples if s.level is not None)

    @cached_property
    def means(self) -> tuple[float, ...]:
        """The mean at each level."""
        return tuple(float(s.values.mean()) for s in self.samples)

    def sides(self, one: int, other: int) -> Sides:
        """Two levels, by their place in the order."""
        a, b = self.samples[one].values, self.samples[other].values
        return Sides(a, b, self.paired, self.spread_share)


@dataclass(frozen=True)
class AllPairs:
    """Every level against every other, with Holm's correction over all pairs."""

    comparisons: tuple[tuple[tuple[int, int], Comparison], ...]
    adjusted: tuple[float, ...]
    """Two-sided p of each comparison."""

    def p_greater(self, one: int, other: int) -> float:
        """Corrected p that level `one` has the greater mean; 1 where its mean is not greater."""
        for ((i, j), comparison), p in zip(self.comparisons, self.adjusted, strict=True):
            if {i, j} == {one, other}:
                estimate = comparison.estimate if i == one else -comparison.estimate
                return p if estimate > 0 else 1.0
        raise KeyError(f"levels {one} and {other} were not compared")

    def p_between(self, one: int, other: int) -> float:
        """Corrected p that the two levels differ at all."""
        return min(self.p_greater(one, other), self.p_greater(other, one))

    @property
    def exact(self) -> bool:
        """Whether no comparison rests on a test."""
        return all(c.exact for _, c in self.comparisons)

    @property
    def methods(self) -> str:
        """The tests that were used, by name."""
        return "; ".join(sorted({c.method for _, c in self.comparisons}))


def scan_of(claim: ScanClaim, case: Case, *, factor: str, least: int) -> Scan:
    """The samples of a claim's levels, at shared seeds where there are enough of them.

    `least` is the number of levels below which the claim makes no sense.
    """
    sides = case.layout.scanned(factor, claim.where)
    found = gather(case.layout, case.table, metric=claim.metric, where=claim.where, sides=sides)
    samples = tuple(s for s in found.samples if s.replicates)
    absent = tuple(s.level for s in found.samples if not s.replicates and s.level is not None)
    notes = list(found.notes)
    if absent:
        notes.append(f"nothing was measured at {', '.join(level_text(v) for v in absent)}")
    declared = case.deterministic(claim.metric)
    shared = frozenset.intersection(*(s.seeds for s in samples)) if samples else frozenset()
    paired = len(shared) >= (1 if declared else LEAST)
    if paired:
        samples = tuple(s.at(shared) for s in samples)
    still = all(constant(s.values) for s in samples)
    # Equal numbers of a metric whose spread is declared are no proof that it has none.
    exact = still and case.spread_share(claim.metric) == 0
    problem = _problem(samples, least=least, declared=declared, exact=exact)
    notes += _noise_notes(claim.metric, declared=declared, exact=exact, problem=problem)
    spread = case.spread_share(claim.metric)
    return Scan(samples, paired, exact, absent, tuple(notes), problem, spread)


def _problem(samples: tuple[Sample, ...], *, least: int, declared: bool, exact: bool) -> str | None:
    if len(samples) < least:
        return f"{len(samples)} measured levels are too few: {least} are needed"
    fewest = min(len(s.replicates) for s in samples)
    if fewest < LEAST and not (declared and exact):
        return f"{fewest} replicates of a noisy metric are too few to test: {LEAST} are needed"
    return None


def _noise_notes(metric: str, *, declared: bool, exact: bool, problem: str | None) -> list[str]:
    if declared and not exact:
        return [f"{metric} is declared deterministic but varies; it is treated as noisy"]
    if exact and not declared and not problem:
        return [f"{metric} is declared noisy but is constant at every level"]
    return []


def all_pairs(scan: Scan, case: Case) -> AllPairs:
    """Every level against every other."""
    places = list(combinations(range(len(scan.samples)), 2))
    comparisons = tuple(
        (
            (i, j),
            compare(scan.sides(i, j), confidence=case.confidence, dice=case.dice),
        )
        for i, j in places
    )
    return AllPairs(comparisons, holm([c.p for _, c in comparisons]))


def gap(scan: Scan, case: Case, one: int, other: int) -> Comparison:
    """The difference of two levels that were picked by looking at all of them.

    Its interval is one of all pairs at once (Bonferroni), so that the picking costs nothing.
    """
    k = len(scan.samples)
    confidence = 1 - case.alpha / (k * (k - 1) / 2)
    return compare(scan.sides(one, other), confidence=confidence, dice=case.dice)


def by_goal(scan: Scan, goal: str) -> tuple[int, ...]:
    """The levels' places, from the best mean to the worst."""
    sign = 1 if goal == "lowest" else -1
    return tuple(sorted(range(len(scan.means)), key=lambda i: sign * scan.means[i]))


def numeric(levels: tuple[Level, ...]) -> bool:
    """Whether all levels are numbers, so that they have an order and distances."""
    return all(isinstance(v, int | float) and not isinstance(v, bool) for v in levels)


def blocks(scan: Scan) -> list[Floats]:
    """The values of each level, in the order of the levels."""
    return [s.values for s in scan.samples]
