"""Whether a second look is worth it, and which."""

import pytest

from curie.agents.design import Circumstances, complete
from curie.agents.follow_up import FINER_POINTS, MORE, all_clear, follow_up
from curie.domain.analysis import Analysis, LevelSummary
from curie.domain.claim import Best, Ratio, Threshold, Trend
from curie.domain.plan import Draft, Hypothesis, Varied
from tests.agents.test_design import GIVEN, OVEN
from tests.domain.samples import ANALYSIS, held

TREND = Trend(metric="shrinkage", factor="heat")
FIRST = Threshold(metric="shrinkage", factor="heat", side="at_least", bound=5.0)


def plan_for(*claims, levels=(16, 32, 64, 128)):
    hypotheses = tuple(Hypothesis(id=f"c{i}", claim=c) for i, c in enumerate(claims, start=1))
    design = Draft(
        system="kiln",
        understood="shrinkage against heat",
        hypotheses=hypotheses,
        vary=(Varied(factor="heat", levels=levels),),
        control=held(heat=levels[0]),
        hold=held(glaze="ash"),
    )
    return complete(design, OVEN, GIVEN)


def analysed(
    claim, verdict, found="", *, number=1, levels=(16, 32, 64, 128), **changes
) -> Analysis:
    summaries = tuple(
        LevelSummary(
            settings=held(heat=x), level=x, metric=claim.metric, n=2, mean=2.0, low=1.0, high=3.0,
            values=(1.5, 2.5),
        )
        for x in levels
    )  # fmt: skip
    return ANALYSIS.but(
        id=f"c{number}", claim=claim, verdict=verdict, found=found, levels=summaries, **changes
    )


def look(plan, *analyses, trials_left=None):
    return follow_up(plan, analyses, trials_left=trials_left)


@pytest.mark.parametrize("verdict", ["supported", "refuted"])
def test_what_is_decided_needs_no_second_look(verdict):
    assert look(plan_for(TREND), analysed(TREND, verdict)) is None


def test_what_is_undecided_is_asked_again_with_more_replicates_and_nothing_else():
    other = Trend(metric="shrinkage", factor="heat", shape="peaks")
    plan = plan_for(TREND, other)
    draft, why = look(plan, analysed(TREND, "inconclusive"), analysed(other, "refuted", number=2))
    assert [h.claim for h in draft.hypotheses] == [TREND]
    assert draft.hypotheses[0].id == "c1"
    assert draft.replicates == MORE * len(plan.seeds)
    assert (draft.vary, draft.hold, draft.control) == (plan.vary, plan.hold, plan.arms[0].settings)
    assert "replicates" in why


def test_the_second_plan_runs_on_fresh_seeds_and_the_same_share_of_alpha():
    plan = plan_for(TREND)
    draft, why = look(plan, analysed(TREND, "inconclusive"))
    given = Circumstances(
        plan_id="p2", question="?", first_seed=max(plan.seeds) + 1, order_key="run", after=plan,
        because=why,
    )  # fmt: skip
    second = complete(draft, OVEN, given)
    assert not set(second.seeds) & set(plan.seeds)
    assert len(second.seeds) >= MORE * len(plan.seeds)
    assert second.alpha == plan.alpha
    assert (second.after, second.because) == ("p1", why)


def test_what_is_exact_is_not_asked_again():
    exact = Trend(metric="mass", factor="heat")
    assert look(plan_for(exact), analysed(exact, "inconclusive")) is None


def test_what_no_trial_could_tell_is_not_asked_again():
    assert look(plan_for(TREND), analysed(TREND, "inconclusive", n=0)) is None


def test_a_second_look_that_the_budget_does_not_bear_is_not_taken():
    plan = plan_for(TREND)
    costs = MORE * len(plan.seeds) * len(plan.arms)
    undecided = analysed(TREND, "inconclusive")
    assert look(plan, undecided, trials_left=costs - 1) is None
    assert look(plan, undecided, trials_left=costs) is not None


def test_a_threshold_is_looked_at_more_closely_between_the_level_found_and_the_one_before():
    draft, why = look(plan_for(FIRST), analysed(FIRST, "supported", "64"))
    (varied,) = draft.vary
    assert varied.levels == (32, 40, 48, 56, 64)
    assert len(varied.levels) == FINER_POINTS
    assert "closer look" in why


def test_the_control_of_a_closer_look_is_one_of_its_levels():
    draft, _ = look(plan_for(FIRST), analysed(FIRST, "supported", "64"))
    assert draft.control[0].level in draft.vary[0].levels


def test_a_closer_look_that_the_budget_does_not_bear_is_not_taken():
    plan = plan_for(FIRST)
    assert look(plan, analysed(FIRST, "supported", "64"), trials_left=3) is None


def test_a_threshold_at_the_first_level_or_between_neighbours_is_left_alone():
    assert look(plan_for(FIRST), analysed(FIRST, "supported", "16")) is None
    close = (16, 17, 18, 19)
    plan = plan_for(FIRST, levels=close)
    assert look(plan, analysed(FIRST, "supported", "18", levels=close)) is None


def test_a_closer_look_leaves_other_factors_where_the_control_was():
    plan = plan_for(FIRST).but(
        vary=(
            Varied(factor="heat", levels=(16, 32, 64, 128)),
            Varied(factor="glaze", levels=("none", "salt")),
        ),
        arms=tuple(
            a.but(settings=(*a.settings, *held(glaze="salt"))) for a in plan_for(FIRST).arms
        ),
        hold=(),
    )
    draft, _ = look(plan, analysed(FIRST, "supported", "64"))
    assert [v.factor for v in draft.vary] == ["heat"]
    assert draft.hold == held(glaze="salt")


def test_an_early_look_suffices_where_every_claim_is_decided():
    plan = plan_for(TREND)
    assert all_clear(plan, (analysed(TREND, "refuted"),))
    assert not all_clear(plan, (analysed(TREND, "inconclusive"),))


@pytest.mark.parametrize(("half", "clear"), [(0.01, True), (0.5, False)])
def test_an_open_ratio_goes_on_until_its_interval_is_narrow(half, clear):
    ratio = Ratio(metric="shrinkage", a=held(heat=16), b=held(heat=32))
    got = analysed(ratio, "supported", estimate=2.0, low=2.0 - half, high=2.0 + half, unit="x")
    assert all_clear(plan_for(TREND), (got,)) is clear


def test_an_open_best_goes_on_while_levels_tie():
    best = Best(metric="shrinkage", factor="heat", goal="lowest")
    plan = plan_for(TREND)
    assert all_clear(plan, (analysed(best, "supported", "16"),))
    assert not all_clear(plan, (analysed(best, "supported", "16, 32"),))
    named = best.but(levels=(16, 32))
    assert all_clear(plan, (analysed(named, "supported", "16, 32"),))
