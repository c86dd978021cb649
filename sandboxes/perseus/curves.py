"""What a computation may cost: from measured clocks to a convex curve over whole time units.

A profile says how long a computation takes and what energy it uses at each clock. The planner
needs a decreasing convex cost over a grid of durations. Following the authors' artefact: keep the
Pareto-optimal clocks, round times down to the grid, subtract the power that the GPU would draw
anyway while it waits (Perseus, section 4), and fit `a·exp(b·t) + c`.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize_scalar

Form = Literal["exponential", "hull"]
WaitingPower = Literal["published", "sunk"]
"""`published`: clocks and plans are compared by their own energy, as in the artefact. `sunk`: at a
given end of the iteration waiting power is drawn anyway, so that it counts until then for all."""

FEWEST_TO_FIT = 4
"""Candidates below which three parameters say nothing: then the curve joins the points."""

RATES = (1e-5, 1e3)
"""Ends of the search for the exponential's rate, per span of the durations: from all but a line to
a drop within one time unit."""


@dataclass(frozen=True)
class Choice:
    """One clock at which a computation can run, with what was measured there."""

    clock_mhz: int
    time_s: float
    energy_j: float


@dataclass(frozen=True)
class Grid:
    """How the planner sees time and waiting."""

    unit_s: float
    """One step of the grid of durations."""
    blocking_power_w: float
    """Power of a GPU that waits for its neighbours."""
    form: Form = "exponential"
    waiting: WaitingPower = "published"
    """Whether clocks are compared by their energy, or by their energy less the waiting power."""

    def units(self, time_s: float) -> int:
        """Whole time units in a time; the remainder is dropped, as in the artefact."""
        return int(time_s // self.unit_s)


@dataclass(frozen=True)
class Curve:
    """Cost over durations `fastest`, `fastest + 1`, ... in time units, and the clock for each."""

    fastest: int
    cost_j: tuple[float, ...]
    """Energy less the waiting power over the same time: decreasing and convex."""
    clocks_mhz: tuple[int, ...]
    """The slowest candidate that is done within the duration."""

    @property
    def slowest(self) -> int:
        """The longest duration on the curve."""
        return self.fastest + len(self.cost_j) - 1

    @cached_property
    def prices_j(self) -> tuple[float, ...]:
        """What one time unit less costs, at each duration but the fastest."""
        return tuple(a - b for a, b in zip(self.cost_j, self.cost_j[1:], strict=False))

    def clock_mhz(self, duration: int) -> int:
        """The clock for a planned duration; IndexError beyond the curve."""
        if not self.fastest <= duration <= self.slowest:
            raise IndexError(f"{duration} is not in {self.fastest}..{self.slowest} time units")
        return self.clocks_mhz[duration - self.fastest]


def pareto(choices: Sequence[Choice], *, less_w: float = 0.0) -> tuple[Choice, ...]:
    """The choices that no other beats in both time and energy (less a power over the time)."""

    def energy(choice: Choice) -> float:
        return choice.energy_j - less_w * choice.time_s

    return tuple(
        c
        for c in choices
        if not any(o.time_s < c.time_s and energy(o) < energy(c) for o in choices)
    )


def curve_of(choices: Sequence[Choice], grid: Grid) -> Curve:
    """The planning curve of a computation. ValueError if nothing was measured."""
    if not choices:
        raise ValueError("no clock was profiled for a computation; the stage profile is incomplete")
    less_w = grid.blocking_power_w if grid.waiting == "sunk" else 0.0
    by_units: dict[int, Choice] = {}
    for choice in pareto(choices, less_w=less_w):
        cell = grid.units(choice.time_s)
        held = by_units.get(cell)
        # Times were rounded down, so the dearest of a cell is the one nearest to its grid point.
        if held is None or choice.energy_j > held.energy_j:
            by_units[cell] = choice
    cells = sorted(by_units)
    units = np.array(cells, dtype=np.float64)
    costs = np.array([by_units[cell].energy_j for cell in cells])
    costs -= grid.blocking_power_w * grid.unit_s * units
    durations = np.arange(cells[0], cells[-1] + 1, dtype=np.float64)
    cost_j = _exponential(units, costs, durations) if grid.form == "exponential" else None
    if cost_j is None:
        cost_j = _hull(units, costs, durations)
    at = np.searchsorted(units, durations, side="right") - 1
    clocks = tuple(by_units[cells[i]].clock_mhz for i in at)
    return Curve(cells[0], tuple(cost_j.tolist()), clocks)


def _exponential(
    units: NDArray[np.float64], costs: NDArray[np.float64], durations: NDArray[np.float64]
) -> NDArray[np.float64] | None:
    """Least squares for a·exp(b·t) + c with a > 0 > b; None where no such curve fits.

    For a given b the best a and c are linear, so that b alone is searched, from end to end.
    """
    if len(units) < FEWEST_TO_FIT:
        return None
    span = units[-1] - units[0]

    def solve(log_rate: float) -> tuple[float, float, float]:
        shape = np.exp(-math.exp(log_rate) * (units - units[0]) / span)
        a = float(np.cov(shape, costs, bias=True)[0, 1] / np.var(shape))
        c = float(costs.mean() - a * shape.mean())
        return a, c, float(np.square(a * shape + c - costs).sum())

    tried = np.log(np.geomspace(*RATES, 120))
    start = tried[int(np.argmin([solve(x)[2] for x in tried]))]
    step = tried[1] - tried[0]
    best = minimize_scalar(
        lambda x: solve(x)[2], bounds=(start - step, start + step), options={"xatol": 1e-9}
    )
    a, c, _ = solve(float(best.x))
    if a <= 0:
        return None
    return np.asarray(a * np.exp(-math.exp(float(best.x)) * (durations - units[0]) / span) + c)


def _hull(
    units: NDArray[np.float64], costs: NDArray[np.float64], durations: NDArray[np.float64]
) -> NDArray[np.float64]:
    """The lower convex hull of the points, joined by lines; flat where it would rise."""
    hull: list[tuple[float, float]] = []
    for point in zip(units, np.minimum.accumulate(costs), strict=True):
        while len(hull) > 1 and _above(hull[-2], hull[-1], point):
            hull.pop()
        hull.append((float(point[0]), float(point[1])))
    return np.interp(durations, [p[0] for p in hull], [p[1] for p in hull])


def _above(a: tuple[float, float], b: tuple[float, float], c: tuple[float, float]) -> bool:
    """Whether b lies on or above the line from a to c."""
    return (b[1] - a[1]) * (c[0] - a[0]) >= (c[1] - a[1]) * (b[0] - a[0])
