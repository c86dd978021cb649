"""A model behind a loopback server, and all that it leaves behind."""

from dataclasses import dataclass, field

from pydantic import SecretStr

from curie.domain.plan import Draft
from curie.llm.dialogue import Dialogue
from curie.llm.openai_model import Endpoint, OpenAIVoice
from curie.llm.prices import Price
from tests.llm.behaviours import Reply, Request
from tests.llm.drafts import PROMPT, Ledger
from tests.llm.loopback import Loopback, in_turn

KEY = "sk-very-secret-0123456789"
PRICE = Price(input_usd=2.0, output_usd=8.0)


@dataclass
class Desk:
    """A model and all that it leaves behind."""

    url: str
    key: str = KEY
    timeout_s: float = 10.0
    price: Price | None = PRICE
    ledger: Ledger = field(default_factory=Ledger)
    waits: list[float] = field(default_factory=list)
    whys: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.voice = OpenAIVoice(
            "test",
            endpoint=Endpoint(self.url, SecretStr(self.key), self.timeout_s, max_tokens=4000),
            price=self.price,
            pause=self._pause,
            monotonic=lambda: float(len(self.waits)),
        )
        self.model = Dialogue(self.voice, self.ledger.logbook)

    def _pause(self, seconds: float, why: str) -> None:
        self.waits.append(seconds)
        self.whys.append(why)

    def ask(self) -> Draft:
        return self.model.ask(PROMPT, Draft)


def served(*replies: Reply) -> Loopback:
    return Loopback(in_turn(replies))


def last_message(request: Request) -> str:
    message = request["messages"][-1]
    assert message["role"] == "user"
    return str(message["content"])
