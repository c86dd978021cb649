"""From clocks to curves, against scipy's least squares, brute force and the published package."""

import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from lowtime.cost_model import ExponentialModel
from lowtime.operation import CandidateExecutionOptions, ExecutionOption
from scipy.optimize import curve_fit
from scipy.spatial import ConvexHull

from sandboxes.perseus.curves import Choice, Grid, curve_of, pareto
from sandboxes.perseus.model import PROFILES, load_profile

choices = st.lists(
    st.builds(
        Choice,
        clock_mhz=st.integers(800, 1800),
        time_s=st.floats(0.04, 0.09),
        energy_j=st.floats(10.0, 90.0),
    ),
    min_size=1,
    max_size=30,
    unique_by=lambda c: c.clock_mhz,
)
grids = st.builds(
    Grid,
    unit_s=st.sampled_from([0.0005, 0.001, 0.004]),
    blocking_power_w=st.floats(0.0, 120.0),
    form=st.sampled_from(["exponential", "hull"]),
    waiting=st.sampled_from(["published", "sunk"]),
)


def on_grid(shape, clocks=12, unit_s=0.001):
    """Choices whose energies follow a shape over whole milliseconds, none of them waiting."""
    return [Choice(1400 - 15 * i, (50 + i + 0.5) * unit_s, shape(50 + i)) for i in range(clocks)]


@given(choices)
def test_pareto_keeps_what_no_other_beats_in_both(measured):
    kept = set(pareto(measured))
    for choice in measured:
        beaten = [o for o in measured if o.time_s < choice.time_s and o.energy_j < choice.energy_j]
        assert (choice in kept) == (not beaten)


@given(choices, grids)
def test_a_curve_falls_and_is_convex(measured, grid):
    prices = curve_of(measured, grid).prices_j
    assert all(p >= -1e-9 for p in prices)
    assert all(a >= b - 1e-9 for a, b in itertools.pairwise(prices))


@given(choices, grids)
def test_a_duration_is_realised_by_the_slowest_candidate_that_keeps_it(measured, grid):
    curve = curve_of(measured, grid)
    less_w = grid.blocking_power_w if grid.waiting == "sunk" else 0.0
    by_clock = {c.clock_mhz: grid.units(c.time_s) for c in pareto(measured, less_w=less_w)}
    assert (curve.fastest, curve.slowest) == (min(by_clock.values()), max(by_clock.values()))
    for duration in range(curve.fastest, curve.slowest + 1):
        within = [units for units in by_clock.values() if units <= duration]
        assert by_clock[curve.clock_mhz(duration)] == max(within)


def test_an_exact_exponential_is_found_again():
    curve = curve_of(on_grid(lambda t: 9.0 * np.exp(-0.3 * (t - 50)) + 14.0), Grid(0.001, 0.0))
    wanted = 9.0 * np.exp(-0.3 * np.arange(12)) + 14.0
    assert curve.cost_j == pytest.approx(wanted, rel=1e-6)


@pytest.mark.parametrize("name", PROFILES)
@pytest.mark.parametrize("direction", ["forward", "backward"])
def test_no_exponential_fits_a_profile_better_by_scipys_least_squares(name, direction):
    profile = load_profile(name)
    grid = Grid(0.001, profile.blocking_power_w)
    curve = curve_of(profile.inner[direction], grid)
    cells = {}
    for choice in pareto(profile.inner[direction]):
        units = grid.units(choice.time_s)
        cells[units] = max(cells.get(units, 0.0), choice.energy_j)
    units = np.array(sorted(cells), dtype=float)
    costs = np.array([cells[u] for u in units]) - profile.blocking_power_w * 0.001 * units
    ours = np.square([curve.cost_j[int(u) - curve.fastest] for u in units] - costs).sum()

    def exponential(t, a, b, c):
        return a * np.exp(-b * (t - units[0])) + c

    span = units[-1] - units[0]
    start = (costs[0] - costs[-1], 3.0 / span, costs[-1])
    found, _ = curve_fit(exponential, units, costs, p0=start, maxfev=50_000)
    theirs = np.square(exponential(units, *found) - costs).sum()
    assert ours <= theirs * (1 + 1e-6) + 1e-12


def test_a_curve_costs_what_the_published_package_predicts():
    profile = load_profile("gpt3_175b_a100")
    options = CandidateExecutionOptions(
        options=[
            ExecutionOption(real_time=c.time_s, unit_time=0.001, cost=c.energy_j, knob=c.clock_mhz)
            for c in profile.inner["backward"]
        ]
    )
    for option in options.options:
        option.cost -= profile.blocking_power_w * option.quant_time * option.unit_time
    model = ExponentialModel(options, initial_guess=(100.0, -0.05, 30.0))
    curve = curve_of(profile.inner["backward"], Grid(0.001, profile.blocking_power_w))
    durations = range(curve.fastest, curve.slowest + 1)
    assert curve.cost_j == pytest.approx([model(d) for d in durations], rel=1e-4)
    assert [curve.clock_mhz(d) for d in durations] == [options.get_knob_for(d) for d in durations]


def test_the_hull_is_the_lower_convex_hull_of_the_points():
    rng = np.random.default_rng(7)
    energies = np.sort(rng.uniform(20.0, 60.0, 12))[::-1]
    measured = on_grid(lambda t: float(energies[t - 50]))
    curve = curve_of(measured, Grid(0.001, 0.0, form="hull"))
    points = np.column_stack([np.arange(12), energies])
    corners = ConvexHull(points).vertices
    assert all(cost <= e + 1e-9 for cost, e in zip(curve.cost_j, energies, strict=True))
    touching = {i for i in range(12) if curve.cost_j[i] == pytest.approx(energies[i])}
    assert {0, 11} <= touching <= set(corners.tolist())


def test_waiting_power_that_is_sunk_makes_slower_clocks_worth_while():
    profile = load_profile("gpt3_175b_a100")
    published, sunk = (
        curve_of(profile.inner["forward"], Grid(0.001, profile.blocking_power_w, waiting=waiting))
        for waiting in ("published", "sunk")
    )
    assert sunk.slowest > published.slowest


def test_a_computation_without_a_profile_is_refused():
    with pytest.raises(ValueError, match="no clock was profiled"):
        curve_of([], Grid(0.001, 80.0))
