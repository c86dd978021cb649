"""Three ways to ask a server for an answer of a given shape, and how to read its reply.

A JSON schema as response format; a forced call of one tool whose parameters are the schema; or the
schema in the prompt. The best way that a server takes is used.
"""

from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel, Field, ValidationError

from curie.domain.call import Message
from curie.llm import texts
from curie.llm.retry import Trouble
from curie.llm.schema import Schema
from curie.llm.voice import Way

WAYS: tuple[Way, ...] = ("json_schema", "tool", "plain")
"""From the best to the one that every server can."""

TOOL = "answer"

_COMPLAINTS: dict[Way, tuple[str, ...]] = {
    "json_schema": ("response_format", "response format", "schema", "structured", "grammar"),
    "tool": ("tool", "function"),
}


def with_schema(way: Way, schema: Schema, prompt: tuple[Message, ...]) -> tuple[Message, ...]:
    """The prompt's messages as this way sends them."""
    if way != "plain":
        return prompt
    last = prompt[-1]
    return (*prompt[:-1], last.but(content=f"{last.content}\n\n{texts.plain(schema.text)}"))


def without_schema(way: Way, messages: tuple[Message, ...]) -> tuple[Message, ...]:
    """The prompt's messages again, from those that were sent."""
    if way != "plain":
        return messages
    heading = f"\n\n{texts.plain('').splitlines()[0]}\n"
    last = messages[-1]
    return (*messages[:-1], last.but(content=last.content.rpartition(heading)[0]))


def parameters(way: Way, schema: Schema) -> dict[str, Any]:
    """What this way adds to the request."""
    tree = schema.tree
    about = tree.pop("description", schema.name)
    if way == "json_schema":
        form = {"name": schema.name, "schema": tree, "strict": schema.strict, "description": about}
        return {"response_format": {"type": "json_schema", "json_schema": form}}
    if way == "tool":
        tool = {"name": TOOL, "description": about, "parameters": tree}
        return {
            "tools": [{"type": "function", "function": tool}],
            "tool_choice": {"type": "function", "function": {"name": TOOL}},
        }
    return {}


def refuses(way: Way, trouble: Trouble) -> bool:
    """Whether the server says that it cannot do it this way."""
    if trouble.status not in (400, 404, 422, 501):
        return False
    if trouble.status == 404 and not trouble.mentions("support"):
        return False
    return trouble.mentions(*_COMPLAINTS.get(way, ()))


class _Function(BaseModel):
    name: str = ""
    arguments: str = ""


class _ToolCall(BaseModel):
    function: _Function = _Function()


class _Message(BaseModel):
    content: str | None = None
    refusal: str | None = None
    tool_calls: tuple[_ToolCall, ...] | None = None


class _Choice(BaseModel):
    message: _Message = _Message()
    finish_reason: str | None = None


class _Usage(BaseModel):
    prompt_tokens: int = Field(ge=0)
    completion_tokens: int = Field(ge=0)


class _Completion(BaseModel):
    choices: tuple[_Choice, ...]
    usage: _Usage | None = None


@dataclass(frozen=True)
class Heard:
    """A server's reply, as far as it matters here."""

    text: str
    problem: str = ""
    cut: bool = False
    tokens_in: int | None = None
    tokens_out: int | None = None
    """None where the server did not say."""


def heard(body: str, way: Way) -> Heard | None:
    """The reply in the body of a chat completion; None if it is nothing of that kind."""
    try:
        completion = _Completion.model_validate_json(body)
    except ValidationError:
        return None
    usage = completion.usage
    tokens_in, tokens_out = (
        (usage.prompt_tokens, usage.completion_tokens) if usage else (None, None)
    )
    if not completion.choices:
        return Heard("", "the reply held no answer at all (no choices)", tokens_in=tokens_in)
    choice = completion.choices[0]
    text, problem = _content(choice.message, way)
    if choice.finish_reason == "content_filter":
        problem = problem or "the answer was stopped by a content filter"
    return Heard(text, problem, choice.finish_reason == "length", tokens_in, tokens_out)


def _content(message: _Message, way: Way) -> tuple[str, str]:
    """The text of the answer, and why it cannot be one."""
    if message.refusal:
        return message.refusal, f"the model refused: {message.refusal}"
    calls = [call.function for call in message.tool_calls or ()]
    right = [call.arguments for call in calls if way == "tool" and call.name == TOOL]
    if right:
        return right[-1], ""
    if calls and not (message.content or "").strip():
        offered = f"the only tool is {TOOL!r}" if way == "tool" else "there are no tools"
        return calls[0].arguments, f"there is no tool {calls[0].name!r}: {offered}"
    return message.content or "", ""
