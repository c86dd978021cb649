"""The end of a run: sentences bound to facts."""

from typing import Literal

from pydantic import Field

from curie.domain.fact import Fact


class Sentence(Fact):
    """One sentence of the answer. Numbers stand as references: `{{ claim.c1.estimate }}`."""

    text: str = Field(min_length=1)
    claims: tuple[str, ...] = ()
    """The hypotheses that it speaks of."""


class Answer(Fact):
    """What the question is answered with."""

    fact: Literal["answer"] = "answer"
    id: str
    verdict: Literal["supported", "refuted", "mixed", "inconclusive", "gave_up"]
    """Of the question as a whole; gave_up: no validated answer, and the limits say why."""
    sentences: tuple[Sentence, ...] = Field(min_length=1)
    limits: tuple[str, ...] = ()
    plan: str | None = None
