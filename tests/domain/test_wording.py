"""Numbers and claims as people read them."""

import math
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from curie.domain.claim import Best, Difference, Equivalence, Law, Ratio, Threshold, Trend
from curie.domain.setting import Setting
from curie.domain.wording import (
    claim_text,
    digits_within,
    exactly,
    number,
    percent,
    percent_exactly,
    with_unit,
)

A = (Setting(factor="planner", level="perseus"),)
B = (Setting(factor="planner", level="none"),)
ANY = st.floats(min_value=-1e12, max_value=1e12, allow_nan=False)


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (0, "0"),
        (0.137, "0.137"),
        (13.66, "13.7"),
        (999.6, "1,000"),
        (0.99999, "1.00"),
        (9.996, "10.0"),
        (-0.05, "-0.0500"),
        (123_456.0, "123,000"),
        (0.0000123, "0.0000123"),
        (1e-7, "1.00e-07"),
        (2.5e12, "2.50e+12"),
    ],
)
def test_a_measured_number_has_three_significant_digits(value, shown):
    assert number(value) == shown


@given(ANY, st.integers(1, 9))
def test_a_printed_number_is_within_half_a_unit_of_its_last_digit(value, digits):
    size = math.floor(math.log10(abs(value))) if value else 0
    shown = float(number(value, digits).replace(",", ""))
    assert abs(shown - value) <= 0.5000001 * 10.0 ** (size - digits + 1)


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (1024, "1,024"),
        (0.0, "0"),
        (-0.0, "0"),
        (100 * 0.07, "7"),
        (0.1 + 0.2, "0.3"),
        (1_234_567.25, "1,234,567.25"),
        (0.00001, "0.00001"),
        (1e15, "1e+15"),
    ],
)
def test_a_chosen_number_keeps_every_digit(value, shown):
    assert exactly(value) == shown


@given(st.decimals(min_value=-(10**7), max_value=10**7, places=4))
def test_what_a_person_types_is_printed_as_typed(typed):
    assert Decimal(exactly(float(typed)).replace(",", "")) == typed


def test_a_share_is_printed_as_per_cent():
    assert percent(0.13666) == "13.7 %"
    assert percent_exactly(0.95) == "95 %"
    assert percent_exactly(1 - 0.05 / 3, 4) == "98.33 %"


def test_shares_and_ratios_have_no_unit_word():
    assert with_unit(0.951, "share") == "0.951"
    assert with_unit(1.5, "x") == "1.50x"
    assert with_unit(12, "") == "12.0"
    assert with_unit(12, "ms") == "12.0 ms"


@given(st.floats(1e-3, 1e6), st.floats(1e-6, 1e3), st.sampled_from([-1.0, 1.0]))
def test_the_digits_of_an_interval_tell_its_ends_apart(value, width, sign):
    low, high = sign * value, sign * value + width
    shown = {number(v, digits_within(v, width)) for v in (low, high)}
    assert len(shown) == 2 or width < 1e-10 * value


def test_bounds_in_a_claim_are_not_rounded():
    claim = Threshold(metric="memory", factor="m", side="at_most", bound=1024, level=8)
    assert claim_text(claim) == "the smallest m with memory ≤ 1,024 is 8"


def test_a_difference_says_by_how_much_at_least():
    claim = Difference(metric="energy", a=A, b=B, direction="lower", at_least_share=0.07)
    assert claim_text(claim) == (
        "energy is lower with planner=perseus than with planner=none, by at least 7 %"
    )


@pytest.mark.parametrize(
    ("low", "high", "words"),
    [
        (1.1, None, "is at least 1.1 times that"),
        (None, 2.0, "is at most 2 times that"),
        (1.1, 2.0, "is between 1.1 and 2 times that"),
        (None, None, "is some multiple of that"),
    ],
)
def test_a_ratio_is_said_in_words(low, high, words):
    text = claim_text(Ratio(metric="t", a=A, b=B, low=low, high=high))
    assert text == f"t with planner=perseus {words} with planner=none"


@pytest.mark.parametrize(
    "claim",
    [
        Best(metric="t", factor="index", goal="lowest"),
        Threshold(metric="recall", factor="ef", side="at_least", bound=0.9),
        Law(metric="t", factor="n"),
        Trend(metric="t", factor="n"),
        Difference(metric="t", a=A, b=B),
        Ratio(metric="t", a=A, b=B),
    ],
    ids=lambda c: c.kind,
)
def test_an_open_claim_reads_as_a_clause_without_a_gap(claim):
    assert "?" not in claim_text(claim)
    assert "None" not in claim_text(claim)


def test_non_inferiority_names_its_side():
    claim = Equivalence(metric="t", a=A, b=B, margin_share=0.01, side="not_higher")
    assert claim_text(claim) == (
        "t with planner=perseus is not higher than with planner=none by more than 1 %"
    )


def test_a_claim_at_an_operating_point_says_where():
    claim = Trend(metric="t", factor="n", shape="rises", where=B)
    assert claim_text(claim) == "t rises along n, where planner=none"
