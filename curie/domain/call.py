"""One exchange with a language model."""

from typing import Literal

from pydantic import Field

from curie.domain.fact import Fact


class Message(Fact):
    """One message of a conversation."""

    role: Literal["system", "user", "assistant"]
    content: str


class ModelCall(Fact):
    """A call as it was made and answered: what replay plays back and the report adds up."""

    fact: Literal["call"] = "call"
    role: str
    """The role that asked: architect, technician, reviewer, analyst, baseline."""
    number: int = Field(ge=1)
    """Which call of this role in this run."""
    attempt: int = Field(ge=1)
    """Which try at a valid answer, from 1."""
    model: str
    template_sha256: str
    want: str
    """Name of the type that was asked for."""
    way: Literal["json_schema", "tool", "plain", "replay", "scripted"]
    messages: tuple[Message, ...]
    answer: str
    """As it came, valid or not; empty where the call failed."""
    problem: str = ""
    """Why the answer was not accepted."""
    tokens_in: int = Field(default=0, ge=0)
    tokens_out: int = Field(default=0, ge=0)
    usd: float | None = None
    """None where the price is unknown and --allow-unknown-price was given."""
    latency_s: float = Field(default=0.0, ge=0)


class Prompt(Fact):
    """What a role asks a model, rendered from its template."""

    role: str
    template_sha256: str
    messages: tuple[Message, ...]
