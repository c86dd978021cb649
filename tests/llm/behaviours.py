"""How the loopback server can reply, well or badly."""

import json
from dataclasses import dataclass
from typing import Any, Protocol

Request = dict[str, Any]
"""The parsed body: messages, model, response_format, tools …"""

Content = dict[str, Any] | str


class Wire(Protocol):
    """The server's side of one exchange."""

    def complete(
        self,
        request: Request,
        message: dict[str, Any],
        *,
        finish: str = "stop",
        cut: bool = False,
        counted: bool = True,
    ) -> None:
        """Send a completion with this message, `cut` in the middle, tokens counted or not."""
        ...

    def send(
        self,
        status: int,
        text: str,
        *,
        headers: tuple[tuple[str, str], ...] = (),
        kind: str = "application/json",
        cut: bool = False,
    ) -> None:
        """Send a reply of any kind."""
        ...

    def wait(self, seconds: float) -> None:
        """Do nothing for so long, or until the server stops."""
        ...


@dataclass(frozen=True)
class Status:
    """An HTTP error."""

    status: int
    message: str = "planned by the test"
    code: str | None = None
    headers: tuple[tuple[str, str], ...] = ()

    def play(self, wire: Wire, request: Request) -> None:
        error = {"message": self.message, "type": "error", "param": None, "code": self.code}
        wire.send(self.status, json.dumps({"error": error}), headers=self.headers)


@dataclass(frozen=True)
class Slow:
    """The answer, after so many seconds."""

    seconds: float
    answer: Content = ""

    def play(self, wire: Wire, request: Request) -> None:
        wire.wait(self.seconds)
        wire.complete(request, message_of(request, self.answer))


@dataclass(frozen=True)
class Cut:
    """Half of the answer's bytes, then a closed connection."""

    answer: Content = "never arrives as a whole"

    def play(self, wire: Wire, request: Request) -> None:
        wire.complete(request, message_of(request, self.answer), cut=True)


@dataclass(frozen=True)
class Truncated:
    """Half of the answer's text, with finish_reason length."""

    answer: Content

    def play(self, wire: Wire, request: Request) -> None:
        text = text_of(self.answer)
        wire.complete(request, {"content": text[: len(text) // 2]}, finish="length")


@dataclass(frozen=True)
class Refusal:
    """A refusal in the place of an answer."""

    text: str = "I cannot help with that."

    def play(self, wire: Wire, request: Request) -> None:
        wire.complete(request, {"content": None, "refusal": self.text})


@dataclass(frozen=True)
class NoChoices:
    """A completion without a choice."""

    def play(self, wire: Wire, request: Request) -> None:
        wire.send(200, json.dumps({"choices": [], "object": "chat.completion"}))


@dataclass(frozen=True)
class ToolCall:
    """A call of a tool, offered or not."""

    name: str
    arguments: Content

    def play(self, wire: Wire, request: Request) -> None:
        message = tool_message(self.name, text_of(self.arguments))
        wire.complete(request, message, finish="tool_calls")


@dataclass(frozen=True)
class Body:
    """Any text with status 200, such as a login page."""

    text: str

    def play(self, wire: Wire, request: Request) -> None:
        wire.send(200, self.text, kind="text/html")


@dataclass(frozen=True)
class Finished:
    """A text with another finish_reason than stop."""

    text: str
    reason: str

    def play(self, wire: Wire, request: Request) -> None:
        wire.complete(request, {"content": self.text}, finish=self.reason)


@dataclass(frozen=True)
class Uncounted:
    """An answer without a count of tokens."""

    answer: Content

    def play(self, wire: Wire, request: Request) -> None:
        wire.complete(request, message_of(request, self.answer), counted=False)


class Behaviour(Protocol):
    """A way to reply; any class with this method is one."""

    def play(self, wire: Wire, request: Request) -> None:
        """Reply to the request over the wire."""
        ...


Reply = Content | Behaviour


def tokens_of(request: Request) -> int:
    """The tokens that the server counts for a request: a quarter of its messages' characters."""
    return sum(len(m["content"]) for m in request["messages"]) // 4


def text_of(answer: Content) -> str:
    """The answer as a model writes it."""
    return answer if isinstance(answer, str) else json.dumps(answer)


def message_of(request: Request, answer: Content) -> dict[str, Any]:
    """The answer in the form that was asked for: a value goes through the tool, if there is one."""
    tools = request.get("tools")
    if tools and isinstance(answer, dict):
        return tool_message(tools[0]["function"]["name"], text_of(answer))
    return {"content": text_of(answer)}


def tool_message(name: str, arguments: str) -> dict[str, Any]:
    """A message that calls a tool."""
    call = {"id": "call_1", "type": "function", "function": {"name": name, "arguments": arguments}}
    return {"content": None, "tool_calls": [call]}
