"""A voice that keeps a budget: the worst case is reserved before the call, the real cost counts."""

from collections.abc import Callable

from curie.domain.errors import BudgetSpent, UsageError
from curie.llm.prices import Price, tokens_at_most
from curie.llm.schema import schema_of
from curie.llm.voice import Asked, Said, Voice


class Metered:
    """Refuses a call that could cost more than what is left.

    `spent` is asked before every call: what the run's recorded calls cost so far, which settles
    the last reservation by itself. One call at a time; several voices may share one `spent`.
    """

    def __init__(self, voice: Voice, *, budget_usd: float, spent: Callable[[], float]) -> None:
        if voice.price is None:
            raise UsageError(
                f"{voice.name}: a budget of {budget_usd:g} USD cannot be kept with an unknown "
                "price; give it with --price IN,OUT, or leave --budget-usd out"
            )
        self._voice = voice
        self._price = voice.price
        self._budget_usd = budget_usd
        self._spent = spent

    @property
    def name(self) -> str:
        """The inner voice's name."""
        return self._voice.name

    @property
    def price(self) -> Price | None:
        """The inner voice's price."""
        return self._price

    @property
    def max_tokens(self) -> int:
        """The inner voice's longest reply."""
        return self._voice.max_tokens

    @property
    def tries(self) -> int:
        """The inner voice's tries."""
        return self._voice.tries

    def say(self, asked: Asked) -> Said:
        """The reply, if its worst case can be paid; else BudgetSpent, and nothing is sent."""
        worst, left = self.worst_usd(asked), self._budget_usd - self._spent()
        if worst > left:
            raise BudgetSpent(
                f"{self.name}, {asked.prompt.role}: the next call may cost up to {worst:.4f} USD, "
                f"and {max(0.0, left):.4f} of {self._budget_usd:g} USD are left; resume the run "
                "with a larger --budget-usd, or with a cheaper model"
            )
        return self._voice.say(asked)

    def worst_usd(self, asked: Asked) -> float:
        """The most that a call can cost, in USD: all it sends, and the longest reply."""
        messages = (*asked.prompt.messages, *asked.corrections)
        sent = "".join(m.content for m in messages) + schema_of(asked.want).text
        return self._price.cost_usd(
            tokens_in=tokens_at_most(sent), tokens_out=self._voice.max_tokens
        )
