"""The planners that Perseus is compared with."""

import itertools

import pytest

from sandboxes.perseus import baselines
from sandboxes.perseus.model import PROFILES, iteration, load_profile, run_clocks
from sandboxes.perseus.pipeline import one_f_one_b


def ran(pipeline, profile, clocks):
    return iteration(pipeline, run_clocks(pipeline, profile, clocks), profile.blocking_power_w)


def full_speed(pipeline, profile):
    return ran(pipeline, profile, baselines.all_max(pipeline, profile))


@pytest.mark.parametrize(("name", "clock"), [("gpt3_175b_a100", 1410), ("bloom_176b_a40", 1740)])
def test_full_speed_is_the_highest_clock_everywhere(name, clock):
    assert set(baselines.all_max(one_f_one_b(3, 3), load_profile(name))) == {clock}


@pytest.mark.parametrize("name", PROFILES)
@pytest.mark.parametrize("straggler", [1.0, 1.1, 1.3])
@pytest.mark.parametrize("waiting", ["published", "sunk"])
def test_the_global_clock_is_the_cheapest_that_meets_the_deadline(name, straggler, waiting):
    profile, pipeline = load_profile(name), one_f_one_b(4, 5)
    deadline_s = straggler * full_speed(pipeline, profile).time_s
    waiting_w = 4 * profile.blocking_power_w

    def energy_j(clock):
        alone = ran(pipeline, profile, (clock,) * len(pipeline.ops))
        until = alone.waiting_until(deadline_s, waiting_w)
        return alone.energy_j if waiting == "published" else until.energy_j

    able = [
        c.clock_mhz
        for c in profile.inner["forward"]
        if ran(pipeline, profile, (c.clock_mhz,) * len(pipeline.ops)).time_s <= deadline_s
    ]
    (chosen,) = set(baselines.zeus_global(pipeline, profile, deadline_s, waiting))
    assert chosen in able
    assert energy_j(chosen) == min(energy_j(c) for c in able)


@pytest.mark.parametrize("name", PROFILES)
@pytest.mark.parametrize("straggler", [1.0, 1.1, 1.3])
def test_one_clock_a_stage_meets_the_deadline_and_balances_forward_times(name, straggler):
    profile, pipeline = load_profile(name), one_f_one_b(4, 5)
    deadline_s = straggler * full_speed(pipeline, profile).time_s
    clocks = baselines.zeus_per_stage(pipeline, profile, deadline_s, "published")
    assert ran(pipeline, profile, clocks).time_s <= deadline_s
    of_stage = {(op.stage, c) for op, c in zip(pipeline.ops, clocks, strict=True)}
    assert len(of_stage) == 4
    if straggler > 1.0:
        by_stage = dict(of_stage)
        pace_s = [
            next(c.time_s for c in profile.of(s, 4)["forward"] if c.clock_mhz == by_stage[s])
            for s in (0, 3)
        ]
        assert max(pace_s) / min(pace_s) < 1.03


@pytest.mark.parametrize("name", PROFILES)
def test_a_deadline_that_none_can_meet_is_answered_with_full_speed(name):
    profile, pipeline = load_profile(name), one_f_one_b(3, 3)
    for planner in (baselines.zeus_global, baselines.zeus_per_stage):
        assert planner(pipeline, profile, 0.1, "published") == baselines.all_max(pipeline, profile)


@pytest.mark.parametrize(("stages", "microbatches"), [(2, 3), (4, 4), (8, 12)])
def test_envpipe_saves_energy_and_no_time_where_the_last_stage_is_the_slowest(stages, microbatches):
    profile = load_profile("gpt3_175b_a100")
    pipeline = one_f_one_b(stages, microbatches)
    clocks = baselines.envpipe(pipeline, profile)
    for op, clock in zip(pipeline.ops, clocks, strict=True):
        first_forward = op.direction == "forward" and op.microbatch == 0
        last_backward = op.direction == "backward" and op.microbatch == microbatches - 1
        if op.stage == stages - 1 or first_forward or last_backward:
            assert clock == 1410
    found, base = ran(pipeline, profile, clocks), full_speed(pipeline, profile)
    assert found.time_s == pytest.approx(base.time_s)
    assert found.energy_j < base.energy_j


def test_envpipe_matches_the_energy_in_the_artefact():
    # envpipe_result.csv, per pipeline of 8 stages x 8 GPUs and times 10: 503 607.7 J.
    profile, pipeline = load_profile("gpt3_175b_a100"), one_f_one_b(8, 12)
    found = ran(pipeline, profile, baselines.envpipe(pipeline, profile))
    assert found.energy_j * 80 == pytest.approx(503_607.7, rel=0.002)
    assert found.time_s * 10 == pytest.approx(28.365, abs=0.001)


def test_no_two_planners_share_a_plan_where_there_is_time_to_use():
    profile, pipeline = load_profile("gpt3_175b_a100"), one_f_one_b(4, 6)
    deadline_s = 1.1 * full_speed(pipeline, profile).time_s
    made = [
        baselines.all_max(pipeline, profile),
        baselines.envpipe(pipeline, profile),
        baselines.zeus_global(pipeline, profile, deadline_s, "published"),
        baselines.zeus_per_stage(pipeline, profile, deadline_s, "published"),
    ]
    assert all(a != b for a, b in itertools.combinations(made, 2))
