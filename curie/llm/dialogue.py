"""A ChatModel out of a voice: counted, recorded, validated, and corrected when wrong."""

from dataclasses import replace
from typing import TypeVar

from curie.domain.call import Message, ModelCall, Prompt
from curie.domain.errors import ModelMisbehaved
from curie.domain.fact import Fact
from curie.llm import texts
from curie.llm.reading import Misread, read
from curie.llm.schema import schema_of
from curie.llm.voice import Asked, Logbook, Said, Voice

T = TypeVar("T", bound=Fact)

_ECHO = 20_000
"""Characters of a wrong answer that are shown to the model again."""


class Dialogue:
    """Asks a voice until its answer is valid, a few times at most.

    Every try is recorded before its answer is used, so that a crash in between loses no evidence
    and no money goes uncounted. One call at a time.
    """

    def __init__(self, voice: Voice, logbook: Logbook) -> None:
        self._voice = voice
        self._logbook = logbook

    @property
    def name(self) -> str:
        """The voice's name."""
        return self._voice.name

    def ask(self, prompt: Prompt, want: type[T]) -> T:
        """The model's answer, validated; see ChatModel for the errors."""
        role = prompt.role
        number = self._logbook.already(role) + 1
        asked = Asked(prompt, want, number, attempt=1)
        while True:
            said = self._voice.say(asked)
            reading = _judged(said, want)
            self._record(asked, said, reading)
            if said.error is not None:
                raise said.error
            if not isinstance(reading, Misread):
                return reading
            if asked.attempt >= self._voice.tries:
                raise ModelMisbehaved(_given_up(self._voice, asked, reading))
            asked = _again(asked, said, reading)

    def _record(self, asked: Asked, said: Said, reading: Fact | Misread) -> None:
        problem = str(said.error) if said.error is not None else ""
        if not problem and isinstance(reading, Misread):
            problem = reading.problem
        self._logbook.record(
            ModelCall(
                role=asked.prompt.role,
                number=asked.number,
                attempt=asked.attempt,
                model=self._voice.name,
                template_sha256=asked.prompt.template_sha256,
                want=asked.want.__name__,
                way=said.way,
                messages=said.messages,
                answer=said.text,
                problem=problem,
                tokens_in=said.tokens_in,
                tokens_out=said.tokens_out,
                usd=said.usd,
                latency_s=said.latency_s,
            )
        )


def _judged(said: Said, want: type[T]) -> T | Misread:
    if said.problem:
        return Misread(said.problem, shape=False)
    reading = read(said.text, want)
    if isinstance(reading, Misread) and said.cut:
        return Misread("the answer was cut off at its longest length: be briefer", shape=False)
    return reading


def _again(asked: Asked, said: Said, misread: Misread) -> Asked:
    """The next try, with the answer and its mistakes as two more messages."""
    schema = schema_of(asked.want).text if misread.shape and said.way != "plain" else ""
    text = texts.correction(misread.problem, schema)
    # Some chat templates refuse an empty message, and two of one role in a row.
    echo = said.text[:_ECHO] if said.text.strip() else "…"
    corrections = (
        *asked.corrections,
        Message(role="assistant", content=echo),
        Message(role="user", content=text),
    )
    return replace(
        asked, attempt=asked.attempt + 1, corrections=corrections, mistake=misread.problem
    )


def _given_up(voice: Voice, asked: Asked, misread: Misread) -> str:
    tries = "try" if asked.attempt == 1 else "tries"
    return (
        f"{voice.name}, call {asked.number} of the {asked.prompt.role}: no valid "
        f"{asked.want.__name__} in {asked.attempt} {tries}; the last mistake: {misread.problem}; "
        f"take another model for this role (--role {asked.prompt.role}=…)"
    )
