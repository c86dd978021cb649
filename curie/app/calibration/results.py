"""What a calibration found, cell by cell, and whether the promises were kept."""

from collections.abc import Sequence

from pydantic import Field
from scipy import stats

from curie.app.calibration.cells import Counts, Rates
from curie.domain.fact import Fact
from curie.stats.corrections import holm

ALPHA = 0.05
"""The promised rate of false positives."""

LARGEST_FALSE_POSITIVE = 0.065
LEAST_COVERAGE = 0.935
POWER_SLACK = 0.05
"""How far the power may fall short of the promise."""

FAMILY_ERROR = 0.01
"""Error rate, over all cells together, of the verdict that a cell errs more often than promised."""


class Measured(Fact):
    """One cell: a kind of claim, a family of noise, a number of replicates."""

    claim: str
    family: str
    n: int
    adaptive: bool
    experiments: int
    """With nothing to find; as many again have an effect."""
    accepted: bool
    """Whether the program tests most of such experiments; the others it refuses and says why."""
    accepted_share: float
    """Share of the experiments without an effect that were tested."""
    false_positive: float
    false_positive_high: float
    """Upper end of its 95 % interval (Clopper and Pearson)."""
    false_positive_p: float
    """p of the promise being kept: one-sided binomial test against 5 %."""
    coverage: float
    """The lower of two: with nothing to find, and with an effect."""
    coverage_low: float
    """Lower end of its 95 % interval (Clopper and Pearson)."""
    power: float
    power_promised: float
    warned_share: float
    """Share of the experiments with an effect in which the program said that the noise is not as
    the plan assumed, so that it widened; from a half on, the promise of power does not count."""
    effect_share: float
    """The effect, as a share of the control's mean."""
    replicates: float
    """Used on average where there is an effect; fewer than n where it stopped early."""


class Worst(Fact):
    """The worst of all accepted cells, and whether each promise was kept."""

    cells: int
    accepted: int
    false_positive: float
    false_positive_cell: str
    false_positive_mean: float
    significant: tuple[str, ...] = Field(default=())
    """Cells whose false positives are significantly above 5 %: Holm over all cells at 1 %."""
    coverage: float
    coverage_cell: str
    power_short: float
    """The most by which the power falls short of what was promised, over the cells in which the
    program did not say that the promise is off; 0 or less: nowhere."""
    power_short_cell: str
    power_over: float
    """The most by which it is above the promise."""
    kept: bool
    """No significant cell, mean at most 5 %, none above 6.5 %, coverage at least 93.5 %, power at
    most 5 points short."""


class Calibration(Fact):
    """All cells, and the worst of them."""

    runs: int
    seed: int
    cells: tuple[Measured, ...]
    worst: Worst


def measured(rates: Rates) -> Measured:
    """A cell's counts as rates with their intervals."""
    cell, nothing, effect = rates.cell, rates.nothing, rates.effect
    tested = nothing.runs - nothing.refused
    accepted = 2 * tested > nothing.runs
    coverage, coverage_low = min(_coverage(nothing), _coverage(effect))
    return Measured(
        claim=cell.claim,
        family=cell.family,
        n=cell.n,
        adaptive=cell.adaptive,
        experiments=nothing.runs,
        accepted=accepted,
        accepted_share=tested / nothing.runs,
        false_positive=nothing.wrong / nothing.runs,
        false_positive_high=_upper(nothing.wrong, nothing.runs),
        false_positive_p=float(stats.binom.sf(nothing.wrong - 1, nothing.runs, ALPHA)),
        coverage=coverage,
        coverage_low=coverage_low,
        power=effect.right / effect.runs,
        power_promised=rates.promised,
        warned_share=effect.warned / effect.runs,
        effect_share=rates.effect_share,
        replicates=effect.replicates / effect.runs,
    )


def calibration(cells: Sequence[Measured], *, runs: int, seed: int) -> Calibration:
    """The cells with the worst of them."""
    return Calibration(runs=runs, seed=seed, cells=tuple(cells), worst=worst_of(cells))


def worst_of(cells: Sequence[Measured]) -> Worst:
    """The worst figures over the cells that the program accepts."""
    counted = [c for c in cells if c.accepted]
    if not counted:
        raise ValueError("no cell was accepted, so there is nothing to judge")
    corrected = holm([c.false_positive_p for c in counted])
    significant = tuple(
        name(c) for c, p in zip(counted, corrected, strict=True) if p <= FAMILY_ERROR
    )
    errs = max(counted, key=lambda c: c.false_positive)
    mean = sum(c.false_positive for c in counted) / len(counted)
    covers = min(counted, key=lambda c: c.coverage)
    promised = [c for c in counted if c.warned_share < 0.5]
    short = max(promised, key=_short, default=counted[0])
    kept = (
        not significant
        and mean <= ALPHA
        and errs.false_positive <= LARGEST_FALSE_POSITIVE
        and covers.coverage >= LEAST_COVERAGE
        and _short(short) <= POWER_SLACK
    )
    return Worst(
        cells=len(cells),
        accepted=len(counted),
        false_positive=errs.false_positive,
        false_positive_cell=name(errs),
        false_positive_mean=mean,
        significant=significant,
        coverage=covers.coverage,
        coverage_cell=name(covers),
        power_short=_short(short),
        power_short_cell=name(short),
        power_over=max(-_short(c) for c in counted),
        kept=kept,
    )


def name(cell: Measured) -> str:
    """A cell in words."""
    stops = ", may stop early" if cell.adaptive else ""
    return f"{cell.claim}, {cell.family}, n = {cell.n}{stops}"


def _short(cell: Measured) -> float:
    return cell.power_promised - cell.power


def _coverage(counts: Counts) -> tuple[float, float]:
    """The share of intervals that hold the truth, and the lower end of its interval."""
    if not counts.intervals:
        return 1.0, 0.0
    missed = counts.intervals - counts.covered
    return counts.covered / counts.intervals, 1 - _upper(missed, counts.intervals)


def _upper(count: int, of: int) -> float:
    return 1.0 if count == of else float(stats.beta.ppf(0.975, count + 1, of - count))
