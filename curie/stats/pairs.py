"""The two sides of a claim that compares an arm `a` with an arm `b`."""

from dataclasses import dataclass, replace

from curie.domain.claim import PairClaim
from curie.domain.setting import settings_text
from curie.stats.compare import Sides
from curie.stats.samples import Sample, Side, gather
from curie.stats.tested import LEAST, Case


@dataclass(frozen=True)
class Pair:
    """Both samples, ready to be compared unless there is a problem."""

    a: Sample
    b: Sample
    paired: bool
    notes: tuple[str, ...]
    problem: str | None = None
    """Why they cannot be compared."""
    spread_share: float = 0.0
    """Declared spread of the metric."""

    @property
    def samples(self) -> tuple[Sample, Sample]:
        """The side `a`, then `b`."""
        return (self.a, self.b)

    @property
    def sides(self) -> Sides:
        """The values, in the order of their seeds."""
        return Sides(self.a.values, self.b.values, self.paired, self.spread_share)


def pair_of(claim: PairClaim, case: Case) -> Pair:
    """The samples of a claim, paired by seed where both sides share seeds.

    Arms that share a seed share its random numbers, so the difference within a pair is free of
    what the seed does to both. Seeds of one side only are dropped; if too few are shared, the
    sides are compared unpaired.
    """
    means_a, means_b = case.layout.both_named(claim.a, claim.b)
    found = gather(
        case.layout,
        case.table,
        metric=claim.metric,
        where=claim.where,
        sides=(Side(claim.a, means_a), Side(claim.b, means_b)),
    )
    a, b = found.samples
    shared = a.seeds & b.seeds
    least = 1 if case.deterministic(claim.metric) else LEAST
    paired = len(shared) >= least
    notes = [*found.notes]
    if paired:
        dropped = len(a.seeds ^ b.seeds)
        if dropped:
            notes.append(f"seeds left out, as they were measured on one side only: {dropped}")
        a, b = a.at(shared), b.at(shared)
    elif a.replicates and b.replicates:
        notes.append("too few seeds are shared, so the sides are compared unpaired")
    problem = _problem(claim, a, b, least) if means_a != means_b else "both sides name one arm"
    spread = case.spread_share(claim.metric)
    pair = Pair(a, b, paired=paired, notes=tuple(notes), problem=problem, spread_share=spread)
    return pair if problem else _with_noise_checked(pair, case, claim.metric)


def _with_noise_checked(pair: Pair, case: Case, metric: str) -> Pair:
    declared, constant = case.deterministic(metric), pair.sides.constant
    problem, notes = None, pair.notes
    if declared and not constant:
        notes = (*notes, f"{metric} is declared deterministic but varies; it is treated as noisy")
        fewest = min(len(pair.a.replicates), len(pair.b.replicates))
        if fewest < LEAST:
            problem = f"{fewest} replicates of a metric that varies are too few to test"
    if constant and not declared:
        count = len(pair.a.replicates)
        notes = (*notes, f"{metric} is declared noisy but is constant over {count} seeds")
    return replace(pair, notes=notes, problem=problem)


def _problem(claim: PairClaim, a: Sample, b: Sample, least: int) -> str | None:
    for sample, settings in ((a, claim.a), (b, claim.b)):
        if not sample.replicates:
            return f"nothing comparable was measured with {settings_text(settings)}"
    fewest = min(len(a.replicates), len(b.replicates))
    if fewest < least:
        return f"{fewest} replicates of a noisy metric are too few to test: {least} are needed"
    return None


def base_sign(sides: Sides) -> float:
    """The sign of b's mean: shares are taken of its size, so that `a tenth more` means more."""
    return -1.0 if float(sides.b.mean()) < 0 else 1.0
