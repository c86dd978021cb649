"""The stage profiles, their errors, and where the energy of an iteration goes."""

import numpy as np
import pytest

from sandboxes.perseus.curves import Choice
from sandboxes.perseus.model import (
    PROFILES,
    TIME_NOISE_RATIO,
    as_profiled,
    iteration,
    jittered,
    load_profile,
    run_clocks,
    scaled,
)
from sandboxes.perseus.pipeline import DIRECTIONS, one_f_one_b


def choices_of(profile):
    return [c for stage in (profile.inner, profile.last) for d in DIRECTIONS for c in stage[d]]


@pytest.mark.parametrize(
    ("name", "clocks", "forward", "backward", "last_forward", "last_backward"),
    [
        ("gpt3_175b_a100", 38, (50.2, 23.8), (93.0, 44.6), (54.0, 24.9), (98.9, 46.4)),
        ("gpt3_175b_a40", 60, (112.5, 33.6), (277.1, 80.2), (117.0, 34.9), (284.7, 82.4)),
        ("bloom_176b_a100", 38, (51.2, 24.2), (99.1, 46.0), (45.1, 21.4), (89.1, 41.6)),
        ("bloom_176b_a40", 60, (133.4, 39.1), (248.3, 73.1), (117.9, 34.6), (227.0, 66.8)),
    ],
)
def test_profiles_hold_what_the_artefact_measured_at_the_highest_clock(
    name, clocks, forward, backward, last_forward, last_backward
):
    profile = load_profile(name)
    fastest = [
        (stage[d][0].time_s * 1e3, stage[d][0].energy_j)
        for stage in (profile.inner, profile.last)
        for d in DIRECTIONS
    ]
    wanted = [forward, backward, last_forward, last_backward]
    assert [x for pair in fastest for x in pair] == pytest.approx(
        [x for pair in wanted for x in pair], abs=0.05
    )
    for stage in (profile.inner, profile.last):
        for d in DIRECTIONS:
            clock = [c.clock_mhz for c in stage[d]]
            assert clock == sorted(set(clock), reverse=True)
            assert len(clock) == clocks


@pytest.mark.parametrize("name", PROFILES)
def test_no_gpu_computes_at_less_power_than_it_waits(name):
    profile = load_profile(name)
    assert all(c.energy_j / c.time_s > profile.blocking_power_w for c in choices_of(profile))


def test_an_unknown_profile_is_refused_with_those_that_are_known():
    with pytest.raises(ValueError, match="gpt3_175b_a100"):
        load_profile("gpt4")


def test_a_scaled_last_stage_takes_as_much_more_time_and_energy():
    plain = load_profile("gpt3_175b_a100")
    longer = scaled(plain, last_stage=1.2, blocking_power=0.5)
    assert longer.inner == plain.inner
    assert longer.blocking_power_w == pytest.approx(plain.blocking_power_w / 2)
    for d in DIRECTIONS:
        for one, other in zip(plain.last[d], longer.last[d], strict=True):
            assert (other.time_s, other.energy_j) == pytest.approx(
                (1.2 * one.time_s, 1.2 * one.energy_j)
            )


def test_a_profiler_without_errors_sees_the_truth():
    profile = load_profile("bloom_176b_a40")
    assert as_profiled(profile, 0.0, np.random.default_rng(1)) == profile


def test_a_profiler_errs_as_declared():
    profile = load_profile("gpt3_175b_a40")
    errors = []
    for seed in range(20):
        seen = as_profiled(profile, 0.02, np.random.default_rng(seed))
        errors += [
            (s.time_s / t.time_s - 1, s.energy_j / t.energy_j - 1)
            for s, t in zip(choices_of(seen), choices_of(profile), strict=True)
        ]
    spread = np.std(errors, axis=0)
    assert spread == pytest.approx([0.02 * TIME_NOISE_RATIO, 0.02], rel=0.05)
    assert np.mean(errors, axis=0) == pytest.approx([0.0, 0.0], abs=1e-3)


def test_run_to_run_spread_hits_a_computation_alike_whatever_its_clock():
    slow, fast = (tuple(Choice(c, t, e) for _ in range(50)) for c, t, e in [(1, 2, 3), (4, 5, 6)])
    slowed, hurried = (jittered(r, 0.01, np.random.default_rng(3)) for r in (slow, fast))
    assert [c.time_s / 2 for c in slowed] == pytest.approx([c.time_s / 5 for c in hurried])
    assert [c.energy_j / 3 for c in slowed] == pytest.approx([c.energy_j / 6 for c in hurried])
    assert len({c.time_s for c in slowed}) > 40


def test_energy_is_that_of_computing_and_of_waiting_and_nothing_else():
    profile = load_profile("gpt3_175b_a100")
    pipeline = one_f_one_b(4, 6)
    rng = np.random.default_rng(5)
    clocks = tuple(int(c) for c in rng.choice([1410, 1200, 900], len(pipeline.ops)))
    ran = run_clocks(pipeline, profile, clocks)
    found = iteration(pipeline, ran, profile.blocking_power_w)
    total = 0.0
    for stage in range(4):
        mine = [c for op, c in zip(pipeline.ops, ran, strict=True) if op.stage == stage]
        idle_s = found.time_s - sum(c.time_s for c in mine)
        assert idle_s >= 0
        total += sum(c.energy_j for c in mine) + idle_s * profile.blocking_power_w
    assert found.energy_j == pytest.approx(total)
    assert found.energy_j == found.compute_j + found.waiting_j


def test_waiting_for_a_later_end_costs_waiting_power_and_an_earlier_end_nothing():
    profile = load_profile("gpt3_175b_a100")
    pipeline = one_f_one_b(2, 2)
    ran = run_clocks(pipeline, profile, (1410,) * 8)
    found = iteration(pipeline, ran, profile.blocking_power_w)
    later = found.waiting_until(found.time_s + 0.5, 2 * profile.blocking_power_w)
    assert later.energy_j == pytest.approx(found.energy_j + profile.blocking_power_w)
    assert found.waiting_until(0.1, 1e6) == found


def test_a_clock_that_was_not_profiled_is_refused():
    with pytest.raises(ValueError, match="not profiled at 1 MHz"):
        run_clocks(one_f_one_b(1, 1), load_profile("gpt3_175b_a100"), (1, 1))
