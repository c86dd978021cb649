"""What the words of an answer promise: sizes, causes, reach and names."""

import pytest

from curie.agents.builtin.analyst import sentence as told
from curie.domain.analysis import LevelSummary
from curie.domain.answer import Sentence
from curie.domain.claim import Best, Equivalence, Trend
from curie.rigor import judge
from curie.rigor.checks.causes_shown import causes_shown
from curie.rigor.checks.claims_named import claims_named
from curie.rigor.checks.direction_agrees import direction_agrees
from curie.rigor.checks.limits_stated import limits_stated
from curie.rigor.checks.numbers_bound import numbers_bound
from curie.rigor.checks.only_what_was_run import only_what_was_run
from curie.rigor.checks.reach_kept import reach_kept
from curie.rigor.checks.references_fit import references_fit
from curie.rigor.checks.sizes_agree import sizes_agree, times_apart
from curie.rigor.checks.verdict_told import verdict_told
from curie.rigor.checks.winners_agree import winners_agree
from tests.rigor.build import analysis, answer_evidence, at, plan

OPEN = analysis(verdict="inconclusive", found="", estimate=None, low=None, high=None)
REFUTED = analysis(verdict="refuted", found="higher", estimate=1800.0, low=1700.0, high=1900.0)


def sized(share):
    """An analysis whose estimate is that share of the control's mean, 2500."""
    base = LevelSummary(
        settings=at(algorithm="insertion"),
        metric="comparisons",
        n=3,
        mean=2500.0,
        low=2400.0,
        high=2600.0,
        values=(2500.0,),
    )
    return analysis(estimate=2500.0 * share, low=None, high=None, levels=(base,))


@pytest.mark.parametrize(
    ("text", "share"),
    [
        ("Merge sort compares slightly less.", -0.7),
        ("Merge sort compares dramatically less.", -0.05),
        ("Merge sort needs far fewer comparisons.", -0.1),
        ("Merge sort is lower by orders of magnitude.", -0.5),
        ("Merge sort is lower many times over.", -0.2),
        ("Merge sort is considerably lower.", -0.01),
    ],
)
def test_words_larger_or_smaller_than_the_effect_are_sent_back(text, share):
    assert sizes_agree(answer_evidence(text, analyses=(sized(share),))).remedy == "again"


@pytest.mark.parametrize(
    ("text", "share"),
    [
        ("Merge sort compares slightly less.", -0.1),
        ("Merge sort compares dramatically less.", -0.7),
        ("Merge sort is not dramatically lower.", -0.01),
        ("Merge sort is lower by orders of magnitude.", -0.95),
        ("Merge sort lowers the comparisons by {{ claim.c1.change }}.", -0.01),
    ],
)
def test_words_of_the_size_of_the_effect_are_let_pass(text, share):
    assert sizes_agree(answer_evidence(text, analyses=(sized(share),))).status == "passed"


def test_the_size_of_an_effect_counts_from_the_smaller_side():
    assert times_apart(sized(-0.5)) == pytest.approx(2.0)
    assert times_apart(sized(1.0)) == pytest.approx(2.0)
    assert times_apart(analysis(unit="x", estimate=0.25)) == pytest.approx(4.0)
    assert times_apart(OPEN) is None


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("The claim is refuted.", analysis()),
        ("Merge sort makes no difference.", analysis()),
        ("The comparisons do not change.", analysis()),
        ("As expected, merge sort compares less.", REFUTED),
        ("It is confirmed that merge sort compares less.", REFUTED),
        ("The two are exactly the same; it stays inconclusive.", OPEN),
        ("It is inconclusive, yet it supports merge sort.", OPEN),
    ],
)
def test_a_claim_told_otherwise_than_it_came_out_is_sent_back(text, found):
    assert verdict_told(answer_evidence(text, analyses=(found,))).status == "failed"


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("The claim is supported.", analysis()),
        ("The claim is not refuted.", analysis()),
        ("It is refuted that merge sort compares less.", REFUTED),
        ("It is neither supported nor refuted.", OPEN),
        ("There is no evidence that it makes no difference.", OPEN),
        ("Both ran on exactly the same seeds.", analysis()),
    ],
)
def test_a_claim_told_as_it_came_out_is_let_pass(text, found):
    assert verdict_told(answer_evidence(text, analyses=(found,))).status == "passed"


def test_equivalence_that_was_shown_may_be_told_as_no_difference():
    claim = Equivalence(
        metric="depth", a=at(algorithm="merge"), b=at(algorithm="insertion"), margin_share=0.1
    )
    shown = analysis(claim=claim, found="within the margin", estimate=0.0)
    text = "The depth is the same with both."
    assert verdict_told(answer_evidence(text, analyses=(shown,))).status == "passed"


@pytest.mark.parametrize(
    "text",
    [
        "Merge sort compares less because it halves the list each time it splits.",
        "The count is lower due to better locality of its memory.",
        "It compares less, which explains why databases prefer it.",
    ],
)
def test_a_cause_that_no_arm_isolates_is_sent_back(text):
    assert causes_shown(answer_evidence(text)).remedy == "again"


@pytest.mark.parametrize(
    "text",
    [
        "It stays open because the interval holds zero.",
        "It stays open because too few trials were run.",
        "The comparisons are lower due to {{ claim.c1.a }}.",
        "The comparisons are lower because of merge sort.",
    ],
)
def test_a_reason_of_the_experiment_or_the_factor_itself_is_let_pass(text):
    assert causes_shown(answer_evidence(text)).status == "passed"


@pytest.mark.parametrize(
    "text",
    [
        "Merge sort always compares less.",
        "Merge sort compares less on every input.",
        "Merge sort compares less, and the same holds for heaps.",
        "Merge sort compares less for all data sets and machines.",
        "Merge sort compares less in production.",
        "It is proven that merge sort compares less.",
        "Merge sort should be used.",
        "Merge sort definitely compares less.",
    ],
)
def test_an_answer_that_reaches_beyond_the_trials_is_sent_back(text):
    assert reach_kept(answer_evidence(text)).remedy == "again"


@pytest.mark.parametrize(
    "text",
    [
        "Merge sort compares less at all sizes that were run.",
        "Merge sort compares less in every trial.",
        "This does not show that it always compares less.",
        "{{ claim.c1.text }}.",
    ],
)
def test_an_answer_that_keeps_to_what_was_run_is_let_pass(text):
    assert reach_kept(answer_evidence(text)).status == "passed"


@pytest.mark.parametrize(
    "text",
    [
        "It is lower by {{ claim.c1.p }} comparisons.",
        "It is lower in {{ claim.c1.estimate }} of {{ claim.c1.n }} trials.",
        "It is lower with {{ claim.c1.n }} comparisons.",
        "It is lower by {{ claim.c1.power }}.",
    ],
)
def test_a_number_under_another_name_is_sent_back(text):
    assert references_fit(answer_evidence(text)).remedy == "again"


@pytest.mark.parametrize(
    "text",
    [
        "It is lower by {{ claim.c1.estimate }} (p {{ claim.c1.p }}, n = {{ claim.c1.n }}).",
        "It is lower by {{ claim.c1.change }}, over {{ claim.c1.n }} trials.",
        "It stays open, at a power of {{ claim.c1.power }}.",
    ],
)
def test_a_number_that_goes_by_its_name_is_let_pass(text):
    assert references_fit(answer_evidence(text)).status == "passed"


def test_a_result_that_rests_on_no_claim_is_sent_back():
    loose = (
        Sentence(text="{{ claim.c1.text }}.", claims=("c1",)),
        Sentence(text="Merge sort is slower as well."),
    )
    assert claims_named(answer_evidence(sentences=loose)).status == "failed"
    setting = (Sentence(text="Two algorithms were compared."), *loose[:1])
    assert claims_named(answer_evidence(sentences=setting)).status == "passed"


def test_a_sentence_about_the_metric_of_another_claim_is_sent_back():
    text = "Merge sort lowers the comparisons and sort_ms."
    assert "sort_ms" in claims_named(answer_evidence(text)).detail
    assert claims_named(answer_evidence()).status == "passed"


def test_a_level_called_best_that_was_not_found_is_sent_back():
    claim = Best(metric="comparisons", factor="algorithm", goal="lowest")
    found = analysis(claim=claim, found="merge", effect="mean at the best level")
    wrong = answer_evidence("The fewest comparisons are those of insertion.", analyses=(found,))
    right = answer_evidence("The fewest comparisons are those of merge.", analyses=(found,))
    assert "insertion" in winners_agree(wrong).detail
    assert winners_agree(right).status == "passed"
    assert winners_agree(answer_evidence()).status == "skipped"


@pytest.mark.parametrize("text", ["Heap sort compares less still.", "The effect of size is large."])
def test_a_level_or_a_factor_that_stood_still_is_sent_back(text):
    assert only_what_was_run(answer_evidence(text)).status == "failed"
    told_of = "Merge sort compares less than insertion sort."
    assert only_what_was_run(answer_evidence(told_of)).status == "passed"


@pytest.mark.parametrize("limit", ["None.", "no limits", "N/A", "There are none."])
def test_no_limit_is_no_limit_in_any_words(limit):
    assert limits_stated(answer_evidence(limits=(limit,))).status == "failed"


def test_a_number_hidden_in_a_limit_is_sent_back_unless_it_was_said_before():
    limits = ("On sorted lists the gain would be 80 %.",)
    assert numbers_bound(answer_evidence(limits=limits)).remedy == "again"
    said = answer_evidence(limits=limits)
    known = type(said)(said.plans, said.analyses, said.answer, said_before=limits)
    assert numbers_bound(known).status == "passed"


@pytest.mark.parametrize(
    ("text", "passes"),
    [
        ("Insertion sort takes fewer comparisons than merge sort.", False),
        ("Insertion sort takes more comparisons than merge sort.", True),
        ("Insertion sort takes fewer comparisons.", False),
        ("While insertion sort grows, merge sort lowers the comparisons.", True),
        ("Merge sort lowers the comparisons, but the time was not measured.", True),
        ("Merge sort raises the comparisons, but the time was not measured.", False),
    ],
)
def test_the_direction_is_read_from_the_arm_that_the_clause_starts_with(text, passes):
    assert (direction_agrees(answer_evidence(text)).status == "passed") == passes


def test_a_rise_told_of_what_peaks_is_sent_back():
    claim = Trend(metric="comparisons", factor="size")
    peaks = analysis(claim=claim, found="peaks", estimate=1.0)
    assert (
        direction_agrees(
            answer_evidence("The comparisons rise with the size.", analyses=(peaks,))
        ).status
        == "failed"
    )
    then = answer_evidence("The comparisons rise with the size, then fall.", analyses=(peaks,))
    assert direction_agrees(then).status == "passed"


@pytest.mark.parametrize("found", ["higher", "lower"])
@pytest.mark.parametrize("verdict", ["supported", "refuted", "inconclusive"])
def test_the_built_in_words_pass_every_check_of_words(verdict, found):
    estimate = 900.0 if found == "higher" else -900.0
    result = analysis(verdict=verdict, found=found, estimate=estimate, low=None, high=None)
    evidence = answer_evidence(told(result), analyses=(result,), verdict=verdict, plans=(plan(),))
    assert judge("answer", evidence, subject="a1", round=1).failures == ()
