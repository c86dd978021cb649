"""One trial: what it saves, what it costs, what the seed moves, and what it confesses."""

from dataclasses import replace
from typing import get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sandboxes.perseus.curves import Grid
from sandboxes.perseus.mechanism import plans
from sandboxes.perseus.model import PROFILES, load_profile, run_clocks
from sandboxes.perseus.pipeline import one_f_one_b
from sandboxes.perseus.settings import Planner, Settings, settings_of
from sandboxes.perseus.simulate import planned, planning_curves, run

EXACT = Settings(microbatches=6, profile_noise_share=0.0, jitter_share=0.0)
PLANNERS = get_args(Planner)


def measured(settings, seed=1):
    return {
        name: value
        for name, (value, _) in run(settings, seed).metrics.items()
        if name != "planning_time_s"
    }


@pytest.mark.parametrize("planner", PLANNERS)
@pytest.mark.parametrize("straggler", [1.0, 1.15])
def test_the_metrics_of_a_trial_agree_with_each_other(planner, straggler):
    base = measured(replace(EXACT, planner="all_max", straggler=straggler))
    found = measured(replace(EXACT, planner=planner, straggler=straggler))
    energy_j, time_s = found["iteration_energy_j"], found["iteration_time_s"]
    assert found["energy_saving_share"] == pytest.approx(1 - energy_j / base["iteration_energy_j"])
    assert found["slowdown_share"] == pytest.approx(time_s / base["iteration_time_s"] - 1)
    assert found["average_power_w"] == pytest.approx(energy_j / time_s)
    assert found["microbatches_per_s"] == pytest.approx(6 / time_s)


@pytest.mark.parametrize("name", PROFILES)
@pytest.mark.parametrize("microbatches", [4, 12])
def test_perseus_saves_energy_at_the_speed_of_full_clocks(name, microbatches):
    found = measured(replace(EXACT, profile=name, microbatches=microbatches))
    assert found["energy_saving_share"] > 0.04
    assert abs(found["slowdown_share"]) < 0.01


@settings(max_examples=15, deadline=None)
@given(
    name=st.sampled_from(PROFILES),
    stages=st.integers(2, 6),
    microbatches=st.integers(2, 8),
    straggler=st.sampled_from([1.0, 1.1, 1.25]),
)
def test_no_planner_is_planned_cheaper_than_perseus_for_its_own_time(
    name, stages, microbatches, straggler
):
    # On the planner's grid and curves: what is bought by rounding clocks is not counted.
    profile, pipeline = load_profile(name), one_f_one_b(stages, microbatches)
    grid = Grid(0.001, profile.blocking_power_w, form="hull")
    curves = planning_curves(pipeline, profile, grid)
    for planner in PLANNERS:
        chosen = replace(EXACT, planner=planner, straggler=straggler)
        clocks = planned(pipeline, profile, chosen).held_up
        units = [grid.units(c.time_s) for c in run_clocks(pipeline, profile, clocks)]
        units = [max(c.fastest, min(c.slowest, u)) for c, u in zip(curves, units, strict=True)]
        cost = sum(c.cost_j[u - c.fastest] for c, u in zip(curves, units, strict=True))
        (best,) = plans(pipeline, curves, [int(pipeline.makespan(units))], waiting_j=0.0)
        assert best.cost_j <= cost * (1 + 1e-6)


def test_a_finer_time_unit_plans_closer_to_the_deadline():
    slowdowns = [
        measured(replace(EXACT, microbatches=12, time_unit_ms=unit))["slowdown_share"]
        for unit in (2.0, 1.0, 0.25)
    ]
    assert slowdowns[-1] < 0.0005
    assert all(s < 0.005 for s in slowdowns)


@pytest.mark.parametrize("planner", PLANNERS)
def test_the_seed_decides_a_trial(planner):
    noisy = Settings(planner=planner, microbatches=4)
    assert measured(noisy, seed=3) == measured(noisy, seed=3)
    one, other = measured(noisy, seed=3), measured(noisy, seed=4)
    for name in ("iteration_energy_j", "iteration_time_s", "average_power_w"):
        assert one[name] != other[name]


@pytest.mark.parametrize("planner", PLANNERS)
def test_without_errors_and_spread_the_seed_decides_nothing(planner):
    exact = replace(EXACT, planner=planner)
    assert measured(exact, seed=3) == measured(exact, seed=4)


def test_planners_meet_the_same_spread_so_that_pairs_can_be_compared():
    noisy = replace(EXACT, jitter_share=0.02)
    full = [measured(replace(noisy, planner="all_max"), s)["iteration_energy_j"] for s in range(6)]
    saved = [measured(noisy, s)["iteration_energy_j"] for s in range(6)]
    order = sorted(range(6), key=full.__getitem__)
    assert saved[order[-1]] > saved[order[0]]


def test_a_straggler_holds_up_every_planner_alike():
    for planner in PLANNERS:
        base = measured(replace(EXACT, planner=planner))
        held = measured(replace(EXACT, planner=planner, straggler=1.2))
        assert held["iteration_time_s"] == pytest.approx(1.2 * base["iteration_time_s"])


def test_a_lone_pipeline_that_straggles_uses_so_many_times_its_energy():
    alone = replace(EXACT, data_parallel=1)
    base = measured(alone)["iteration_energy_j"]
    assert measured(replace(alone, straggler=1.3))["iteration_energy_j"] == pytest.approx(
        1.3 * base
    )


def test_full_speed_pays_waiting_power_for_a_straggler():
    base = measured(replace(EXACT, planner="all_max", data_parallel=2))
    held = measured(replace(EXACT, planner="all_max", data_parallel=2, straggler=1.5))
    late_s = 0.5 * base["iteration_time_s"]
    waited_j = late_s * 8 * load_profile(EXACT.profile).blocking_power_w
    wanted = (1.5 * base["iteration_energy_j"] + base["iteration_energy_j"] + waited_j) / 2
    assert held["iteration_energy_j"] == pytest.approx(wanted)


def test_counting_waiting_power_as_sunk_never_saves_less_with_a_straggler():
    for straggler in (1.1, 1.2, 1.5):
        published = replace(EXACT, straggler=straggler)
        sunk = replace(published, waiting_power="sunk")
        assert measured(sunk)["energy_saving_share"] > measured(published)["energy_saving_share"]


def test_only_perseus_has_a_frontier():
    points = {p: measured(replace(EXACT, planner=p))["frontier_points"] for p in PLANNERS}
    assert points.pop("perseus") > 100
    assert set(points.values()) == {0.0}


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"stages": 4}, "profiled with 8 stages"),
        ({"last_stage_scale": 1.1}, "last stage is not the measured one"),
        ({"profile": "bloom_176b_a40"}, "one exponential fits the A40's costs poorly"),
        ({"jitter_share": 0.05, "microbatches": 12}, "slower than full speed"),
    ],
)
def test_a_result_confesses_its_limits(changes, told):
    warnings = run(replace(EXACT, **changes), 1).warnings
    assert any(told in w for w in warnings)


def test_the_measured_pipeline_has_nothing_to_confess():
    assert run(Settings(microbatches=8), 1).warnings == ()


@pytest.mark.parametrize(
    ("changes", "complaint"),
    [
        ({"planner": "greedy"}, "all_max or perseus"),
        ({"profile": "gpt4"}, "bloom_176b_a100"),
        ({"microbatches": 0}, "microbatches is 0; give at least 1"),
        ({"straggler": 0.9}, "straggler is 0.9; give at least 1"),
        ({"jitter_share": float("nan")}, "jitter_share is nan"),
        ({"stages": 2.5}, "stages is 2.5"),
        ({"stages": True}, "stages is True"),
        ({"clock": 3}, "unknown factors: clock"),
    ],
)
def test_settings_that_make_no_trial_are_refused(changes, complaint):
    levels = {name: getattr(EXACT, name) for name in EXACT.__dataclass_fields__}
    with pytest.raises(ValueError, match=complaint):
        settings_of(levels | changes)
