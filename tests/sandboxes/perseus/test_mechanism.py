"""Perseus's frontier, against brute force, a linear program and the published package."""

import itertools
from itertools import accumulate

import networkx as nx
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lowtime.cost_model import CostModel
from lowtime.graph_utils import add_sink_node, add_source_node
from lowtime.operation import CandidateExecutionOptions, ExecutionOption, OperationSpec
from lowtime.perseus.instruction import Backward, Forward
from lowtime.solver import PhillipsDessouky
from scipy.optimize import linprog
from scipy.sparse import coo_array

from sandboxes.perseus.curves import Curve
from sandboxes.perseus.mechanism import frontier, plans
from sandboxes.perseus.model import load_profile, run_clocks
from sandboxes.perseus.pipeline import one_f_one_b


def curve(fastest, *prices):
    """A curve from its prices, the steepest first."""
    costs = tuple(accumulate(reversed(prices), initial=1.0))[::-1]
    return Curve(fastest, costs, tuple(range(1000, 1000 - len(costs), -1)))


@st.composite
def problems(draw, *, stages, microbatches, steps):
    """A pipeline of at most that size, with a curve of at most so many steps a computation."""
    pipeline = one_f_one_b(draw(st.integers(1, stages)), draw(st.integers(1, microbatches)))
    prices = st.lists(st.floats(0.1, 50.0), max_size=steps)
    curves = tuple(
        curve(draw(st.integers(1, 6)), *sorted(draw(prices), reverse=True)) for _ in pipeline.ops
    )
    return pipeline, curves


def cheapest_by_trying_all(pipeline, curves):
    """Least cost for each makespan or less, over every assignment of durations."""
    least = {}
    for steps in itertools.product(*(range(len(c.cost_j)) for c in curves)):
        durations = [c.fastest + s for c, s in zip(curves, steps, strict=True)]
        makespan = pipeline.makespan(durations)
        cost = sum(c.cost_j[s] for c, s in zip(curves, steps, strict=True))
        least[makespan] = min(cost, least.get(makespan, np.inf))
    times = sorted(least)
    return dict(zip(times, accumulate((least[t] for t in times), min), strict=True))


def cheapest_by_linear_program(pipeline, curves, deadline):
    """Least cost for a deadline where durations need not be whole: HiGHS over start times."""
    count = len(pipeline.ops)
    rows, bounds, entries = 0, [], []

    def at_most(bound, **terms):
        nonlocal rows
        entries.extend((rows, column, factor) for column, factor in terms["of"])
        bounds.append(bound)
        rows += 1

    # Columns: start, duration and cost of each computation.
    for i, c in enumerate(curves):
        at_most(deadline, of=[(i, 1), (count + i, 1)])
        for j in pipeline.before[i]:
            at_most(0, of=[(j, 1), (count + j, 1), (i, -1)])
        for k, price in enumerate(c.prices_j):
            line = c.cost_j[k] + price * (c.fastest + k)
            at_most(-line, of=[(count + i, -price), (2 * count + i, -1)])
    r, columns, factors = zip(*entries, strict=True)
    limits = [(0, None)] * count + [(c.fastest, c.slowest) for c in curves]
    limits += [(c.cost_j[-1], None) for c in curves]
    solved = linprog(
        [0.0] * 2 * count + [1.0] * count,
        A_ub=coo_array((factors, (r, columns)), shape=(rows, 3 * count)).tocsr(),
        b_ub=bounds,
        bounds=limits,
    )
    assert solved.success
    return solved.fun


class Tabled(CostModel):
    """One of our curves as the published package's cost model."""

    def __init__(self, ours):
        self.ours = ours

    def __call__(self, quant_time):
        return self.ours.cost_j[quant_time - self.ours.fastest]


def published_frontier(pipeline, curves):
    """Cost by makespan as lowtime's solver finds it."""
    graph = nx.DiGraph()
    specs = {}
    for i, (op, c) in enumerate(zip(pipeline.ops, curves, strict=True)):
        if c not in specs:
            options = [
                ExecutionOption(real_time=c.fastest + k + 0.5, unit_time=1.0, cost=e, knob=k)
                for k, e in enumerate(c.cost_j)
            ]
            specs[c] = OperationSpec(CandidateExecutionOptions(options), Tabled(c))
        kind = Forward if op.direction == "forward" else Backward
        node = kind(stage_id=op.stage, micro_batch_id=op.microbatch, spec=specs[c])
        graph.add_node(i + 2, op=node)
        graph.add_edges_from((j + 2, i + 2) for j in pipeline.before[i])
    add_source_node(graph, 0)
    add_sink_node(graph, 1)
    graph.graph |= {"source_node": 0, "sink_node": 1}
    return {r.quant_time: r.cost for r in PhillipsDessouky(graph).run()}


@settings(max_examples=40, deadline=None)
@given(problems(stages=2, microbatches=2, steps=2))
def test_every_point_is_the_cheapest_of_all_plans_of_a_small_pipeline(problem):
    pipeline, curves = problem
    least = cheapest_by_trying_all(pipeline, curves)
    points = list(frontier(pipeline, curves))
    assert points[-1].makespan == min(least)
    for point in points:
        within = max(t for t in least if t <= point.makespan)
        assert point.cost_j == pytest.approx(least[within], rel=1e-6)


def test_every_point_is_the_cheapest_of_all_plans_of_two_stages_and_three_microbatches():
    pipeline = one_f_one_b(2, 3)
    forward, backward = curve(3, 5.0), curve(6, 7.0)
    last = curve(4, 2.0), curve(7, 9.0)
    curves = [
        (last if op.stage else (forward, backward))[op.direction == "backward"]
        for op in pipeline.ops
    ]
    least = cheapest_by_trying_all(pipeline, curves)
    for point in frontier(pipeline, curves):
        assert point.cost_j == pytest.approx(least[point.makespan], rel=1e-6)


@settings(max_examples=25, deadline=None)
@given(problems(stages=5, microbatches=6, steps=6), st.floats(0.0, 1.0))
def test_a_linear_program_finds_no_cheaper_plan(problem, place):
    pipeline, curves = problem
    points = list(frontier(pipeline, curves))
    point = points[round(place * (len(points) - 1))]
    bound = cheapest_by_linear_program(pipeline, curves, point.makespan)
    assert point.cost_j == pytest.approx(bound, rel=1e-6)


@pytest.mark.parametrize("name", ["gpt3_175b_a100", "bloom_176b_a40"])
def test_a_linear_program_finds_no_cheaper_plan_for_a_measured_profile(name, real_curves):
    pipeline = one_f_one_b(8, 12)
    curves = real_curves(pipeline, name)
    *_, fastest = frontier(pipeline, curves)
    bound = cheapest_by_linear_program(pipeline, curves, fastest.makespan)
    assert fastest.cost_j == pytest.approx(bound, rel=1e-6)


@pytest.mark.parametrize(
    ("stages", "microbatches", "name"),
    [
        (4, 3, "bloom_176b_a100"),
        (8, 4, "gpt3_175b_a100"),
        pytest.param(8, 12, "gpt3_175b_a100", marks=pytest.mark.slow),
        pytest.param(8, 12, "bloom_176b_a100", marks=pytest.mark.slow),
    ],
)
def test_the_published_package_finds_the_same_frontier(stages, microbatches, name, real_curves):
    pipeline = one_f_one_b(stages, microbatches)
    curves = real_curves(pipeline, name)
    ours = {p.makespan: p.cost_j for p in frontier(pipeline, curves)}
    theirs = published_frontier(pipeline, curves)
    assert min(theirs) == min(ours)
    assert set(theirs) <= set(ours)
    assert len(theirs) > 100
    for makespan, cost in theirs.items():
        assert ours[makespan] == pytest.approx(cost, rel=1e-5)


@settings(max_examples=60, deadline=None)
@given(problems(stages=5, microbatches=6, steps=5))
def test_the_frontier_goes_unit_by_unit_from_all_slowest_to_the_shortest_iteration(problem):
    pipeline, curves = problem
    points = list(frontier(pipeline, curves))
    longest = pipeline.makespan([c.slowest for c in curves])
    shortest = pipeline.makespan([c.fastest for c in curves])
    assert [p.makespan for p in points] == list(range(longest, shortest - 1, -1))


@settings(max_examples=60, deadline=None)
@given(problems(stages=5, microbatches=6, steps=5))
def test_a_plan_ends_when_it_says_and_costs_what_it_says(problem):
    pipeline, curves = problem
    for point in frontier(pipeline, curves):
        for duration, c in zip(point.durations, curves, strict=True):
            assert c.fastest <= duration <= c.slowest
        assert pipeline.makespan(point.durations) <= point.makespan
        costs = [c.cost_j[d - c.fastest] for c, d in zip(curves, point.durations, strict=True)]
        assert point.cost_j == pytest.approx(sum(costs))


@settings(max_examples=60, deadline=None)
@given(problems(stages=5, microbatches=6, steps=5))
def test_each_unit_of_time_costs_no_less_than_the_one_before(problem):
    pipeline, curves = problem
    costs = [p.cost_j for p in frontier(pipeline, curves)]
    rises = [b - a for a, b in itertools.pairwise(costs)]
    assert all(rise >= -1e-6 for rise in rises)
    assert all(b >= a - 1e-6 for a, b in itertools.pairwise(rises))


@settings(max_examples=60, deadline=None)
@given(problems(stages=4, microbatches=4, steps=4), st.data())
def test_no_other_plan_that_meets_the_deadline_is_cheaper(problem, data):
    pipeline, curves = problem
    durations = [data.draw(st.integers(c.fastest, c.slowest)) for c in curves]
    cost = sum(c.cost_j[d - c.fastest] for c, d in zip(curves, durations, strict=True))
    (chosen,) = plans(pipeline, curves, [int(pipeline.makespan(durations))], waiting_j=0.0)
    assert chosen.cost_j <= cost * (1 + 1e-6)
    assert pipeline.makespan(chosen.durations) <= pipeline.makespan(durations)


@settings(max_examples=60, deadline=None)
@given(problems(stages=4, microbatches=4, steps=5), st.floats(0.0, 60.0), st.floats(1.0, 1.6))
def test_a_straggler_is_waited_for_no_longer_than_saves_energy(problem, waiting_j, straggler):
    pipeline, curves = problem
    points = list(frontier(pipeline, curves))
    deadline = int(straggler * points[-1].makespan)
    late, early = plans(pipeline, curves, [deadline, points[-1].makespan], waiting_j=waiting_j)
    able = [p for p in points if p.makespan <= deadline]
    least = min(p.energy_j(waiting_j, 1.0) for p in able)
    assert late.makespan <= deadline
    assert late.energy_j(waiting_j, 1.0) == pytest.approx(least, rel=1e-6)
    assert early == points[-1]


def test_points_are_computed_only_down_to_the_deadline(real_curves):
    pipeline = one_f_one_b(8, 6)
    curves = real_curves(pipeline)
    longest = int(pipeline.makespan([c.slowest for c in curves]))
    points = frontier(pipeline, curves)
    assert [next(points).makespan for _ in range(3)] == [longest, longest - 1, longest - 2]


def test_one_curve_for_each_computation_is_needed():
    with pytest.raises(ValueError, match="1 curves for 4 computations"):
        next(frontier(one_f_one_b(1, 2), [curve(3, 1.0)]))


def published_saving(pipeline, curves, name, unit_s):
    """Share of energy that the artefact's notebook reports, by its own accounting (its cell 18).

    The plan counts by its fitted costs and whole time units; full speed by measured energies.
    """
    profile = load_profile(name)
    *_, fastest = frontier(pipeline, curves)
    waiting_w = profile.blocking_power_w * pipeline.stages
    ran = run_clocks(
        pipeline, profile, (profile.inner["forward"][0].clock_mhz,) * len(pipeline.ops)
    )
    computing = sum(c.energy_j - profile.blocking_power_w * c.time_s for c in ran)
    full_speed = computing + waiting_w * fastest.makespan * unit_s
    return 1 - fastest.energy_j(waiting_w, unit_s) / full_speed, fastest.makespan * unit_s


@pytest.mark.parametrize(
    ("name", "microbatches", "saving", "time_s"),
    [
        ("gpt3_175b_a100", 12, 0.152016, 2.818),
        ("gpt3_175b_a100", 24, 0.141904, 4.642),
        ("gpt3_175b_a100", 48, 0.136166, 8.290),
        ("bloom_176b_a100", 12, 0.104719, 2.797),
        ("bloom_176b_a100", 24, 0.070644, 4.585),
    ],
)
def test_the_artefacts_savings_come_out_to_its_last_digit(
    name, microbatches, saving, time_s, real_curves
):
    pipeline = one_f_one_b(8, microbatches)
    found = published_saving(pipeline, real_curves(pipeline, name), name, 0.001)
    assert found == pytest.approx((saving, time_s), abs=1e-6)


@pytest.mark.parametrize(("name", "ratio"), [("gpt3_175b_a100", 1.15), ("bloom_176b_a100", 1.20)])
def test_slowing_down_stops_to_pay_where_the_artefact_says(name, ratio, real_curves):
    pipeline = one_f_one_b(8, 24)
    curves = real_curves(pipeline, name)
    waiting_j = load_profile(name).blocking_power_w * 8 * 0.001
    shortest = int(pipeline.makespan([c.fastest for c in curves]))
    (late,) = plans(pipeline, curves, [2 * shortest], waiting_j=waiting_j)
    assert late.makespan / shortest == pytest.approx(ratio, abs=0.02)
