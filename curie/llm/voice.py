"""The inner port: what a provider has to be able to do."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal, Protocol

from curie.domain.call import Message, Prompt
from curie.domain.errors import CurieError
from curie.domain.fact import Fact
from curie.llm.port import Record
from curie.llm.prices import Price

Way = Literal["json_schema", "tool", "plain", "replay", "scripted"]
"""How an answer of the right shape was asked for."""


TRIES = 3
"""Tries at a valid answer, in total, where a voice can mend its answer."""


@dataclass(frozen=True)
class Asked:
    """One try at an answer."""

    prompt: Prompt
    want: type[Fact]
    number: int
    """Which call of this role in this run."""
    attempt: int
    corrections: tuple[Message, ...] = ()
    """Earlier answers of this call and what was wrong with them."""
    mistake: str = ""
    """What was wrong with the last of them, in short."""


@dataclass(frozen=True)
class Said:
    """What came back. A failed exchange is a value too, so that it is recorded like others."""

    text: str
    """As it came; empty where the call failed."""
    way: Way
    messages: tuple[Message, ...]
    """As they were sent."""
    problem: str = ""
    """Why the text is no answer, where the exchange itself shows it: refused, wrong tool."""
    cut: bool = False
    """Whether the reply ended at the limit of tokens."""
    tokens_in: int = 0
    tokens_out: int = 0
    usd: float | None = 0.0
    """None where the price is unknown."""
    latency_s: float = 0.0
    """From the first sending to the reply, with pauses in between."""
    error: CurieError | None = None
    """Why there was no reply at all; raised once the call is recorded."""


class Voice(Protocol):
    """Something that replies. Raises BudgetSpent before a call that cannot be paid."""

    @property
    def name(self) -> str:
        """As given on the command line."""
        ...

    @property
    def price(self) -> Price | None:
        """What its tokens cost; None where nobody knows."""
        ...

    @property
    def max_tokens(self) -> int:
        """The most tokens that one reply may have."""
        ...

    @property
    def tries(self) -> int:
        """How many tries at a valid answer make sense: 1 where it would only repeat itself."""
        ...

    def say(self, asked: Asked) -> Said:
        """The reply to the prompt and its corrections."""
        ...


@dataclass(frozen=True)
class Logbook:
    """Where calls are counted and recorded."""

    record: Record
    already: Callable[[str], int]
    """The highest call number that a role has in the run by now, recorded calls of this very
    process included; 0 where it never asked."""
