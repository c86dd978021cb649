"""From a draft to a plan: what follows by code, for every kind of architect."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from curie.agents.design import (
    FAMILY_ALPHA,
    LOOKS,
    MAX_CELLS,
    Circumstances,
    complete,
    control_level,
    looks_of,
    other_level,
)
from curie.domain.claim import Difference, Equivalence, Threshold, Trend
from curie.domain.errors import UsageError
from curie.domain.plan import Draft, Hypothesis, Look, Varied
from curie.domain.system import Factor, Metric, System
from curie.stats.power import power
from tests.domain.samples import KILN, held

HEAT = Factor(name="heat", type="int", default=2, low=0, high=1000)
GLAZE = Factor(name="glaze", type="str", default="none", levels=("none", "ash", "salt"))
HOLD = Factor(name="hold", type="int", default=1, low=0, high=1000)
EXACT = Metric(name="mass", unit="g", noise="deterministic")
NOISY = Metric(
    name="shrinkage", unit="%", noise="seeded", spread_share=0.05, smallest_effect_share=0.05
)
OVEN = System.model_validate(
    {**KILN.model_dump(), "factors": (HEAT, GLAZE, HOLD), "metrics": (EXACT, NOISY)}
)
GIVEN = Circumstances(plan_id="p1", question="?", first_seed=1, order_key="run")


def hypothesis(claim, number=1):
    return Hypothesis(id=f"c{number}", claim=claim)


def drafted(**changes):
    design = Draft(
        system="kiln",
        understood="shrinkage against heat",
        hypotheses=(hypothesis(Trend(metric="shrinkage", factor="heat")),),
        vary=(Varied(factor="heat", levels=(2, 4, 8)),),
        control=held(heat=2),
    )
    return design.but(**changes)


def plan_of(given=GIVEN, **changes):
    return complete(drafted(**changes), OVEN, given)


levels = st.lists(st.integers(0, 1000), min_size=1, max_size=4, unique=True).map(tuple)


@st.composite
def designs(draw):
    """Up to three varied factors, and a control among their levels."""
    vary = [Varied(factor="heat", levels=draw(levels))]
    if draw(st.booleans()):
        vary.append(Varied(factor="hold", levels=draw(levels)))
    if draw(st.booleans()):
        vary.append(Varied(factor="glaze", levels=GLAZE.levels))
    control = held(**{v.factor: draw(st.sampled_from(v.levels)) for v in vary})
    return {"vary": tuple(vary), "control": control}


@given(designs())
def test_the_first_arm_is_the_only_control_and_is_at_the_settings_of_the_draft(design):
    first, *rest = plan_of(**design).arms
    assert first.role == "control"
    assert {a.role for a in rest} <= {"treatment"}
    assert set(first.settings) == set(design["control"])


@given(designs())
def test_one_at_a_time_runs_each_level_once_and_changes_one_factor(design):
    plan = plan_of(**design)
    control = {(s.factor, s.level) for s in plan.arms[0].settings}
    changed = []
    for arm in plan.arms[1:]:
        (one,) = {(s.factor, s.level) for s in arm.settings} - control
        changed.append(one)
    everything = {(v.factor, level) for v in design["vary"] for level in v.levels}
    assert sorted(changed, key=str) == sorted(everything - control, key=str)


@given(designs())
def test_a_factorial_runs_every_combination_once(design):
    plan = plan_of(**design, design="factorial")
    names = [v.factor for v in design["vary"]]
    wanted = set(itertools.product(*(v.levels for v in design["vary"])))
    cells = []
    for arm in plan.arms:
        level = {s.factor: s.level for s in arm.settings}
        cells.append(tuple(level[n] for n in names))
    assert len(cells) == len(set(cells))
    assert set(cells) == wanted


@given(designs(), st.sampled_from(["one_at_a_time", "factorial"]))
def test_ids_of_arms_are_unique_and_sort_as_they_were_made(design, kind):
    ids = [a.id for a in plan_of(**design, design=kind).arms][1:]
    assert ids == sorted(set(ids))


def test_a_control_that_the_draft_forgot_is_at_the_first_level():
    assert plan_of(control=()).arms[0].settings == held(heat=2)


def test_settings_of_the_control_for_other_factors_are_no_part_of_its_arm():
    assert plan_of(control=held(glaze="ash", heat=4)).arms[0].settings == held(heat=4)


def test_too_many_arms_are_refused():
    many = tuple(range(MAX_CELLS + 1))
    with pytest.raises(UsageError, match="fewer"):
        plan_of(vary=(Varied(factor="heat", levels=many),))


@given(st.integers(1, 10_000), st.integers(1, 20))
def test_seeds_start_where_they_are_told_and_are_as_many_as_replicates(first, replicates):
    mass = (hypothesis(Trend(metric="mass", factor="heat")),)
    given = Circumstances(plan_id="p1", question="?", first_seed=first, order_key="run")
    plan = plan_of(given, hypotheses=mass, replicates=replicates)
    assert plan.seeds == tuple(range(first, first + replicates))


def test_a_second_plan_shares_no_seed_with_the_first():
    first = plan_of()
    given = Circumstances(
        plan_id="p2", question="?", first_seed=max(first.seeds) + 1, order_key="run", after=first
    )
    second = plan_of(given)
    assert second.after == "p1"
    assert not set(first.seeds) & set(second.seeds)


def test_the_looks_of_a_run_share_its_alpha_unless_every_comparison_is_exact():
    assert LOOKS * plan_of().alpha == pytest.approx(FAMILY_ALPHA)
    exact = (hypothesis(Trend(metric="mass", factor="heat")),)
    assert plan_of(hypotheses=exact).alpha == FAMILY_ALPHA


def test_the_order_is_the_same_for_a_run_and_plan_and_another_for_others():
    def order(run, plan):
        given = Circumstances(plan_id=plan, question="?", first_seed=1, order_key=run)
        return plan_of(given).order_seed

    assert order("r1", "p1") == order("r1", "p1")
    assert len({order(r, p) for r in ("r1", "r2") for p in ("p1", "p2")}) == 4


def test_replicates_are_the_fewest_with_the_promised_power():
    plan = plan_of()
    (told,) = plan.power
    claim = plan.hypotheses[0].claim

    def chance(n):
        return power(
            claim, NOISY, n, alpha=plan.looks[-1].alpha, levels=3, spread_share=0.05,
            smallest_effect_share=0.05, family=1,
        )  # fmt: skip

    assert told.power == chance(len(plan.seeds)) >= told.promised
    assert told.source == "manifest"
    assert chance(len(plan.seeds) - 1) < told.promised


def test_a_plan_of_ten_replicates_may_stop_half_way_and_pays_for_it():
    plan = plan_of()
    early, last = plan.looks
    assert (early.seeds, last.seeds) == ((len(plan.seeds) + 1) // 2, len(plan.seeds))
    assert early.alpha == pytest.approx(0.2 * plan.alpha)
    assert early.alpha + last.alpha == pytest.approx(plan.alpha)


def test_few_replicates_are_looked_at_once():
    assert looks_of(9, 0.05) == (Look(seeds=9, alpha=0.05),)


def test_one_replicate_suffices_where_every_metric_is_exact():
    exact = (hypothesis(Trend(metric="mass", factor="heat")),)
    plan = plan_of(hypotheses=exact)
    assert len(plan.seeds) == 1
    assert plan.power[0].exact


def test_the_replicates_serve_the_hypothesis_that_needs_most():
    trend = hypothesis(Trend(metric="shrinkage", factor="heat"), 1)
    fine = hypothesis(
        Equivalence(metric="shrinkage", a=held(heat=4), b=held(heat=2), margin_share=0.02), 2
    )
    both = plan_of(hypotheses=(trend, fine))
    assert len(both.seeds) > len(plan_of(hypotheses=(trend,)).seeds)
    assert [p.smallest_effect_share for p in both.power] == [0.05, 0.02]
    assert all(p.power >= p.promised for p in both.power)


def test_a_noisier_pilot_asks_for_more_replicates_and_is_named_as_the_source():
    given = Circumstances(
        plan_id="p1", question="?", first_seed=1, order_key="run", pilot=(("shrinkage", 0.2),)
    )
    pilot = plan_of(given)
    assert len(pilot.seeds) > len(plan_of().seeds)
    assert (pilot.power[0].source, pilot.power[0].spread_share) == ("pilot", 0.2)


def test_more_replicates_than_needed_are_taken_when_the_draft_asks_for_them():
    assert len(plan_of(replicates=150).seeds) == 150
    assert len(plan_of(replicates=1).seeds) == len(plan_of().seeds)


def test_a_noisy_cost_decides_the_replicates_of_a_threshold_on_an_exact_metric():
    threshold = Threshold(
        metric="mass", factor="heat", side="at_least", bound=1.0, cost="shrinkage"
    )
    plan = plan_of(hypotheses=(hypothesis(threshold),))
    assert not plan.power[0].exact
    assert len(plan.seeds) > 1


def test_a_hypothesis_about_an_unknown_metric_is_left_to_the_gate():
    unknown = (hypothesis(Difference(metric="taste", a=held(heat=4), b=held(heat=2))),)
    assert plan_of(hypotheses=unknown).power == ()


def test_the_control_level_of_a_factor_is_that_of_the_whole_settings():
    plan = plan_of(hold=held(glaze="ash"))
    assert (control_level(plan, "heat"), control_level(plan, "glaze")) == (2, "ash")
    assert other_level(plan, "heat") == 8
    assert other_level(plan, "glaze") is None
