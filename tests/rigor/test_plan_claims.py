"""Whether a plan's arms fit its hypotheses: factors, sides of a pair, levels of a scan."""

import pytest

from curie.domain.claim import (
    Best,
    Equivalence,
    Frontier,
    Interaction,
    Law,
    Ranking,
    Threshold,
    Trend,
)
from curie.domain.plan import Varied
from curie.rigor.checks.enough_levels import enough_levels
from curie.rigor.checks.factor_asked import factor_asked
from curie.rigor.checks.question_covered import question_covered
from tests.rigor.build import arm, at, difference, plan, plan_evidence, size_plan

TREND = Trend(metric="comparisons", factor="size", shape="rises")
LAW = Law(metric="comparisons", factor="size")


@pytest.mark.parametrize(
    "claim",
    [
        difference(a=at(size=10), b=at(size=100)),
        difference(a=at(algorithm="heap")),
        difference(where=at(size=7)),
        difference(a=at(algorithm="insertion")),
        Equivalence(metric="depth", a=at(algorithm="heap"), b=at(), margin=1.0),
        TREND,
    ],
)
def test_a_hypothesis_about_what_the_plan_does_not_vary_is_sent_back(claim):
    assert factor_asked(plan_evidence(plan(claim))).status == "failed"


@pytest.mark.parametrize(
    "claim",
    [
        difference(),
        difference(where=at(size=100)),
        difference(b=at()),
        Equivalence(metric="depth", a=at(algorithm="merge"), b=at(), margin=1.0),
    ],
)
def test_a_hypothesis_whose_arms_are_run_passes(claim):
    assert factor_asked(plan_evidence(plan(claim))).status == "passed"


def test_a_comparison_of_arms_that_differ_in_something_else_is_sent_back():
    confounded = plan(
        arms=(
            arm("control", algorithm="insertion", size=10),
            arm("t1", algorithm="merge", size=20),
        ),
        vary=(
            Varied(factor="algorithm", levels=("insertion", "merge")),
            Varied(factor="size", levels=(10, 20)),
        ),
    )
    assert "differ in more" in factor_asked(plan_evidence(confounded)).detail


def test_a_question_about_a_factor_that_no_hypothesis_varies_is_sent_back():
    assert question_covered(plan_evidence(wanted_factors=("size",))).status == "failed"
    assert question_covered(plan_evidence(wanted_factors=("algorithm",))).status == "passed"
    assert question_covered(plan_evidence()).status == "skipped"


@pytest.mark.parametrize(
    ("claim", "needed"),
    [
        (TREND, 3),
        (LAW, 5),
        (Best(metric="comparisons", factor="size", goal="lowest"), 2),
        (Ranking(metric="comparisons", factor="size", goal="lowest"), 2),
        (Threshold(metric="comparisons", factor="size", side="at_most", bound=5.0), 2),
        (
            Frontier(
                metric="comparisons",
                goal="lowest",
                other="depth",
                other_goal="lowest",
                factor="size",
            ),
            2,
        ),
    ],
)
def test_a_claim_along_a_factor_takes_its_number_of_levels(claim, needed):
    sizes = (1, 10, 100, 1000, 10_000)
    enough = plan_evidence(size_plan(claim, levels=sizes[:needed]))
    short = plan_evidence(size_plan(claim, levels=sizes[: needed - 1]))
    assert enough_levels(enough).status == "passed"
    assert enough_levels(short).status == "failed"


def test_levels_count_only_where_all_else_is_equal():
    scattered = plan(
        TREND,
        arms=(
            arm("control", size=10),
            arm("t1", size=100),
            arm("t2", size=1000, algorithm="merge"),
        ),
    )
    assert enough_levels(plan_evidence(scattered)).status == "failed"


def test_a_level_that_the_claim_names_has_to_be_run():
    named = Best(metric="comparisons", factor="size", goal="lowest", levels=(5,))
    assert "size at 5" in enough_levels(plan_evidence(size_plan(named))).detail
    run = named.but(levels=(10,))
    assert enough_levels(plan_evidence(size_plan(run))).status == "passed"


def test_names_have_no_order_for_a_trend_but_can_be_the_best():
    three = ("insertion", "merge", "heap")
    arms = (arm("control", algorithm="insertion"), arm("t1", algorithm="merge"))
    fields = {
        "arms": (*arms, arm("t2", algorithm="heap")),
        "vary": (Varied(factor="algorithm", levels=three),),
    }
    trend = TREND.but(factor="algorithm")
    best = Best(metric="comparisons", factor="algorithm", goal="lowest")
    assert "no order" in enough_levels(plan_evidence(plan(trend, **fields))).detail
    assert enough_levels(plan_evidence(plan(best, **fields))).status == "passed"


def test_an_interaction_takes_a_crossing():
    claim = Interaction(metric="comparisons", factor="algorithm", by="size")
    corner = (arm("control"), arm("t1", algorithm="merge"), arm("t2", size=10))
    crossed = (*corner, arm("t3", algorithm="merge", size=10))
    assert enough_levels(plan_evidence(plan(claim, arms=corner))).status == "failed"
    assert enough_levels(plan_evidence(plan(claim, arms=crossed))).status == "passed"


def test_a_plan_of_pairs_has_no_scan_to_judge():
    assert enough_levels(plan_evidence()).status == "skipped"
