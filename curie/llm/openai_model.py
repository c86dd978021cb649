"""`openai/<name>`: any server that speaks the chat-completions protocol, by the openai client."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

import openai
from pydantic import SecretStr

from curie.domain.call import Message
from curie.domain.errors import CurieError, ModelMisbehaved, ModelUnavailable
from curie.llm.prices import Price, tokens_at_most
from curie.llm.retry import LONGEST_S, SENDINGS, Pause, Trouble, wait_s
from curie.llm.schema import schema_of
from curie.llm.voice import TRIES, Asked, Said, Way
from curie.llm.ways import WAYS, Heard, heard, parameters, refuses, with_schema

_CONTEXT = (
    "context_length_exceeded",
    "context length",
    "context window",
    "context size",
    "prompt is too long",
    "maximum context",
)
_SHORTEST_SECRET = 8
"""Shorter keys are placeholders of local servers (`any`), and taking them out would mangle text."""


@dataclass(frozen=True)
class Endpoint:
    """A server and how to speak to it."""

    base_url: str = field(repr=False)
    api_key: SecretStr = field(repr=False)
    timeout_s: float
    """How long to wait for a reply before it is given up and asked for again."""
    max_tokens: int
    """The most tokens that one reply may have."""

    def hide(self, text: str) -> str:
        """The text without the key."""
        key = self.api_key.get_secret_value()
        return text.replace(key, "[key]") if len(key) >= _SHORTEST_SECRET else text

    @property
    def shown(self) -> str:
        """The address for messages: no password, no query."""
        parts = urlsplit(self.base_url)
        return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}{parts.path}"

    @property
    def is_here(self) -> bool:
        """Whether the server is on this very machine, where no proxy can be in between."""
        return urlsplit(self.base_url).hostname in ("localhost", "127.0.0.1", "::1")


class OpenAIVoice:
    """One model of one server.

    What the server cannot do is found out by its complaints and remembered: the way to ask for a
    shape, and which name it has for the limit of tokens. A reply without a count of tokens is
    counted by `tokens_at_most`. A try that was lost on the way is counted as free, though the
    server may see it otherwise.
    """

    tries = TRIES

    def __init__(
        self,
        model: str,
        *,
        endpoint: Endpoint,
        price: Price | None,
        pause: Pause,
        monotonic: Callable[[], float],
    ) -> None:
        self.name = f"openai/{model}"
        self.price = price
        self.max_tokens = endpoint.max_tokens
        self._model = model
        self._endpoint = endpoint
        self._pause = pause
        self._monotonic = monotonic
        self._way: Way = WAYS[0]
        self._limit = "max_tokens"

    def __repr__(self) -> str:
        return f"OpenAIVoice({self.name!r} at {self._endpoint.shown})"

    def say(self, asked: Asked) -> Said:
        """The server's reply; adapts the request to what the server can do."""
        began = self._monotonic()
        while True:
            messages = self._messages(asked)
            reply = self._exchange(asked, messages)
            latency_s = max(0.0, self._monotonic() - began)
            if isinstance(reply, Heard):
                return self._said(asked, messages, reply, latency_s)
            if not self._adapted(reply):
                error = self._error(asked, messages, reply)
                return Said("", self._way, messages, error=error, latency_s=latency_s)

    def _messages(self, asked: Asked) -> tuple[Message, ...]:
        prompt = with_schema(self._way, schema_of(asked.want), asked.prompt.messages)
        return prompt + asked.corrections

    def _adapted(self, trouble: Trouble) -> bool:
        """Whether there is another form of the request to try, after this complaint."""
        if trouble.mentions(*_CONTEXT):
            return False
        if self._limit == "max_tokens" and trouble.mentions("max_completion_tokens"):
            self._limit = "max_completion_tokens"
            return True
        if refuses(self._way, trouble):
            self._way = WAYS[WAYS.index(self._way) + 1]
            return True
        return False

    def _exchange(self, asked: Asked, messages: tuple[Message, ...]) -> Heard | Trouble:
        """One request, repeated while its trouble may pass."""
        for sent in range(1, SENDINGS + 1):
            reply = self._send(asked, messages)
            if isinstance(reply, Heard) or not reply.passing:
                return reply
            wait = wait_s(reply, sent)
            if sent == SENDINGS or wait > LONGEST_S:
                break
            self._pause(wait, f"{self.name}: {reply.why}; trying again in {wait:.0f} s")
        return reply

    def _send(self, asked: Asked, messages: tuple[Message, ...]) -> Heard | Trouble:
        request: dict[str, Any] = {
            "model": self._model,
            "messages": [m.model_dump() for m in messages],
            self._limit: self.max_tokens,
            **parameters(self._way, schema_of(asked.want)),
        }
        try:
            with self._client() as client:
                response = client.chat.completions.with_raw_response.create(**request)
                body = response.text
        except openai.APIStatusError as error:
            return self._status_trouble(error)
        except openai.APITimeoutError:
            return Trouble(f"no reply within {self._endpoint.timeout_s:g} s")
        except openai.APIConnectionError as error:
            return Trouble(self._endpoint.hide(f"no connection: {error.__cause__ or error}"))
        reply = heard(body, self._way)
        return reply or Trouble(f"not a chat completion: {body[:200]!r}", status=200)

    def _client(self) -> openai.OpenAI:
        """A client for one exchange: calls are minutes apart, and nothing stays open."""
        return openai.OpenAI(
            api_key=self._endpoint.api_key.get_secret_value(),
            base_url=self._endpoint.base_url,
            timeout=self._endpoint.timeout_s,
            max_retries=0,
            http_client=openai.DefaultHttpxClient(trust_env=not self._endpoint.is_here),
        )

    def _status_trouble(self, error: openai.APIStatusError) -> Trouble:
        return Trouble(
            self._endpoint.hide(f"HTTP {error.status_code}: {error.message}")[:2000],
            status=error.status_code,
            code=error.code or "",
            headers=tuple(error.response.headers.items()),
        )

    def _said(
        self, asked: Asked, messages: tuple[Message, ...], reply: Heard, latency_s: float
    ) -> Said:
        sent = "".join(m.content for m in messages) + schema_of(asked.want).text
        tokens_in = tokens_at_most(sent) if reply.tokens_in is None else reply.tokens_in
        tokens_out = reply.tokens_out
        if tokens_out is None:
            tokens_out = tokens_at_most(reply.text)
        usd = (
            self.price.cost_usd(tokens_in=tokens_in, tokens_out=tokens_out) if self.price else None
        )
        return Said(
            text=reply.text,
            way=self._way,
            messages=messages,
            problem=reply.problem,
            cut=reply.cut,
            tokens_in=tokens_in,
            tokens_out=tokens_out,
            usd=usd,
            latency_s=latency_s,
        )

    def _error(self, asked: Asked, messages: tuple[Message, ...], trouble: Trouble) -> CurieError:
        """What the person is told; never the key."""
        at = f"{self.name} at {self._endpoint.shown}, {asked.prompt.role}: {trouble.why}"
        if trouble.mentions(*_CONTEXT):
            size = sum(len(m.content) for m in messages)
            return ModelMisbehaved(
                f"{at}; the prompt of {size} characters and {self.max_tokens} tokens of answer do "
                "not fit the model: take one with a longer context, or ask for shorter answers "
                "(max tokens in the settings)"
            )
        return ModelUnavailable(f"{at}; {_fix(trouble)}")


_FIXES = {
    None: "is the server up, and OPENAI_BASE_URL right? The run can be resumed",
    200: "is OPENAI_BASE_URL right? It mostly ends in /v1",
    401: "check OPENAI_API_KEY",
    403: "check that OPENAI_API_KEY may use this model",
    404: "check the model's name, and that OPENAI_BASE_URL ends as the server wants it",
    429: "the server's rate limit is reached: resume the run later",
}


def _fix(trouble: Trouble) -> str:
    """What to do about it."""
    if trouble.code == "insufficient_quota":
        return "the account has no credit left: top it up, or take another key"
    if trouble.status in _FIXES:
        return _FIXES[trouble.status]
    if trouble.passing:
        return "the server is in trouble: resume the run later"
    if trouble.mentions("max_tokens", "max_completion_tokens"):
        return "lower the longest answer (max tokens in the settings)"
    return "the server does not take this request: try another model or server"
