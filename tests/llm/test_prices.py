import pytest
from hypothesis import given
from hypothesis import strategies as st

from curie.domain.errors import UsageError
from curie.llm.prices import Price, parse_price, price_of, shipped_prices, tokens_at_most

OPENAI = "https://api.openai.com/v1"


def test_a_price_is_per_million_tokens():
    price = Price(input_usd=2.0, output_usd=8.0)
    assert price.cost_usd(tokens_in=1_000_000, tokens_out=0) == 2.0
    assert price.cost_usd(tokens_in=500_000, tokens_out=250_000) == 3.0


def test_a_price_is_read_from_two_numbers():
    assert parse_price("2.5, 10") == Price(input_usd=2.5, output_usd=10.0)


@pytest.mark.parametrize("text", ["", "2.5", "1,2,3", "cheap,10", "-1,2", "nan,1", "inf,1"])
def test_what_is_no_price_is_refused_with_an_example(text):
    with pytest.raises(UsageError, match=r"as in 2\.5,10"):
        parse_price(text)


def test_the_shipped_table_has_prices_where_output_costs_more():
    prices = shipped_prices()["api.openai.com"]
    assert prices["gpt-4o"] == Price(input_usd=2.5, output_usd=10.0)
    assert all(price.output_usd > price.input_usd > 0 for price in prices.values())


def test_a_given_price_wins_over_the_table():
    given_price = Price(input_usd=1.0, output_usd=1.0)
    found = price_of("gpt-4o", base_url=OPENAI, given=given_price, allow_unknown=False)
    assert found == given_price


def test_a_known_model_has_the_price_of_the_table():
    found = price_of("gpt-4.1-mini", base_url=OPENAI, given=None, allow_unknown=False)
    assert found == Price(input_usd=0.4, output_usd=1.6)


@pytest.mark.parametrize(
    ("model", "url"), [("gpt-99", OPENAI), ("gpt-4o", "http://127.0.0.1:8080/v1")]
)
def test_an_unknown_price_is_an_error_unless_it_is_allowed(model, url):
    with pytest.raises(UsageError, match="--allow-unknown-price"):
        price_of(model, base_url=url, given=None, allow_unknown=False)
    assert price_of(model, base_url=url, given=None, allow_unknown=True) is None


@given(st.text(), st.text())
def test_the_count_of_tokens_never_falls_with_more_text(one, other):
    assert tokens_at_most(one + other) >= max(tokens_at_most(one), tokens_at_most(other))
    assert tokens_at_most(one) * 3 >= len(one.encode())
