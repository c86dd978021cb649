"""What tokens cost. An unknown price is an error before the first call, not a surprise after it."""

import math
import tomllib
from importlib.resources import files
from urllib.parse import urlsplit

from pydantic import Field, TypeAdapter, ValidationError

from curie.domain.errors import UsageError
from curie.domain.fact import Fact


class Price(Fact):
    """USD per million tokens."""

    input_usd: float = Field(ge=0)
    output_usd: float = Field(ge=0)

    def cost_usd(self, *, tokens_in: int, tokens_out: int) -> float:
        """What so many tokens cost at list price; discounts for cached input are left out."""
        return (tokens_in * self.input_usd + tokens_out * self.output_usd) / 1e6


FREE = Price(input_usd=0.0, output_usd=0.0)
"""Of scripts and recorded runs."""

_Table = dict[str, dict[str, Price]]


def tokens_at_most(text: str) -> int:
    """More tokens than the text is likely to have: a third of its bytes (English has a quarter)."""
    return math.ceil(len(text.encode()) / 3)


def parse_price(text: str) -> Price:
    """`2.5,10` as a price: USD per million tokens in, and out. UsageError if it is not that."""
    try:
        tokens_in, tokens_out = (float(part) for part in text.split(","))
        return Price(input_usd=tokens_in, output_usd=tokens_out)
    except ValueError:  # pydantic's ValidationError is one, too
        raise UsageError(
            f"--price {text!r}: give USD per million tokens in and out, as in 2.5,10"
        ) from None


def shipped_prices() -> _Table:
    """The table of `prices.toml`: host of the endpoint, then model."""
    text = (files("curie.llm") / "prices.toml").read_text(encoding="utf-8")
    try:
        return TypeAdapter(_Table).validate_python(tomllib.loads(text))
    except (tomllib.TOMLDecodeError, ValidationError) as error:
        raise UsageError(f"curie/llm/prices.toml: {error}; mend the table") from error


def price_of(
    model: str, *, base_url: str, given: Price | None, allow_unknown: bool
) -> Price | None:
    """The price that was given, else the shipped one of this endpoint's model.

    None where it is unknown and that is allowed; else UsageError. A model of the same name behind
    another host has another price, so the table goes by host.
    """
    if given is not None:
        return given
    host = urlsplit(base_url).hostname or base_url
    known = shipped_prices().get(host, {})
    if model in known:
        return known[model]
    if allow_unknown:
        return None
    listed = f"known for {host}: {', '.join(sorted(known))}" if known else f"none known for {host}"
    raise UsageError(
        f"openai/{model}: its price is unknown ({listed}); give it with --price IN,OUT in USD per "
        "million tokens (0,0 for a server of your own), or go on with --allow-unknown-price"
    )
