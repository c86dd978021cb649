"""Numbers reach a reader through references only."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from curie.domain.analysis import Analysis, LevelSummary
from curie.domain.binding import (
    FIELDS,
    bind,
    change_text,
    field_text,
    interval_text,
    p_text,
    told,
    unbound_numbers,
    unknown_references,
)
from curie.domain.claim import Difference, Trend
from curie.domain.setting import Setting


def arm(level: str, mean: float = 1.0) -> LevelSummary:
    return LevelSummary(
        settings=(Setting(factor="planner", level=level), Setting(factor="m", level=2)),
        metric="energy",
        n=1,
        mean=mean,
        low=mean,
        high=mean,
        values=(mean,),
    )


def analysis(**changes: object) -> Analysis:
    a, b = arm("perseus", 80), arm("none", 100)
    return Analysis(
        id="c1",
        plan="p1",
        claim=Difference(metric="energy", a=a.settings, b=b.settings[::-1], direction="lower"),
        verdict="supported",
        found="lower",
        effect="difference a - b",
        estimate=-20.04,
        low=-21.5,
        high=-18.9,
        unit="J",
        confidence=0.95,
        p=0.0123,
        n=16,
        method="Welch's test",
        levels=(a, b),
    ).but(**changes)


@pytest.mark.parametrize(
    "text",
    [
        "It is 30 % faster.",
        "It is .5 s faster.",
        "It takes 1,024 steps.",
        "The energy falls by half.",
        "A tenfold gain.",
        "Hundreds of requests.",
        "It is ½ as slow.",
        "Energy falls by twenty per cent.",
        "It takes twice as long.",
    ],
)
def test_a_number_outside_a_reference_is_found(text):
    assert unbound_numbers(text)


@pytest.mark.parametrize(
    "text",
    [
        "On the A100 and the H200, p99 of llama3.1 in int8 with recall_at_10.",
        "The scaffold unfolds often, and someone waits.",
        "It falls by {{ claim.c12.estimate }}.",
    ],
)
def test_digits_inside_names_and_references_are_not_numbers(text):
    assert unbound_numbers(text) == ()


@given(st.integers(0, 10**9))
def test_every_bare_integer_is_found_whole(value):
    assert unbound_numbers(f"It takes {value} s.") == (str(value),)


@pytest.mark.parametrize(
    "text",
    [
        "{{ claim.c2.estimate }}",
        "{{ claim.c1.nothing }}",
        "{{ 42 }}",
        "{{ claim.c1.p }} and {{ claim.c1.p",
        "claim.c1.p }}",
    ],
)
def test_a_reference_to_nothing_is_refused(text):
    assert unknown_references(text, [analysis()])
    with pytest.raises(ValueError, match="reference to nothing"):
        bind(text, [analysis()])


def test_a_bound_sentence_says_what_the_analysis_says():
    text = "Energy is {{ claim.c1.found }} by {{ claim.c1.estimate }}, {{claim.c1.interval}}."
    assert bind(text, [analysis()]) == "Energy is lower by -20.0 J, [-21.5, -18.9] J."


def test_an_unbound_number_is_refused():
    with pytest.raises(ValueError, match="no fact stands behind: 20"):
        bind("Energy falls by 20 %.", [analysis()])


@pytest.mark.parametrize("field", FIELDS)
def test_every_field_can_be_printed(field):
    assert field_text(analysis(), field)


def test_a_missing_number_is_printed_as_a_dash():
    nothing = analysis(estimate=None, low=None, high=None, p=None)
    assert {field_text(nothing, f) for f in ("estimate", "low", "interval", "p", "change")} == {"—"}


def test_the_change_is_a_share_of_b_however_its_settings_are_ordered():
    assert change_text(analysis(estimate=-20.0)) == "-20.0 %"


def test_the_change_of_a_ratio_is_its_distance_from_one():
    assert change_text(analysis(estimate=1.25, unit="x")) == "25.0 %"


def test_a_narrow_interval_shows_digits_that_tell_its_ends_apart():
    narrow = analysis(estimate=1234.56, low=1233.9, high=1235.2)
    assert interval_text(narrow) == "[1,233.9, 1,235.2] J"
    assert field_text(narrow, "estimate") == "1,234.6 J"


def test_a_chance_is_never_printed_as_zero():
    assert p_text(0.0) == "< 0.001"
    assert p_text(0.0123) == "0.012"


def test_an_open_trend_is_told_in_the_words_of_what_was_found() -> None:
    found = analysis(claim=Trend(metric="recall", factor="ef_search"), found="flat")
    assert told(found) == "recall stays flat along ef_search"
    assert told(found.but(found="no trend")) == "recall changes along ef_search"
