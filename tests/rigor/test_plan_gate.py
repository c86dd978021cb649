"""Each check of the plan gate: a plan that it sends back, and one that it lets pass."""

import pytest

from curie.domain.claim import (
    Equivalence,
    Interaction,
    Ratio,
    Threshold,
    Trend,
)
from curie.domain.plan import Hypothesis, Plan, Program, Varied
from curie.domain.question import Budget
from curie.rigor import judge
from curie.rigor.checks.alpha_sound import alpha_sound
from curie.rigor.checks.budget_suffices import budget_suffices
from curie.rigor.checks.claims_refutable import claims_refutable
from curie.rigor.checks.claims_testable import claims_testable
from curie.rigor.checks.control_present import control_present
from curie.rigor.checks.hypotheses_distinct import hypotheses_distinct
from curie.rigor.checks.metrics_known import metrics_known
from curie.rigor.checks.needs_met import needs_met
from curie.rigor.checks.one_thing_at_a_time import one_thing_at_a_time
from curie.rigor.checks.only_varied_differs import only_varied_differs
from curie.rigor.checks.program_declared import program_declared
from curie.rigor.checks.replicates_enough import replicates_enough
from curie.rigor.checks.seeds_shared import seeds_shared
from curie.rigor.checks.settings_allowed import settings_allowed
from tests.rigor.build import (
    COMPARISONS,
    SIZE,
    arm,
    at,
    difference,
    plan,
    plan_evidence,
    power,
    size_plan,
    system,
    timed_plan,
)

TREND = Trend(metric="comparisons", factor="size", shape="rises")


def factorial(*, without: str = "") -> Plan:
    """Two algorithms by two sizes, as far as they are run."""
    arms = (
        arm("control", algorithm="insertion", size=10),
        arm("t1", algorithm="merge", size=10),
        arm("t2", algorithm="insertion", size=100),
        arm("t3", algorithm="merge", size=100),
    )
    vary = (
        Varied(factor="algorithm", levels=("insertion", "merge")),
        Varied(factor="size", levels=(10, 100)),
    )
    return plan(
        difference(where=at(size=100)),
        arms=tuple(a for a in arms if a.id != without),
        vary=vary,
        design="factorial",
    )


@pytest.mark.parametrize("sound", [plan(), size_plan(TREND), timed_plan(), factorial()])
def test_a_sound_plan_is_accepted_with_every_check_passed_or_skipped(sound):
    verdict = judge("plan", plan_evidence(sound), subject="p1", round=1)
    assert verdict.accepted
    assert verdict.remedy == "none"
    assert {f.status for f in verdict.findings} <= {"passed", "skipped"}


def test_a_plan_without_a_control_is_sent_back():
    bad = plan(arms=(arm("t1", algorithm="insertion"), arm("t2", algorithm="merge")))
    assert control_present(plan_evidence(bad)).remedy == "again"
    assert control_present(plan_evidence()).status == "passed"


def test_a_plan_without_a_treatment_is_sent_back():
    assert control_present(plan_evidence(plan(arms=(arm("control"),)))).status == "failed"


def test_two_controls_in_one_context_are_sent_back():
    bad = plan(
        arms=(
            arm("control", algorithm="insertion"),
            arm("control2", algorithm="heap"),
            arm("t1", algorithm="merge"),
        )
    )
    assert control_present(plan_evidence(bad)).status == "failed"


def test_a_control_for_each_context_is_allowed():
    contexts = plan(
        difference(where=at(size=100)),
        arms=(arm("control", size=10), arm("control2", size=100), arm("t1", algorithm="merge")),
    )
    assert control_present(plan_evidence(contexts)).status == "passed"


@pytest.mark.parametrize(
    "bad",
    [
        plan(arms=(arm("control", algorithm="insertion"), arm("t1", algorithm="bogo"))),
        plan(arms=(arm("control", algorithm="insertion"), arm("t1", speed=3))),
        plan(hold=at(size=0)),
        plan(hold=at(size="big")),
        plan(vary=(Varied(factor="algorithm", levels=("insertion", "bogo")),)),
    ],
)
def test_a_setting_outside_the_declared_range_is_sent_back(bad):
    assert settings_allowed(plan_evidence(bad)).status == "failed"
    assert settings_allowed(plan_evidence(plan(hold=at(size=50)))).status == "passed"


def test_the_finding_names_the_level_and_the_range():
    finding = settings_allowed(plan_evidence(plan(hold=at(size=0))))
    assert "size=0" in finding.detail
    assert "1 to 100000" in finding.detail


@pytest.mark.parametrize(
    "bad",
    [
        plan(
            arms=(
                arm("control", algorithm="insertion", size=10),
                arm("t1", algorithm="merge", size=20),
            )
        ),
        plan(vary=(Varied(factor="algorithm", levels=("insertion", "merge", "heap")),)),
        plan(vary=(Varied(factor="algorithm", levels=("insertion",)),)),
        plan(hold=at(algorithm="heap")),
        plan(vary=(Varied(factor="algorithm", levels=("insertion", "merge")),) * 2),
    ],
)
def test_what_varies_without_being_declared_is_sent_back(bad):
    assert only_varied_differs(plan_evidence(bad)).status == "failed"
    assert only_varied_differs(plan_evidence()).status == "passed"


def test_two_changes_in_one_arm_are_sent_back_unless_the_design_is_factorial():
    mixed = factorial(without="t1").but(design="one_at_a_time")
    finding = one_thing_at_a_time(plan_evidence(mixed))
    assert finding.status == "failed"
    assert "t3" in finding.detail
    assert one_thing_at_a_time(plan_evidence(factorial())).status == "passed"


def test_a_factorial_design_with_a_missing_combination_is_sent_back():
    assert one_thing_at_a_time(plan_evidence(factorial(without="t3"))).status == "failed"


def test_two_arms_with_equal_settings_are_sent_back():
    twins = plan(arms=(arm("control"), arm("t1", algorithm="insertion")))
    assert "equal settings" in one_thing_at_a_time(plan_evidence(twins)).detail


def test_a_varied_factor_that_is_disconnected_is_sent_back():
    cutoffs = {
        "vary": (Varied(factor="cutoff", levels=(0, 8)),),
        "arms": (arm("control", cutoff=0), arm("t1", cutoff=8)),
    }
    assert needs_met(plan_evidence(plan(**cutoffs))).status == "failed"
    connected = plan(hold=at(algorithm="merge"), **cutoffs)
    assert needs_met(plan_evidence(connected)).status == "passed"


def test_a_metric_that_no_trial_measures_is_sent_back():
    assert metrics_known(plan_evidence(plan(difference(metric="joy")))).status == "failed"
    cost = Threshold(metric="comparisons", factor="size", side="at_most", bound=9.0, cost="euros")
    assert "euros" in metrics_known(plan_evidence(size_plan(cost))).detail
    assert metrics_known(plan_evidence()).status == "passed"


def test_a_kind_of_claim_without_a_test_is_sent_back():
    claim = Interaction(metric="comparisons", factor="algorithm", by="size")
    assert claims_testable(plan_evidence(plan(claim))).status == "failed"
    assert claims_testable(plan_evidence()).status == "passed"


@pytest.mark.parametrize(
    "bad",
    [
        plan(power=(power(power=0.5),)),
        plan(power=()),
        plan(power=(power(exact=True),)),
        plan(seeds=(1, 2)),
    ],
)
def test_too_few_replicates_are_sent_back(bad):
    assert replicates_enough(plan_evidence(bad)).status == "failed"
    assert replicates_enough(plan_evidence()).status == "passed"


def test_one_replicate_is_enough_for_an_exact_comparison():
    exact = plan(difference(metric="depth"), power=(power(exact=True, power=1.0),), seeds=(1,))
    assert replicates_enough(plan_evidence(exact)).status == "passed"


def test_a_seed_that_generators_refuse_is_sent_back():
    assert seeds_shared(plan_evidence(plan(seeds=(1, 2, -3)))).status == "failed"
    assert seeds_shared(plan_evidence(plan(seeds=(1, 2, 2**32)))).status == "failed"
    assert seeds_shared(plan_evidence(timed_plan())).status == "passed"


def test_an_alpha_above_five_per_cent_is_sent_back():
    assert alpha_sound(plan_evidence(plan(alpha=0.1))).remedy == "again"
    assert alpha_sound(plan_evidence(plan(alpha=0.05))).status == "passed"


def test_a_second_look_that_spends_alpha_again_is_refused():
    first, second = plan(alpha=0.05), plan(id="p2", alpha=0.05)
    assert alpha_sound(plan_evidence(second, previous=(first,))).remedy == "give_up"
    halves = plan_evidence(second.but(alpha=0.025), previous=(first.but(alpha=0.025),))
    assert alpha_sound(halves).status == "passed"


def test_exact_comparisons_spend_no_alpha():
    exact = plan(difference(metric="depth"), power=(power(exact=True),))
    assert alpha_sound(plan_evidence(plan(), previous=(exact,))).status == "passed"


def test_the_same_claim_twice_is_sent_back():
    assert hypotheses_distinct(plan_evidence(plan(difference(), difference()))).status == "failed"
    other = difference(metric="depth")
    assert hypotheses_distinct(plan_evidence(plan(difference(), other))).status == "passed"


@pytest.mark.parametrize(
    "claim",
    [
        Threshold(metric="depth", factor="size", side="at_least", bound=0.0),
        Threshold(metric="depth", factor="size", side="at_most", bound=51.0),
        difference(metric="depth", at_least=50.0),
        Equivalence(
            metric="comparisons",
            a=at(algorithm="merge"),
            b=at(algorithm="insertion"),
            margin_share=0.5,
        ),
        Equivalence(
            metric="depth", a=at(algorithm="merge"), b=at(algorithm="insertion"), margin=60.0
        ),
        Ratio(metric="depth", a=at(algorithm="merge"), b=at(algorithm="insertion"), low=0.0),
    ],
)
def test_a_claim_that_nothing_could_refute_is_sent_back(claim):
    assert claims_refutable(plan_evidence(plan(claim))).remedy == "again"


def test_a_claim_that_can_come_out_wrong_passes_and_a_wide_margin_is_told():
    bound = Threshold(metric="depth", factor="size", side="at_least", bound=7.0)
    open_ratio = Ratio(metric="depth", a=at(algorithm="merge"), b=at(algorithm="insertion"))
    for claim in (difference(), bound, open_ratio):
        assert claims_refutable(plan_evidence(plan(claim))).status == "passed"
    wide = Equivalence(
        metric="comparisons", a=at(algorithm="merge"), b=at(algorithm="insertion"), margin_share=0.3
    )
    assert claims_refutable(plan_evidence(plan(wide))).status == "warned"


def test_a_smallest_effect_as_large_as_the_metric_is_sent_back():
    lax = plan(power=(power(smallest_effect_share=1.5),))
    assert claims_refutable(plan_evidence(lax)).status == "failed"
    large = plan(power=(power(smallest_effect_share=0.8),))
    assert claims_refutable(plan_evidence(large)).status == "warned"


def test_a_claim_whose_sides_differ_in_two_factors_is_sent_back_even_in_a_crossing():
    both = difference(a=at(algorithm="merge", size=10), b=at(algorithm="insertion", size=100))
    crossed = factorial().but(hypotheses=(Hypothesis(id="c1", claim=both),))
    assert "algorithm and size" in one_thing_at_a_time(plan_evidence(crossed)).detail


def test_a_factor_may_change_together_with_one_that_needs_it():
    tied = difference(a=at(algorithm="merge", cutoff=8), b=at(algorithm="insertion", cutoff=0))
    finding = one_thing_at_a_time(plan_evidence(plan(tied)))
    assert "credited" not in finding.detail


def test_a_program_of_this_run_is_probed_harder_and_that_is_paid_for():
    # two spoilt inputs, a third seed and a used box more
    own = {"own_program": True}
    assert budget_suffices(plan_evidence(budget=Budget(trials=16), **own)).status == "failed"
    assert budget_suffices(plan_evidence(budget=Budget(trials=17), **own)).status == "passed"


def test_a_plan_that_the_budget_does_not_cover_is_sent_back():
    # 2 arms x 3 seeds, 4 probes, 3 re-executions
    assert budget_suffices(plan_evidence(budget=Budget(trials=12))).status == "failed"
    assert budget_suffices(plan_evidence(budget=Budget(trials=13))).status == "passed"
    spent = plan_evidence(budget=Budget(trials=13), trials_spent=1)
    assert budget_suffices(spent).status == "failed"
    assert budget_suffices(plan_evidence(budget=Budget())).status == "skipped"


def test_a_program_is_declared_exactly_where_none_is_shipped():
    bare = system(brings_program=False, factors=(), metrics=())
    written = Program(purpose="sort", factors=(SIZE,), metrics=(COMPARISONS,))
    fits = plan(program=written, factors=(SIZE,), metrics=(COMPARISONS,))
    assert program_declared(plan_evidence()).status == "passed"
    assert program_declared(plan_evidence(fits, system=bare)).status == "passed"
    assert program_declared(plan_evidence(system=bare)).status == "failed"
    assert program_declared(plan_evidence(fits)).status == "failed"
    assert program_declared(plan_evidence(plan(program=written), system=bare)).status == "failed"
    assert program_declared(plan_evidence(plan(system="other"))).status == "failed"
