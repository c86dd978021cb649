"""Trials under equal conditions: what boxes tell, what programs were told, what the clock says."""

import pytest

from curie.domain.outcome import Measured, Usage
from curie.rigor.checks.conditions_equal import conditions_equal
from curie.rigor.checks.digits_in_full import digits_in_full
from curie.rigor.checks.no_drift import no_drift
from curie.rigor.checks.no_hidden_runs import no_hidden_runs
from curie.rigor.checks.nothing_left_running import nothing_left_running
from curie.rigor.checks.order_kept import order_kept
from curie.rigor.checks.timings_own import timings_own
from curie.rigor.checks.timings_possible import timings_possible
from curie.rigor.checks.told_as_planned import told_as_planned
from curie.rigor.series import drift
from tests.rigor.build import plan, timed_plan
from tests.rigor.trials import (
    conditions,
    later,
    measured,
    probe_trials,
    run,
    setup,
    setup_evidence,
    started,
    trial_evidence,
)

SEEDS = tuple(range(1, 9))


def each(change):
    """A change of events in which every outcome becomes another."""
    return lambda events: [change(e) if isinstance(e, Measured) else e for e in events]


def in_arm(arm, **fields):
    """A change of events in which the boxes of one arm were otherwise."""

    def change(outcome):
        other = outcome.conditions.but(**fields)
        return outcome.but(conditions=other) if f"/{arm}/" in outcome.trial else outcome

    return each(change)


@pytest.mark.parametrize(
    "other",
    [
        {"cpus": 4.0},
        {"memory_mib": 2048.0},
        {"pids": 65},
        {"network": "the host's"},
        {"gpus": 1},
        {"image": "sha256:other"},
        {"time_limit_s": 60.0},
    ],
)
def test_an_arm_under_other_conditions_is_stopped(other):
    finding = conditions_equal(trial_evidence(change=in_arm("t1", **other)))
    assert finding.status == "failed"
    assert "t1" in finding.detail
    assert conditions_equal(trial_evidence()).status == "passed"


def test_an_arm_with_another_program_is_stopped_and_so_are_all_with_an_unknown_one():
    other = in_arm("t1", program_sha256="0" * 64)
    assert conditions_equal(trial_evidence(change=other)).status == "failed"
    all_other = each(lambda o: o.but(conditions=o.conditions.but(program_sha256="0" * 64)))
    written = trial_evidence(change=all_other, setup=setup(written_by="technician"))
    assert "program_sha256" in conditions_equal(written).detail


def test_a_trial_that_says_nothing_of_its_conditions_is_stopped_unless_none_does():
    silent = each(lambda o: o.but(conditions=None))
    one = each(lambda o: o.but(conditions=None) if o.trial == "p1/t1/s1" else o)
    assert conditions_equal(trial_evidence(change=one)).status == "failed"
    assert conditions_equal(trial_evidence(change=silent)).status == "skipped"
    assert told_as_planned(trial_evidence(change=silent)).status == "skipped"


@pytest.mark.parametrize("field", [{"seed": 5}, {"nonce": "other"}, {"settings": ()}])
def test_a_program_that_was_told_otherwise_than_booked_is_stopped(field):
    def told(outcome):
        start = starts[outcome.trial]
        return outcome.but(conditions=conditions(start.but(**field)))

    starts = {t.id: started(t) for p in ("control", "treatment") for t in plan().trials(p)}
    log = [e for e in trial_evidence().log.events if getattr(e, "trial", "") in starts]
    wrong = trial_evidence(change=lambda _: each(told)(log))
    assert next(iter(field)) in told_as_planned(wrong).detail
    assert told_as_planned(trial_evidence()).status == "passed"


def test_a_trial_that_leaves_processes_running_is_stopped():
    left = each(lambda o: o.but(usage=o.usage.but(processes_left=1)))
    unknown = each(lambda o: o.but(usage=o.usage.but(processes_left=None)))
    assert nothing_left_running(trial_evidence(change=left)).status == "failed"
    assert nothing_left_running(trial_evidence(change=unknown)).status == "skipped"
    assert nothing_left_running(trial_evidence()).status == "passed"


def test_a_timing_longer_than_its_trial_is_stopped():
    long = setup_evidence(tamper=lambda start, values: {**values, "sort_ms": 200.0})
    assert "of a trial of 0.1 s" in timings_possible(long).detail
    assert timings_possible(setup_evidence()).status == "passed"


def test_work_that_takes_no_processor_time_in_any_trial_is_told():
    idle = each(lambda o: o.but(usage=Usage(wall_s=9.0, cpu_s=0.01)))
    sleeps = trial_evidence(change=idle, tamper=lambda start, values: {**values, "sort_ms": 500.0})
    assert "no processor" in timings_possible(sleeps).detail
    assert timings_possible(sleeps).status == "warned"
    works = each(lambda o: o.but(usage=Usage(wall_s=9.0, cpu_s=0.4)))
    busy = trial_evidence(change=works, tamper=lambda start, values: {**values, "sort_ms": 500.0})
    assert timings_possible(busy).status == "passed"


def test_timed_trials_sorted_by_arm_are_stopped():
    def sorted_by_arm(events):
        trials = sorted(timed_plan(seeds=SEEDS).trials("treatment"), key=lambda t: t.arm)
        return [*events[:7], *run(tuple(trials))]

    assert order_kept(trial_evidence(timed_plan(seeds=SEEDS), change=sorted_by_arm)).remedy == (
        "rebuild"
    )
    assert order_kept(trial_evidence(timed_plan(seeds=SEEDS))).status == "passed"
    assert order_kept(trial_evidence()).status == "skipped"


def creeping(order):
    """Timings that grow by a tenth from trial to trial in that order of the run."""
    place = {t.id: i for i, t in enumerate(order)}

    def grown(start, values):
        return {**values, "sort_ms": values["sort_ms"] * 1.1 ** place.get(start.trial, 0)}

    return grown


def test_drift_over_mixed_arms_is_told_and_over_arms_apart_it_is_stopped():
    timed = timed_plan(seeds=SEEDS)
    drawn = timed.trials("treatment")
    apart = tuple(sorted(drawn, key=lambda t: t.arm))
    mixed = trial_evidence(timed, tamper=creeping(drawn))
    split = trial_evidence(timed, change=lambda events: [events[0], *run(apart, creeping(apart))])
    assert no_drift(mixed).status == "warned"
    assert no_drift(split).remedy == "rebuild"
    assert no_drift(trial_evidence(timed)).status == "passed"
    assert no_drift(trial_evidence(timed_plan())).status == "skipped"


def test_kendalls_z_of_a_rising_row_is_that_of_the_formula():
    # S = 45 of 45 pairs, variance 10 * 9 * 25 / 18 = 125, with the correction by one
    assert drift(range(10)) == pytest.approx(44 / 125**0.5)
    assert drift(range(10, 0, -1)) == pytest.approx(-44 / 125**0.5)
    assert drift([1.0, 2.0]) == drift([3.0] * 9) == 0.0
    assert drift(range(10), range(50, 60)) == pytest.approx(89 / 250**0.5)


def test_holes_between_timed_trials_in_which_others_fit_are_stopped():
    timed = timed_plan(seeds=SEEDS)
    probes, trials = probe_trials(timed), timed.trials("treatment")

    def laid_out(gap_s):
        return lambda events: [
            events[0],
            *later(run(probes), gap_s=0.05),
            *later(run(trials), gap_s=gap_s),
        ]

    assert no_hidden_runs(trial_evidence(timed, change=laid_out(0.6))).remedy == "rebuild"
    assert no_hidden_runs(trial_evidence(timed, change=laid_out(0.06))).status == "passed"
    assert no_hidden_runs(trial_evidence()).status == "skipped"


def test_timings_that_are_those_of_another_arm_scaled_are_stopped():
    def copied(start, values):
        factor = 1.1 if start.arm == "t1" else 1.0
        return {**values, "sort_ms": factor * (1 + 0.01 * (start.seed * 7 % 5))}

    assert "times a constant" in timings_own(trial_evidence(timed_plan(), tamper=copied)).detail
    assert timings_own(trial_evidence(timed_plan())).status == "passed"


def test_one_timing_for_every_seed_is_stopped():
    def frozen(start, values):
        return {**values, "sort_ms": 0.5} if start.arm == "t1" else values

    assert "the same for every seed" in timings_own(trial_evidence(tamper=frozen)).detail


def test_two_trials_of_one_length_to_the_last_digit_are_stopped():
    def copied(outcome):
        return outcome.but(usage=outcome.usage.but(wall_s=0.123456789))

    assert "exactly as long" in timings_own(trial_evidence(change=each(copied))).detail


def test_timings_rounded_on_their_way_are_stopped_and_those_of_a_rounding_program_are_not():
    def on_the_way(start, values):
        kept = start.phase == "reexecution"
        return values if kept else {**values, "sort_ms": round(values["sort_ms"], 2)}

    def by_the_program(start, values):
        return {**values, "sort_ms": round(values["sort_ms"], 2)}

    assert digits_in_full(trial_evidence(timed_plan(), tamper=on_the_way)).status == "failed"
    assert digits_in_full(trial_evidence(timed_plan(), tamper=by_the_program)).status == "passed"
    assert digits_in_full(trial_evidence(timed_plan())).status == "passed"


def test_a_measured_trial_says_what_it_ran_under():
    start = started(plan().trials("control")[0])
    assert measured(start).conditions == conditions(start)
