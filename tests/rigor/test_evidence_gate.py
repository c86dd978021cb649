"""Each check of the evidence gate: trials that it stops, and trials that it lets pass."""

import math
from itertools import combinations

import pytest

from curie.domain.outcome import Measured, Usage
from curie.domain.plan import Frozen
from curie.domain.setup import Posture, Started
from curie.rigor import TrialLog, judge
from curie.rigor.checks.arms_complete import arms_complete, chance_of_more
from curie.rigor.checks.boxes_fresh import boxes_fresh
from curie.rigor.checks.control_first import control_first
from curie.rigor.checks.host_quiet import host_quiet
from curie.rigor.checks.one_setup import one_setup
from curie.rigor.checks.outliers_told import outliers_told
from curie.rigor.checks.plan_as_frozen import plan_as_frozen
from curie.rigor.checks.seeds_differ import seeds_differ
from curie.rigor.checks.trials_as_planned import trials_as_planned
from tests.rigor.build import COMPARISONS, DEPTH, SORT_MS, at, plan, size_plan, timed_plan
from tests.rigor.trials import failed, run, setup, trial_evidence

MANY = tuple(range(1, 21))


def lost(seeds, arms=("t1",), **fields):
    """A change of events in which some trials failed."""

    def change(events):
        starts = {e.trial: e for e in events if isinstance(e, Started)}
        return [
            failed(s)
            if isinstance(e, Measured)
            and (s := starts[e.trial]).phase != "reexecution"
            and s.seed in seeds
            and s.arm in arms
            else e
            for e in events
        ]

    return trial_evidence(change=change, **fields)


def each(of_type, **fields):
    """A change of events in which all of one type have other fields."""
    return lambda events: [e.but(**fields) if isinstance(e, of_type) else e for e in events]


@pytest.mark.parametrize("sound", [plan(), timed_plan(), size_plan(seeds=tuple(range(8)))])
def test_a_sound_experiment_is_accepted_with_no_check_failed(sound):
    verdict = judge("evidence", trial_evidence(sound), subject="p1", round=1)
    assert verdict.accepted
    assert {f.status for f in verdict.findings} <= {"passed", "skipped"}


def test_no_trials_at_all_are_no_evidence():
    empty = trial_evidence(log=TrialLog())
    verdict = judge("evidence", empty, subject="p1", round=1)
    assert {"plan_as_frozen", "arms_complete", "reexecution_agrees"} <= {
        f.check for f in verdict.failures
    }


def test_a_plan_that_changed_after_it_was_frozen_is_stopped():
    other = trial_evidence(change=each(Frozen, sha256="0" * 64))
    assert plan_as_frozen(other).remedy == "replan"
    assert plan_as_frozen(trial_evidence()).status == "passed"


def test_a_plan_that_was_never_frozen_or_too_late_is_stopped():
    never = trial_evidence(change=lambda events: events[1:])
    late = trial_evidence(change=lambda events: [*events[1:3], events[0], *events[3:]])
    assert plan_as_frozen(never).status == "failed"
    assert plan_as_frozen(late).status == "failed"


@pytest.mark.parametrize("field", [{"settings": at(size=1)}, {"seed": 99}, {"analysed": False}])
def test_a_trial_that_ran_otherwise_than_planned_is_stopped(field):
    changed = trial_evidence(change=each(Started, **field))
    assert trials_as_planned(changed).status == "failed"
    assert trials_as_planned(trial_evidence()).status == "passed"


def test_a_trial_that_nobody_planned_is_stopped():
    extra = plan().trials("treatment")[0].but(id="p1/t1/s77", seed=77)
    more = trial_evidence(change=lambda events: [*events, *run((extra,))])
    assert "was not planned" in trials_as_planned(more).detail


def test_a_trial_without_an_outcome_is_still_to_be_run():
    cut = trial_evidence(change=lambda events: events[:9])
    assert arms_complete(cut).remedy == "again"
    assert arms_complete(trial_evidence()).status == "passed"


def test_a_few_failures_spread_over_the_arms_are_a_warning_that_names_them():
    few = lost({3}, arms=("control", "t1"), of=plan(seeds=MANY))
    finding = arms_complete(few)
    assert finding.status == "warned"
    assert "p1/t1/s3 failed (exit)" in finding.detail


def test_failures_that_hang_on_an_arm_are_stopped():
    lopsided = lost({1, 2, 3, 4, 5, 6}, of=plan(seeds=tuple(range(1, 41))))
    assert "6 of 6 failures are in arm t1" in arms_complete(lopsided).detail
    assert arms_complete(lopsided).status == "failed"


def test_many_failures_are_stopped_however_they_are_spread():
    many = lost({1, 2, 3, 4}, arms=("control", "t1"), of=plan(seeds=MANY))
    assert arms_complete(many).status == "failed"


def test_an_arm_with_fewer_than_three_trials_left_is_stopped():
    thin = lost({1}, of=size_plan(levels=(1, 2, 3, 4, 5)), arms=("t5",))
    assert "2 trials left" in arms_complete(thin).detail


def test_the_chance_of_lopsided_losses_is_that_of_counting_all_ways():
    for size_here, size, lost_all in ((3, 8, 3), (4, 9, 4), (2, 7, 5)):
        ways = list(combinations(range(size), lost_all))
        for here in range(min(size_here, lost_all) + 1):
            hits = sum(sum(x < size_here for x in way) >= here for way in ways)
            expected = hits / len(ways)
            assert math.isclose(chance_of_more(here, size_here, lost_all, size), expected)


def test_a_treatment_before_the_control_was_done_is_stopped():
    def early(events):
        treatments = [e for e in events if getattr(e, "trial", "") == "p1/t1/s1"]
        return [events[0], *treatments, *(e for e in events[1:] if e not in treatments)]

    assert "p1/t1/s1" in control_first(trial_evidence(change=early)).detail
    assert control_first(trial_evidence()).status == "passed"


def test_a_trial_under_another_setup_is_stopped():
    def mixed(events):
        return [*events[:-1], events[-1].but(setup="s2")]

    assert one_setup(trial_evidence(change=mixed)).status == "failed"
    assert one_setup(trial_evidence(setup=setup(plan="p2"))).status == "failed"
    assert one_setup(trial_evidence()).status == "passed"


def test_a_box_used_twice_is_stopped_whatever_the_backend():
    shared = each(Measured, box="b1")
    process = setup(posture=Posture(backend="process", engine="6.1", guards=()))
    assert boxes_fresh(trial_evidence(change=shared)).status == "failed"
    assert boxes_fresh(trial_evidence(change=shared, setup=process)).status == "failed"
    assert boxes_fresh(trial_evidence()).status == "passed"


def test_a_busy_host_is_told_where_the_claim_rests_on_time():
    busy = each(Measured, usage=Usage(wall_s=0.1, load_before=2.0))
    assert host_quiet(trial_evidence(timed_plan(), change=busy)).status == "warned"
    assert host_quiet(trial_evidence(timed_plan())).status == "passed"
    assert host_quiet(trial_evidence(change=busy)).status == "skipped"


def test_an_outlier_is_told_and_stops_nothing():
    def far(start, values):
        grown = 9 if start.trial == "p1/t1/s4" else 1
        return {**values, "comparisons": values["comparisons"] * grown}

    finding = outliers_told(trial_evidence(plan(seeds=MANY), tamper=far))
    assert finding.status == "warned"
    assert "p1/t1/s4" in finding.detail
    assert outliers_told(trial_evidence(plan(seeds=MANY))).status == "passed"
    assert outliers_told(trial_evidence()).status == "skipped"


def test_replicates_that_are_copies_are_stopped():
    copied = trial_evidence(tamper=lambda start, values: {**values, "comparisons": 5.0})
    assert "comparisons in control, t1" in seeds_differ(copied).detail
    assert seeds_differ(copied).status == "failed"
    assert seeds_differ(trial_evidence()).status == "passed"


def test_copies_in_one_arm_of_many_are_a_warning():
    def one(start, values):
        return {**values, "comparisons": 5.0} if start.arm == "t100" else values

    assert seeds_differ(trial_evidence(size_plan(), tamper=one)).status == "warned"


def test_values_at_the_end_of_their_range_are_no_copies():
    zeros = trial_evidence(tamper=lambda start, values: {**values, "comparisons": 0.0})
    assert seeds_differ(zeros).status == "skipped"
    quiet = plan(metrics=(COMPARISONS.but(spread_share=0.0), SORT_MS, DEPTH))
    assert seeds_differ(trial_evidence(quiet)).status == "skipped"
