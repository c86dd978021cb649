"""Each check of the answer gate: sentences that it sends back, and sentences that it lets pass."""

import pytest

from curie.agents.builtin.analyst import sentence
from curie.domain.answer import Sentence
from curie.domain.claim import Trend
from curie.rigor import judge
from curie.rigor.checks.claims_answered import claims_answered
from curie.rigor.checks.direction_agrees import direction_agrees
from curie.rigor.checks.exploratory_told import exploratory_told
from curie.rigor.checks.limits_stated import limits_stated
from curie.rigor.checks.numbers_bound import numbers_bound
from curie.rigor.checks.only_what_was_run import only_what_was_run
from curie.rigor.checks.open_stays_open import open_stays_open
from curie.rigor.checks.references_known import references_known
from curie.rigor.checks.verdict_follows import verdict_follows
from tests.rigor.build import analysis, answer_evidence, difference, plan

TIMED = analysis(claim=difference(metric="sort_ms"), unit="ms")
RISES = Trend(metric="comparisons", factor="size", shape="rises")
OPEN = analysis(verdict="inconclusive", found="", estimate=None, low=None, high=None)


def test_a_sound_answer_is_accepted():
    assert judge("answer", answer_evidence(), subject="a1", round=1).accepted


@pytest.mark.parametrize("verdict", ["supported", "refuted", "inconclusive"])
@pytest.mark.parametrize("estimate", [-3.0, 3.0])
def test_what_the_built_in_analyst_says_is_accepted_whatever_was_found(verdict, estimate):
    found = analysis(verdict=verdict, estimate=estimate, low=estimate - 1, high=estimate + 1)
    evidence = answer_evidence(sentence(found), analyses=(found,), verdict=verdict)
    assert judge("answer", evidence, subject="a1", round=1).failures == ()


@pytest.mark.parametrize(
    "text",
    [
        "Merge sort lowers the comparisons by 1800.",
        "Merge sort halves the comparisons.",
        "Merge sort compares less: {{ claim.c1.estimate }}, or 94 %.",
    ],
)
def test_a_number_without_a_fact_is_sent_back(text):
    assert numbers_bound(answer_evidence(text)).remedy == "again"
    assert numbers_bound(answer_evidence("An A100 has p99 {{ claim.c1.low }}.")).status == "passed"


@pytest.mark.parametrize("text", ["It is {{ claim.c9.estimate }}.", "It is {{ claim.c1.joy }}."])
def test_a_reference_to_nothing_is_sent_back(text):
    assert references_known(answer_evidence(text)).status == "failed"
    assert references_known(answer_evidence()).status == "passed"


def test_a_sentence_about_a_claim_that_was_not_analysed_is_sent_back():
    about = (Sentence(text="Heap sort is stable.", claims=("c7",)),)
    assert "claim c7" in references_known(answer_evidence(sentences=about)).detail


def test_a_hypothesis_that_no_sentence_speaks_of_is_sent_back():
    silent = (Sentence(text="Sorting was studied."),)
    assert claims_answered(answer_evidence(sentences=silent)).remedy == "again"
    assert claims_answered(answer_evidence()).status == "passed"


def test_a_hypothesis_that_was_never_analysed_ends_the_answer():
    two = plan(difference(), difference(metric="depth"))
    assert claims_answered(answer_evidence(plans=(two,))).remedy == "give_up"


def test_a_run_that_was_given_up_claims_nothing_and_owes_nothing():
    gave_up = answer_evidence("No validated answer.", analyses=(), verdict="gave_up")
    assert claims_answered(gave_up).status == "skipped"
    assert verdict_follows(gave_up).status == "skipped"


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Merge sort raises the comparisons.", analysis()),
        ("Merge sort takes more comparisons, by {{ claim.c1.estimate }}.", analysis()),
        ("Merge sort reduces the comparisons.", analysis(estimate=1800.0)),
        ("{{ claim.c1.a }} saves comparisons over {{ claim.c1.b }}.", analysis(estimate=9.0)),
        ("Merge sort is slower than insertion sort.", TIMED),
        (
            "Merge sort cuts them to a factor of {{ claim.c1.estimate }}.",
            analysis(estimate=1.4, unit="x", effect="ratio a/b"),
        ),
        ("Comparisons fall with the size.", analysis(claim=RISES, found="rises", estimate=3.0)),
    ],
)
def test_a_sentence_that_points_the_other_way_than_the_estimate_is_sent_back(text, found):
    assert direction_agrees(answer_evidence(text, analyses=(found,))).status == "failed"


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Merge sort lowers the comparisons.", analysis()),
        ("Merge sort is faster than insertion sort.", TIMED),
        ("Merge sort is faster.", analysis()),
        ("Merge sort does not raise the comparisons.", analysis()),
        ("Merge sort lowers the comparisons without raising the time.", analysis()),
        ("Merge sort lowers them by more than {{ claim.c1.high }}.", analysis()),
        ("Insertion sort takes more comparisons than merge sort.", analysis()),
        ("{{ claim.c1.b }} needs more comparisons than {{ claim.c1.a }}.", analysis()),
        ("The default needs more comparisons.", analysis()),
        ("Comparisons rise with the size.", analysis(claim=RISES, found="rises", estimate=3.0)),
        ("Merge sort raises the comparisons.", OPEN),
        ("Two claims: {{ claim.c1.text }} and {{ claim.c2.text }}, both higher.", analysis()),
    ],
)
def test_a_sentence_that_agrees_or_cannot_be_judged_is_let_pass(text, found):
    assert direction_agrees(answer_evidence(text, analyses=(found,))).status == "passed"


@pytest.mark.parametrize(
    "text",
    ["Merge sort lowers the comparisons.", "It is {{ claim.c1.estimate }} with merge sort."],
)
def test_an_undecided_claim_told_as_a_fact_is_sent_back(text):
    evidence = answer_evidence(text, analyses=(OPEN,))
    assert open_stays_open(evidence).status == "failed"


@pytest.mark.parametrize(
    "text",
    [
        "The comparison is inconclusive.",
        "There is no evidence that merge sort compares less.",
        "The trials do not decide whether merge sort compares less.",
        "We couldn't show that merge sort compares less.",
        "Whether merge sort compares less is {{ claim.c1.verdict }}.",
        "The data were too noisy to tell.",
    ],
)
def test_an_undecided_claim_told_as_undecided_is_let_pass(text):
    assert open_stays_open(answer_evidence(text, analyses=(OPEN,))).status == "passed"


@pytest.mark.parametrize(
    ("found", "follows"),
    [
        (("supported", "supported"), "supported"),
        (("refuted",), "refuted"),
        (("inconclusive",), "inconclusive"),
        (("supported", "refuted"), "mixed"),
        (("supported", "inconclusive"), "mixed"),
    ],
)
def test_the_verdict_is_what_the_claims_add_up_to(found, follows):
    analyses = tuple(analysis(id=f"c{i}", verdict=v) for i, v in enumerate(found, start=1))
    for said in ("supported", "refuted", "inconclusive", "mixed"):
        finding = verdict_follows(answer_evidence(analyses=analyses, verdict=said))
        assert (finding.status == "passed") == (said == follows)


def test_the_newest_analysis_of_a_claim_is_the_one_that_counts():
    looked_again = (OPEN, analysis(plan="p2"))
    assert verdict_follows(answer_evidence(analyses=looked_again)).status == "passed"


def test_an_exploratory_claim_decides_nothing_beside_a_confirmatory_one():
    found = (analysis(), analysis(id="c2", verdict="refuted", exploratory=True))
    assert verdict_follows(answer_evidence(analyses=found)).status == "passed"


def test_an_answer_without_limits_is_sent_back():
    assert limits_stated(answer_evidence(limits=())).status == "failed"
    assert limits_stated(answer_evidence(limits=("  ",))).status == "failed"
    assert limits_stated(answer_evidence()).status == "passed"


def test_what_was_found_after_looking_is_told_as_such():
    loose = (analysis(exploratory=True),)
    told = "In an exploratory look, merge sort lowers the comparisons."
    assert exploratory_told(answer_evidence(analyses=loose)).remedy == "again"
    assert exploratory_told(answer_evidence(told, analyses=loose)).status == "passed"


def test_the_analysis_of_an_exploratory_plan_has_to_be_marked():
    assert exploratory_told(answer_evidence(plans=(plan(exploratory=True),))).remedy == "give_up"


@pytest.mark.parametrize("text", ["With algorithm=heap it is lower.", "Lower with speed=fast."])
def test_a_setting_that_was_not_run_is_sent_back(text):
    assert only_what_was_run(answer_evidence(text)).status == "failed"
    assert only_what_was_run(answer_evidence("Lower with algorithm=merge.")).status == "passed"
