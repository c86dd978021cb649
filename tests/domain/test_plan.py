from itertools import groupby

import pytest
from hypothesis import given
from pydantic import ValidationError

from curie.domain.plan import PILOT_SEEDS, Arm, Look, Plan, Trial
from curie.domain.setting import level_of
from tests.domain.samples import FUEL, PLAN, TREND, held
from tests.domain.strategies import plans

TIMED = PLAN.but(hypotheses=(PLAN.hypotheses[0].but(claim=TREND.but(metric=FUEL.name)),))


def blocks(trials: tuple[Trial, ...]) -> list[tuple[int, list[str]]]:
    """Runs of consecutive trials with one seed: the seed, and the arms."""
    return [(seed, [t.arm for t in run]) for seed, run in groupby(trials, key=lambda t: t.seed)]


def arms(plan: Plan, *roles: str) -> list[str]:
    return sorted(a.id for a in plan.arms if a.role in roles)


@given(plan=plans())
def test_every_seed_is_one_block_that_has_each_arm_once(plan: Plan) -> None:
    roles = ("control", "treatment") if plan.timed else ("treatment",)
    found = blocks(plan.trials("treatment"))
    if arms(plan, *roles):
        assert [seed for seed, _ in found] == list(plan.seeds)
    assert all(sorted(block) == arms(plan, *roles) for _, block in found)


@given(plan=plans())
def test_the_analysed_trials_are_each_arm_with_each_seed_exactly_once(plan: Plan) -> None:
    trials = plan.trials("control") + plan.trials("treatment")
    analysed = [(t.arm, t.seed) for t in trials if t.analysed]
    assert sorted(analysed) == sorted((a.id, s) for a in plan.arms for s in plan.seeds)


@given(plan=plans())
def test_the_control_phase_holds_control_arms_alone(plan: Plan) -> None:
    control = plan.trials("control")
    assert {t.arm for t in control} == {"control"}
    assert {t.phase for t in control} == {"control"}
    seeds = plan.seeds[:PILOT_SEEDS] if plan.timed else plan.seeds
    assert tuple(t.seed for t in control) == seeds


@given(plan=plans())
def test_trial_ids_are_unique_over_both_phases(plan: Plan) -> None:
    ids = [t.id for t in plan.trials("control") + plan.trials("treatment")]
    assert len(set(ids)) == len(ids)


@given(plan=plans())
def test_the_order_follows_from_the_plan_alone(plan: Plan) -> None:
    again = Plan.model_validate_json(plan.canonical())
    for phase in ("control", "treatment"):
        assert again.trials(phase) == plan.trials(phase)


@given(plan=plans())
def test_a_trial_runs_its_arm_with_every_factor_at_a_level(plan: Plan) -> None:
    for trial in plan.trials("control") + plan.trials("treatment"):
        assert [s.factor for s in trial.settings] == sorted(f.name for f in plan.factors)
        assert level_of(trial.settings, "peak_c") == level_of(
            plan.arm(trial.arm).settings, "peak_c"
        )


def test_the_order_seed_shuffles_the_arms_within_blocks() -> None:
    many = PLAN.but(seeds=tuple(range(30)))
    orders = {tuple(t.arm for t in many.but(order_seed=n).trials("treatment")) for n in range(10)}
    assert len(orders) == 10
    first = {block[0] for _, block in blocks(many.trials("treatment"))}
    assert first == {"a1", "a2"}


def test_a_timed_plan_runs_its_control_again_among_the_treatments() -> None:
    many = TIMED.but(seeds=tuple(range(30)))
    assert TIMED.timed
    assert not PLAN.timed
    pilot, rest = many.trials("control"), many.trials("treatment")
    assert [t.analysed for t in pilot] == [False] * PILOT_SEEDS
    assert all(t.analysed for t in rest)
    places = {block.index("control") for _, block in blocks(rest)}
    assert places == {0, 1, 2}


def test_the_held_settings_win_over_the_defaults_and_the_arm_over_both() -> None:
    plan = PLAN.but(hold=held(glaze="ash", peak_c=650.0))
    assert plan.full_settings(plan.arm("a1")) == held(glaze="ash", peak_c=1000.0)
    assert PLAN.full_settings(PLAN.arm("a1")) == held(glaze="none", peak_c=1000.0)


def test_an_unknown_arm_is_an_error_and_an_unknown_factor_or_metric_is_none() -> None:
    with pytest.raises(KeyError, match="plan p1 has no arm 'a9'"):
        PLAN.arm("a9")
    assert PLAN.factor("salt") is None
    assert PLAN.metric("salt") is None
    assert PLAN.factor("glaze") is PLAN.factors[1]
    assert PLAN.metric("fuel_s") is PLAN.metrics[1]


LOOKED = PLAN.but(
    seeds=tuple(range(1, 11)),
    looks=(Look(seeds=4, alpha=0.01), Look(seeds=10, alpha=0.04)),
    alpha=0.05,
)


def test_a_look_has_its_seeds_and_its_share_of_alpha() -> None:
    assert LOOKED.last_look == 2
    assert LOOKED.seeds_by(1) == (1, 2, 3, 4)
    assert LOOKED.seeds_by(2) == LOOKED.seeds
    assert [LOOKED.look_of(s) for s in (4, 5)] == [1, 2]
    assert PLAN.look(1) == Look(seeds=len(PLAN.seeds), alpha=PLAN.alpha)


def test_the_looks_share_out_the_trials_in_the_order_that_was_drawn() -> None:
    for phase in ("control", "treatment"):
        first, second = (LOOKED.trials(phase, look=n) for n in (1, 2))
        assert first + second == LOOKED.trials(phase)
        assert {t.seed for t in first} == {1, 2, 3, 4}
    assert set(LOOKED.due(1)) < set(LOOKED.due(2))
    assert len(LOOKED.due(2)) == len(LOOKED.trials("control")) + len(LOOKED.trials("treatment"))


def test_the_pilot_of_a_timed_plan_belongs_to_its_first_look() -> None:
    timed = TIMED.but(seeds=LOOKED.seeds, looks=LOOKED.looks, alpha=0.05)
    assert timed.trials("control", look=1) == timed.trials("control")
    assert timed.trials("control", look=2) == ()


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"looks": (Look(seeds=2, alpha=0.04), Look(seeds=4, alpha=0.04)), "alpha": 0.05}, "spend"),
        ({"looks": (Look(seeds=99, alpha=0.01),)}, "looks after"),
        ({"arms": (*PLAN.arms, Arm(id="a1", role="treatment", settings=()))}, "an arm id is"),
        ({"hypotheses": PLAN.hypotheses * 2}, "hypothesis id is used twice"),
        ({"seeds": (1, 1)}, "a seed is used twice"),
        ({"seeds": ()}, "at least 1 item"),
        ({"arms": ()}, "at least 1 item"),
        ({"alpha": 0.0}, "greater than 0"),
        ({"id": "plan one"}, "String should match pattern"),
    ],
)
def test_a_plan_that_contradicts_itself_is_refused(change: dict[str, object], said: str) -> None:
    with pytest.raises(ValidationError, match=said):
        PLAN.but(**change)
