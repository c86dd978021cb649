from dataclasses import dataclass, field

import pytest
from hypothesis import given
from hypothesis import strategies as st

from curie.domain.errors import BudgetSpent, UsageError
from curie.domain.fact import Fact
from curie.llm.dialogue import Dialogue
from curie.llm.metered import Metered
from curie.llm.prices import Price, tokens_at_most
from curie.llm.schema import schema_of
from curie.llm.voice import Asked, Said
from tests.llm.drafts import PROMPT, Ledger


class Colour(Fact):
    """What is asked for."""

    name: str


@dataclass
class Typist:
    """A voice that uses as many tokens as it is told, never more than it may."""

    price: Price | None
    max_tokens: int
    used: list[int]
    texts: list[str] = field(default_factory=list)
    name: str = "openai/typist"
    tries: int = 3
    said: int = 0

    def say(self, asked: Asked) -> Said:
        messages = (*asked.prompt.messages, *asked.corrections)
        tokens_in = sum(len(m.content) for m in messages) // 4
        tokens_out = min(self.used[self.said % len(self.used)], self.max_tokens)
        text = self.texts.pop(0) if self.texts else '{"name": "red"}'
        self.said += 1
        assert self.price is not None
        usd = self.price.cost_usd(tokens_in=tokens_in, tokens_out=tokens_out)
        return Said(text, "plain", messages, usd=usd, tokens_in=tokens_in, tokens_out=tokens_out)


def worst_usd(price: Price, max_tokens: int) -> float:
    sent = "".join(m.content for m in PROMPT.messages) + schema_of(Colour).text
    return (price.input_usd * tokens_at_most(sent) + price.output_usd * max_tokens) / 1e6


@given(
    budget=st.floats(0, 0.02),
    price=st.builds(Price, input_usd=st.floats(0.1, 9), output_usd=st.floats(0.1, 30)),
    max_tokens=st.integers(1, 500),
    used=st.lists(st.integers(0, 600), min_size=1, max_size=5),
)
def test_the_budget_is_never_overspent_and_used_as_far_as_is_safe(budget, price, max_tokens, used):
    ledger = Ledger()
    voice = Metered(Typist(price, max_tokens, used), budget_usd=budget, spent=ledger.spent)
    model = Dialogue(voice, ledger.logbook)
    stopped = False
    for _ in range(30):
        try:
            model.ask(PROMPT, Colour)
        except BudgetSpent:
            stopped = True
            break
    assert ledger.spent() <= budget
    if stopped:
        assert ledger.spent() + worst_usd(price, max_tokens) > budget


PRICE = Price(input_usd=0.0, output_usd=1000.0)


def test_a_call_that_might_not_fit_is_never_made():
    ledger, typist = Ledger(), Typist(PRICE, max_tokens=100, used=[1])
    model = Dialogue(Metered(typist, budget_usd=0.09, spent=ledger.spent), ledger.logbook)
    with pytest.raises(BudgetSpent, match="--budget-usd") as caught:
        model.ask(PROMPT, Colour)
    assert "0.1000 USD" in str(caught.value)
    assert typist.said == 0
    assert ledger.calls == []


def test_what_a_call_really_cost_counts_for_the_next_one():
    ledger, typist = Ledger(), Typist(PRICE, max_tokens=100, used=[10])
    model = Dialogue(Metered(typist, budget_usd=0.115, spent=ledger.spent), ledger.logbook)
    model.ask(PROMPT, Colour)
    model.ask(PROMPT, Colour)
    with pytest.raises(BudgetSpent):
        model.ask(PROMPT, Colour)
    assert ledger.spent() == pytest.approx(0.02)


def test_a_second_try_has_to_fit_as_well():
    ledger, typist = Ledger(), Typist(PRICE, max_tokens=100, used=[50], texts=["what?"])
    model = Dialogue(Metered(typist, budget_usd=0.12, spent=ledger.spent), ledger.logbook)
    with pytest.raises(BudgetSpent):
        model.ask(PROMPT, Colour)
    assert [c.attempt for c in ledger.calls] == [1]


def test_a_budget_needs_a_price():
    with pytest.raises(UsageError, match="unknown price"):
        Metered(Typist(None, max_tokens=1, used=[1]), budget_usd=1.0, spent=lambda: 0.0)
