"""The port: one prompt in, one valid value of a type out."""

from collections.abc import Callable
from typing import Protocol, TypeVar

from curie.domain.call import ModelCall, Prompt
from curie.domain.fact import Fact

T = TypeVar("T", bound=Fact)

Record = Callable[[ModelCall], None]
"""What is told of every call, before its answer is used."""


class ChatModel(Protocol):
    """Something that answers prompts with values.

    Raises ModelMisbehaved when no valid answer came within the tries, ModelUnavailable when the
    endpoint cannot be used, BudgetSpent when the call would cost more than is left.
    """

    @property
    def name(self) -> str:
        """As given on the command line: `openai/gpt-x`, `replay/RUN`, `scripted/FILE`."""
        ...

    def ask(self, prompt: Prompt, want: type[T]) -> T:
        """The model's answer, validated."""
        ...
