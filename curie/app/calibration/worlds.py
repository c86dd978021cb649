"""What is true in a made-up experiment, claim by claim, and when a verdict about it is wrong."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from curie.app.calibration.noise import Floats
from curie.domain.claim import (
    Best,
    Claim,
    Difference,
    Equivalence,
    Frontier,
    Interaction,
    Law,
    Ranking,
    Ratio,
    Threshold,
    Trend,
)
from curie.domain.setting import Setting, Settings
from curie.stats import Judged

BASE = 10.0
"""Mean of the control; its spread is a tenth of it, so that integers are coarse."""

SPREAD = 0.1
_POWERS = (1.0, 2.0, 4.0, 8.0, 16.0, 32.0)


@dataclass(frozen=True)
class Truth:
    """A world in which the answer is known."""

    means: Floats
    """Metrics x levels (or cells)."""
    wrong: Callable[[Judged], bool]
    """Whether a verdict says something that is false here."""
    estimand: Callable[[Judged, Floats], float | None]
    """The true value of what the judged claim estimates, given the means that were seen."""
    right: Callable[[Judged], bool]
    """Whether the effect was found."""


@dataclass(frozen=True)
class World:
    """One kind of claim: its levels, and its two truths for an effect of a size."""

    name: str
    levels: tuple[float, ...]
    claim: Callable[[float], Claim]
    nothing: Callable[[float], Truth]
    """Where there is nothing to find (or just what must not be called found)."""
    effect: Callable[[float], Truth]
    """Where there is an effect of that size, as a share of the control's mean."""
    by: tuple[float, ...] = ()
    """Levels of a second, crossed factor."""
    metrics: int = 1


def at(**levels: float) -> Settings:
    """Settings by keyword."""
    return tuple(Setting(factor=f, level=v) for f, v in levels.items())


def _definite(judged: Judged) -> bool:
    return judged.conclusion.verdict != "inconclusive"


def _supported(judged: Judged) -> bool:
    return judged.conclusion.verdict == "supported"


def _always(value: float) -> Callable[[Judged, Floats], float | None]:
    return lambda _judged, _seen: value


def _row(*shares: float) -> Floats:
    return BASE * (1 + np.array([shares], dtype=np.float64))


def _truth(
    means: Floats,
    estimand: Callable[[Judged, Floats], float | None] | float,
    *,
    wrong: Callable[[Judged], bool] = _definite,
    right: Callable[[Judged], bool] = _supported,
) -> Truth:
    known = estimand if callable(estimand) else _always(estimand)
    return Truth(means, wrong, known, right)


def _found(text: str) -> Callable[[Judged], bool]:
    return lambda j: _supported(j) and j.conclusion.found == text


def _step(means: Floats, first: int, last: int) -> Callable[[Judged, Floats], float]:
    """The true difference of the levels that were seen as best (place 0) and as place `last`."""

    def of(_: Judged, seen: Floats) -> float:
        order = np.argsort(seen[0])
        return float(means[0][order[first]] - means[0][order[last]])

    return of


def _picked(means: Floats, last: int, **rates: Callable[[Judged], bool]) -> Truth:
    return _truth(means, _step(means, 0, last), **rates)


_PAIR = (1.0, 0.0)
_A, _B = at(x=1.0), at(x=0.0)
_FOUR = (1.0, 2.0, 3.0, 4.0)
_THREE = (1.0, 2.0, 3.0)


def _rise(share: float, count: int) -> Floats:
    return _row(*np.linspace(0, share, count))


def _threshold_means(share: float, *, edge: bool) -> Floats:
    """Around a bound of BASE: the third level is the first that meets it (edge: not quite)."""
    if edge:
        return _row(-1.0, -1e-9, 1.0, 2.0)
    return _row(-2 * share, -share, share, 2 * share)


def _front_means(share: float) -> Floats:
    up = np.linspace(0, 2 * share, 3)
    return BASE * (1 + np.array([up, up[::-1]]))


def _cells(extra: float) -> Floats:
    return _row(0.0, 0.3, 0.2, 0.5 + extra)


def _law_truth(share: float, rates: Callable[[Judged], bool]) -> Truth:
    logs = np.log(np.array(_POWERS))
    slope = BASE * share / float(logs[-1])
    return _truth((BASE + slope * logs)[None, :], slope, right=rates)


_WORLDS: tuple[World, ...] = (
    World(
        "difference",
        _PAIR,
        lambda _: Difference(metric="y", a=_A, b=_B, direction="higher"),
        lambda _: _truth(_row(0, 0), 0.0),
        lambda d: _truth(_row(d, 0), BASE * d),
    ),
    World(
        "ratio",
        _PAIR,
        lambda _: Ratio(metric="y", a=_A, b=_B, low=1.0),
        lambda _: _truth(_row(0, 0), 1.0),
        lambda d: _truth(_row(d, 0), 1 + d),
    ),
    World(
        "equivalence",
        _PAIR,
        lambda d: Equivalence(metric="y", a=_A, b=_B, margin_share=d),
        lambda d: _truth(_row(d, 0), BASE * d, wrong=_supported),
        lambda _: _truth(_row(0, 0), 0.0),
    ),
    World(
        "trend",
        _FOUR,
        lambda _: Trend(metric="y", factor="x", shape="rises"),
        lambda _: _truth(_row(0, 0, 0, 0), 0.0),
        lambda d: _truth(_rise(d, 4), BASE * d),
    ),
    World(
        "trend, open",
        _FOUR,
        lambda _: Trend(metric="y", factor="x"),
        lambda _: _truth(
            _row(0, 0, 0, 0), 0.0, wrong=lambda j: _supported(j) and j.conclusion.found != "flat"
        ),
        lambda d: _truth(_rise(d, 4), BASE * d, right=_found("rises")),
    ),
    World(
        "trend, peaks",
        _FOUR,
        lambda _: Trend(metric="y", factor="x", shape="peaks"),
        lambda _: _truth(_row(0, 0, 0, 0), 0.0),
        lambda d: _truth(_row(0, 0, d, 0), 0.0),
    ),
    World(
        "trend, flat",
        _FOUR,
        lambda _: Trend(metric="y", factor="x", shape="flat"),
        lambda d: _truth(_row(0, 0, 0, d), BASE * d, wrong=_supported),
        lambda _: _truth(_row(0, 0, 0, 0), 0.0),
    ),
    World(
        "best",
        _FOUR,
        lambda _: Best(metric="y", factor="x", goal="lowest"),
        lambda _: _picked(_row(0, 0, 0, 0), 1),
        lambda d: _picked(_row(d, d, 0, d), 1, right=_found("3")),
    ),
    World(
        "ranking",
        _THREE,
        lambda _: Ranking(metric="y", factor="x", goal="lowest"),
        lambda _: _picked(_row(0, 0, 0), 2),
        lambda d: _picked(_row(d, 0, 2 * d), 2, right=_found("2 before 1 before 3")),
    ),
    World(
        "threshold",
        _FOUR,
        lambda _: Threshold(metric="y", factor="x", side="at_least", bound=BASE),
        lambda d: _truth(
            _threshold_means(d, edge=True),
            3.0,
            wrong=lambda j: _definite(j) and j.conclusion.found != "3",
        ),
        lambda d: _truth(_threshold_means(d, edge=False), 3.0, right=_found("3")),
    ),
    World(
        "law",
        _POWERS,
        lambda _: Law(metric="y", factor="x", form="log"),
        lambda _: _truth(_row(*[0] * 6), 0.0),
        lambda d: _law_truth(d, lambda j: j.conclusion.found != "no dependence seen"),
    ),
    World(
        "interaction",
        (0.0, 1.0),
        lambda _: Interaction(metric="y", factor="x", by="z"),
        lambda _: _truth(_cells(0.0), 0.0, wrong=_supported),
        lambda d: _truth(_cells(d), BASE * d),
        by=(0.0, 1.0),
    ),
    World(
        "frontier",
        _THREE,
        lambda _: Frontier(metric="y", goal="lowest", other="w", other_goal="lowest", factor="x"),
        lambda _: _truth(
            np.full((2, 3), BASE), 3.0, wrong=lambda j: j.conclusion.found != "1, 2, 3"
        ),
        lambda d: _truth(_front_means(d), 3.0, right=_found("1, 2, 3")),
        metrics=2,
    ),
)

WORLDS: dict[str, World] = {w.name: w for w in _WORLDS}
"""By the name that the table of results has."""
