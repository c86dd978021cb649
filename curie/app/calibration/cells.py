"""One cell of the benchmark: made-up experiments, judged by the product's own analysis."""

import math
from dataclasses import dataclass, replace

import numpy as np

from curie.agents.design import looks_of
from curie.app.calibration.noise import FAMILIES, Floats
from curie.app.calibration.worlds import BASE, SPREAD, Truth, World, at
from curie.domain.plan import Arm, Hypothesis, Plan, Varied
from curie.domain.setting import Settings
from curie.domain.system import Factor, Metric
from curie.stats import Judged, judge, settled
from curie.stats.compare import NOT_NORMAL
from curie.stats.power import power
from curie.stats.samples import Layout
from curie.stats.table import Row, Table
from curie.stats.tested import Case
from curie.stats.threshold import HANGS_TOGETHER

ALPHA = 0.05
PROMISED = 0.8
"""Power that the effect of each cell is chosen for: as large as a plan of this size promises."""


@dataclass(frozen=True)
class Cell:
    """What is tried: names are those of `worlds` and `noise`."""

    claim: str
    family: str
    n: int
    adaptive: bool


@dataclass(frozen=True)
class Counts:
    """What came of the experiments of one truth."""

    runs: int = 0
    refused: int = 0
    wrong: int = 0
    intervals: int = 0
    covered: int = 0
    right: int = 0
    warned: int = 0
    """Where the program said that it widened, because the noise is not as the plan assumed."""
    replicates: int = 0
    """Over all experiments: fewer than planned where they stopped early."""


@dataclass(frozen=True)
class Rates:
    """A cell's counts, with nothing to find and with an effect, and the power promised."""

    cell: Cell
    nothing: Counts
    effect: Counts
    promised: float
    effect_share: float


def rates(world: World, cell: Cell, *, runs: int, seed: tuple[int, ...]) -> Rates:
    """All experiments of a cell; the same seed gives the same counts."""
    size = _effect_size(world, cell)
    plan = _plan(world, cell, size)
    rng = np.random.default_rng(seed)
    return Rates(
        cell=cell,
        nothing=_counts(world.nothing(size), plan, world, cell, runs=runs, rng=rng),
        effect=_counts(world.effect(size), plan, world, cell, runs=runs, rng=rng),
        promised=_promised(world, cell, size),
        effect_share=size,
    )


def _promised(world: World, cell: Cell, size: float) -> float:
    last = looks_of(cell.n, ALPHA)[-1].alpha if cell.adaptive else ALPHA
    levels = 1 if world.by else len(world.levels)
    return power(
        world.claim(size),
        _metric("y", size, cell),
        cell.n,
        alpha=last,
        levels=levels,
        spread_share=SPREAD,
        smallest_effect_share=size,
        family=1,
    )


def _effect_size(world: World, cell: Cell) -> float:
    """The smallest effect, to within a thousandth, for which a plan promises its power."""
    low, high = 0.0, 64.0
    while high - low > 1e-3 * high:
        middle = (low + high) / 2
        if _promised(world, cell, middle) >= PROMISED:
            high = middle
        else:
            low = middle
    return high


def _metric(name: str, size: float, cell: Cell) -> Metric:
    return Metric(
        name=name,
        unit="s",
        noise="timing" if cell.family == "drift" else "seeded",
        spread_share=SPREAD,
        smallest_effect_share=size,
    )


def _plan(world: World, cell: Cell, size: float) -> Plan:
    factors = [Factor(name="x", type="float", default=world.levels[0])]
    grid: list[Settings] = [at(x=v) for v in world.levels]
    if world.by:
        factors.append(Factor(name="z", type="float", default=world.by[0]))
        grid = [at(x=v, z=w) for v in world.levels for w in world.by]
    return Plan(
        id="p1",
        system="calibration",
        question="?",
        understood="?",
        hypotheses=(Hypothesis(id="c1", claim=world.claim(size)),),
        factors=tuple(factors),
        metrics=(_metric("y", size, cell), _metric("w", size, cell)),
        vary=tuple(
            Varied(factor=f.name, levels=levels)
            for f, levels in zip(factors, (world.levels, world.by), strict=False)
        ),
        design="factorial" if world.by else "one_at_a_time",
        arms=tuple(
            Arm(id=f"t{i}", role="treatment" if i else "control", settings=s)
            for i, s in enumerate(grid)
        ),
        seeds=tuple(range(1, cell.n + 1)),
        order_seed=11,
        alpha=ALPHA,
        looks=looks_of(cell.n, ALPHA) if cell.adaptive else (),
    )


def _counts(
    truth: Truth, plan: Plan, world: World, cell: Cell, *, runs: int, rng: np.random.Generator
) -> Counts:
    layout = Layout(plan)
    counts = Counts()
    for _ in range(runs):
        values, places = _experiment(truth, plan, world, cell, rng)
        judged, seen = _judged(layout, values, places)
        counts = _added(counts, truth, judged, seen)
    return counts


def _experiment(
    truth: Truth, plan: Plan, world: World, cell: Cell, rng: np.random.Generator
) -> tuple[Floats, Floats]:
    """Metrics x replicates x arms, and when each trial was begun."""
    n, arms = cell.n, len(plan.arms)
    order = rng.permuted(np.tile(np.arange(arms), (n, 1)), axis=1)
    places = np.empty((n, arms))
    np.put_along_axis(places, order, np.arange(n * arms, dtype=np.float64).reshape(n, arms), 1)
    drawn = []
    for means in truth.means[: world.metrics]:
        noise = FAMILIES[cell.family](rng, n, arms)
        if cell.family == "drift":
            by_arm = np.empty_like(noise)
            np.put_along_axis(by_arm, order, noise, 1)
            noise = by_arm
        if cell.family == "integer":
            # Rounding adds a twelfth to the variance; so much less is drawn.
            values = np.round(means + math.sqrt(11 / 12) * BASE * SPREAD * noise)
        else:
            values = means + BASE * SPREAD * noise
        drawn.append(values)
    return np.array(drawn), places


def _judged(layout: Layout, values: Floats, places: Floats) -> tuple[Judged, Floats]:
    """The verdict at the look at which it was decided, and the means that were seen then."""
    plan = layout.plan
    for number in range(1, plan.last_look + 1):
        n = plan.look(number).seeds
        case = Case(layout, _table(layout, values[:, :n], places[:n]), number)
        (judged,) = judge(case)
        if settled(plan.hypotheses[0].claim, judged.conclusion) or number == plan.last_look:
            break
    return judged, values[:, :n].mean(axis=1)


def _table(layout: Layout, values: Floats, places: Floats) -> Table:
    names = ("y", "w")[: len(values)]
    arms = tuple(layout.full.items())
    cells = np.moveaxis(values, 0, -1).tolist()
    begun = places.tolist()
    return Table(
        tuple(
            Row(settings, arm, seed, arm, dict(zip(names, cell, strict=True)), place)
            for seed, (row, order) in enumerate(zip(cells, begun, strict=True), start=1)
            for (arm, settings), cell, place in zip(arms, row, order, strict=True)
        )
    )


def _added(counts: Counts, truth: Truth, judged: Judged, seen: Floats) -> Counts:
    tested = judged.tested
    refused = tested.method == "not tested"
    true = None if refused else truth.estimand(judged, seen)
    known = tested.low is not None and tested.high is not None and true is not None
    covered = False
    if tested.low is not None and tested.high is not None and true is not None:
        slack = 1e-9 * max(abs(true), BASE)
        covered = tested.low - slack <= true <= tested.high + slack
    return replace(
        counts,
        runs=counts.runs + 1,
        refused=counts.refused + refused,
        wrong=counts.wrong + (not refused and truth.wrong(judged)),
        intervals=counts.intervals + known,
        covered=counts.covered + covered,
        right=counts.right + (not refused and truth.right(judged)),
        warned=counts.warned + bool({NOT_NORMAL, HANGS_TOGETHER} & set(tested.notes)),
        replicates=counts.replicates + (0 if refused else len(tested.samples[0].replicates)),
    )
