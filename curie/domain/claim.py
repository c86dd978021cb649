"""The closed vocabulary of claims.

A hypothesis in the plan, a result of the analysis, a sentence of the conclusion and the answer key
of a benchmark question are all one of these. A claim names arms by their settings, never by an id,
so that the same claim can be compared across plans, runs and answer keys. An *open* claim leaves
its answer out ("which level is best?"); the analysis fills it in.
"""

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from curie.domain.fact import Fact
from curie.domain.setting import Level, Settings


class Difference(Fact):
    """Arm `a` has a higher (or lower) mean of the metric than arm `b`; open without a direction.

    At most one of `at_least` (in the metric's unit) and `at_least_share` (of b's mean) is above 0.
    """

    kind: Literal["difference"] = "difference"
    metric: str
    a: Settings
    b: Settings
    direction: Literal["higher", "lower"] | None = None
    at_least: float = Field(default=0.0, ge=0)
    at_least_share: float = Field(default=0.0, ge=0)
    where: Settings = ()

    @model_validator(mode="after")
    def _one_bound(self) -> Self:
        if self.at_least and self.at_least_share:
            raise ValueError("give at_least or at_least_share, not both")
        return self


class Ratio(Fact):
    """The mean of `a` over the mean of `b` lies in [low, high]; open without both."""

    kind: Literal["ratio"] = "ratio"
    metric: str
    a: Settings
    b: Settings
    low: float | None = None
    high: float | None = None
    where: Settings = ()


class Trend(Fact):
    """The metric rises, falls, stays flat, peaks or dips along an ordered factor.

    Open without a shape: how does it go?
    """

    kind: Literal["trend"] = "trend"
    metric: str
    factor: str
    shape: Literal["rises", "falls", "flat", "peaks", "dips"] | None = None
    where: Settings = ()


class Best(Fact):
    """The level with the lowest (highest) metric, with its statistical ties; open if no levels."""

    kind: Literal["best"] = "best"
    metric: str
    factor: str
    goal: Literal["lowest", "highest"]
    levels: tuple[Level, ...] = ()
    where: Settings = ()


class Ranking(Fact):
    """An order of levels, best first; levels in one group are tied; open if no order."""

    kind: Literal["ranking"] = "ranking"
    metric: str
    factor: str
    goal: Literal["lowest", "highest"]
    order: tuple[tuple[Level, ...], ...] = ()
    where: Settings = ()


class Threshold(Fact):
    """The smallest level (or the one with the lowest `cost` metric) whose metric meets a bound.

    Open if no level is given.
    """

    kind: Literal["threshold"] = "threshold"
    metric: str
    factor: str
    side: Literal["at_least", "at_most"]
    bound: float
    cost: str | None = None
    level: Level | None = None
    where: Settings = ()


class Equivalence(Fact):
    """`a` and `b` differ by no more than a margin, in the metric's unit or as a share of b.

    With a one-sided `side` it is non-inferiority: `a` is not higher (lower) by more than that.
    """

    kind: Literal["equivalence"] = "equivalence"
    metric: str
    a: Settings
    b: Settings
    margin: float = Field(default=0.0, ge=0)
    margin_share: float = Field(default=0.0, ge=0)
    side: Literal["both", "not_higher", "not_lower"] = "both"
    where: Settings = ()

    @model_validator(mode="after")
    def _one_margin(self) -> Self:
        if (self.margin > 0) == (self.margin_share > 0):
            raise ValueError("give exactly one of margin and margin_share, above 0")
        return self


Form = Literal["linear", "log", "linearithmic", "power", "saturating", "exponential"]


class Law(Fact):
    """The metric follows a form along a numeric factor; open if no form.

    linear y=a+bx; log y=a+b·ln x; linearithmic y=a+b·x·ln x; power y=a·x^b; saturating
    y=a-b·exp(-x/c); exponential y=a·exp(bx). `low` and `high` bound the parameter b where both are
    given.
    """

    kind: Literal["law"] = "law"
    metric: str
    factor: str
    form: Form | None = None
    low: float | None = None
    high: float | None = None
    where: Settings = ()


class Interaction(Fact):
    """The effect of `factor` on the metric depends on the level of `by`."""

    kind: Literal["interaction"] = "interaction"
    metric: str
    factor: str
    by: str
    where: Settings = ()


class Frontier(Fact):
    """The levels on the Pareto front of two metrics; open if no levels."""

    kind: Literal["frontier"] = "frontier"
    metric: str
    goal: Literal["lowest", "highest"]
    other: str
    other_goal: Literal["lowest", "highest"]
    factor: str
    levels: tuple[Level, ...] = ()
    where: Settings = ()


Claim = Annotated[
    Difference
    | Ratio
    | Trend
    | Best
    | Ranking
    | Threshold
    | Equivalence
    | Law
    | Interaction
    | Frontier,
    Field(discriminator="kind"),
]

PairClaim = Difference | Ratio | Equivalence
"""Claims that compare two arms, `a` against `b`."""

ScanClaim = Trend | Best | Ranking | Threshold | Law | Interaction | Frontier
"""Claims over the levels of one factor (Interaction: of two)."""


def metrics_of(claim: Claim) -> tuple[str, ...]:
    """The metrics that a claim speaks of, the main one first."""
    if isinstance(claim, Frontier):
        return (claim.metric, claim.other)
    if isinstance(claim, Threshold) and claim.cost is not None:
        return (claim.metric, claim.cost)
    return (claim.metric,)


def factors_of(claim: Claim) -> tuple[str, ...]:
    """The factors that a claim varies: those in which its arms differ."""
    if isinstance(claim, Difference | Ratio | Equivalence):
        a = {s.factor: s.level for s in claim.a}
        b = {s.factor: s.level for s in claim.b}
        return tuple(sorted(n for n in a.keys() | b.keys() if a.get(n) != b.get(n)))
    if isinstance(claim, Interaction):
        return (claim.factor, claim.by)
    return (claim.factor,)


def is_open(claim: Claim) -> bool:
    """Whether the claim asks for its answer instead of stating one."""
    match claim:
        case Best(levels=()) | Ranking(order=()) | Frontier(levels=()):
            return True
        case Threshold(level=None) | Law(form=None) | Ratio(low=None, high=None):
            return True
        case Trend(shape=None) | Difference(direction=None):
            return True
        case _:
            return False
