"""Which trials count, and for which side of a claim."""

from datetime import timedelta

import pytest

from curie.domain.claim import Difference
from curie.domain.outcome import Failed
from curie.domain.plan import Look
from curie.stats import analyse
from curie.stats.table import table_of
from tests.stats.trials import A, B, at, experiment, factor, metric, plan_over, ran

CLAIM = Difference(metric="y", a=A, b=B, direction="higher")
VALUES = {"a": [5.0, 6.0, 7.5, 8.0], "b": [1.0, 2.5, 3.0, 4.0]}


def test_rows_are_the_analysed_and_measured_trials():
    ex = experiment(CLAIM, {**VALUES, "a": [5.0, None, 7.0, 8.0]})
    probes = [s.but(trial="probe", analysed=False) for s in ex.started[:1]]
    extra = [ex.outcomes[0].but(trial="probe")]
    table = table_of(ex.plan, [*ex.started, *probes], [*ex.outcomes, *extra])
    assert len(table.rows) == 7
    assert all(row.trial != "probe" for row in table.rows)
    assert [(g.arm, g.failed, g.missing) for g in table.gaps] == [("t0", 1, 0)]


def test_of_two_outcomes_of_a_trial_the_later_counts():
    ex = experiment(CLAIM, VALUES)
    first = ex.outcomes[0]
    late = Failed(
        trial=first.trial,
        setup="s1",
        box="b",
        started=first.started + timedelta(minutes=1),
        why="oom",
        detail="",
        usage=first.usage,
    )
    for outcomes in ([*ex.outcomes, late], [late, *ex.outcomes]):
        assert len(table_of(ex.plan, ex.started, outcomes).rows) == 7


def test_settings_that_a_plan_holds_can_be_selected():
    ex = experiment(CLAIM, VALUES, hold=at(z=3))
    assert len(table_of(ex.plan, ex.started, ex.outcomes).select(at(x="a", z=3.0))) == 4


def test_a_missing_trial_is_counted_and_its_pair_left_out():
    ex = experiment(CLAIM, {**VALUES, "a": [5.0, None, 7.5, 8.0]})
    (got,) = ex.analyses()
    assert got.n == 6
    assert got.estimate == pytest.approx((4.0 + 4.5 + 4.0) / 3)
    assert "failed: 1 of 4 trials with x=a" in got.notes
    assert "seeds left out, as they were measured on one side only: 1" in got.notes


def test_a_trial_that_never_ended_is_missing():
    ex = experiment(CLAIM, VALUES)
    got = table_of(ex.plan, ex.started, ex.outcomes[1:])
    assert [(g.failed, g.missing) for g in got.gaps] == [(0, 1)]


def test_arms_are_compared_only_where_nothing_else_differs():
    """One factor at a time: the arm that varies `z` has x=b too, but is no partner for x=a."""
    x, z = factor("x", ["a", "b"]), factor("z", [2, 1])
    plan = plan_over(
        [CLAIM],
        [x, z],
        [at(x="b", z=1), at(x="a", z=1), at(x="b", z=2)],
        seeds=4,
        metrics=[metric()],
    )
    base = {"t0": 1.0, "t1": 2.0, "t2": 50.0}
    noise = (0.0, 0.1, 0.3, 0.35)
    cells = {
        (arm, s): {"y": v + (1 + (arm == "t1")) * noise[s - 1]}
        for arm, v in base.items()
        for s in plan.seeds
    }
    (got,) = ran(plan, cells).analyses()
    assert got.n == 8
    assert got.estimate == pytest.approx(1.0 + sum(noise) / 4)
    assert not any("/t2/" in trial for trial in got.trials)


def test_a_factorial_plan_is_averaged_over_the_other_factor_within_a_seed():
    x, z = factor("x", ["a", "b"]), factor("z", [2, 1])
    arms = [at(x=i, z=j) for i in "ba" for j in (1, 2)]
    plan = plan_over([CLAIM], [x, z], arms, seeds=3, metrics=[metric()])
    cells = {
        (f"t{n}", s): {"y": {"a": 3.0, "b": 1.0}[str(arm[0].level)] + float(arm[1].level) * s}
        for n, arm in enumerate(arms)
        for s in plan.seeds
    }
    (got,) = ran(plan, cells).analyses()
    assert (got.n, got.estimate) == (12, 2.0)
    assert [s.n for s in got.levels] == [3, 3]
    del cells["t0", 2]
    (less,) = ran(plan, cells).analyses()
    assert less.verdict == "inconclusive"
    assert "2 replicates of a noisy metric are too few to test: 3 are needed" in less.notes


def test_a_side_that_names_the_default_is_found_by_its_factor():
    claim = CLAIM.but(b=())
    (got,) = experiment(claim, VALUES).analyses()
    assert got.verdict == "supported"
    assert got.levels[1].settings == ()


def test_both_sides_of_one_arm_are_refused():
    (got,) = experiment(CLAIM.but(a=B), VALUES).analyses()
    assert (got.verdict, got.notes[0]) == ("inconclusive", "both sides name one arm")


def test_a_metric_that_is_not_reported_is_told():
    (got,) = experiment(CLAIM.but(metric="speed"), VALUES).analyses()
    assert got.verdict == "inconclusive"
    assert "without speed: 4 trials with x=a" in got.notes


def test_an_early_look_sees_its_seeds_and_its_share_of_alpha_only():
    looks = (Look(seeds=3, alpha=0.01), Look(seeds=4, alpha=0.04))
    ex = experiment(CLAIM, VALUES, looks=looks)
    (early,) = analyse(ex.plan, ex.started, ex.outcomes, look=1)
    (last,) = analyse(ex.plan, ex.started, ex.outcomes)
    assert (early.look, early.n, early.confidence) == (1, 6, 0.99)
    assert (last.look, last.n, last.confidence) == (2, 8, 0.96)


def test_the_place_of_a_row_is_when_it_was_begun():
    ex = experiment(CLAIM, VALUES)
    late = ex.outcomes[0].but(started=ex.outcomes[0].started + timedelta(minutes=5))
    table = table_of(ex.plan, ex.started, [late, *ex.outcomes[1:]])
    assert max(table.rows, key=lambda r: r.place).trial == late.trial
