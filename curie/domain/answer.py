"""The end of a run: sentences bound to facts."""

from collections.abc import Iterable
from typing import Literal

from pydantic import Field

from curie.domain.analysis import ClaimVerdict
from curie.domain.claim import Claim
from curie.domain.fact import Fact


class Sentence(Fact):
    """One sentence of the answer. Numbers stand as references: `{{ claim.c1.estimate }}`."""

    text: str = Field(min_length=1)
    claims: tuple[str, ...] = ()
    """The hypotheses that it speaks of."""


class Stated(Fact):
    """A claim with its verdict and numbers as somebody types them: no analysis stands behind it."""

    id: str = Field(pattern=r"^c[0-9]+$")
    claim: Claim
    verdict: ClaimVerdict
    estimate: float | None
    low: float | None
    high: float | None
    """A confidence interval, where one was worked out."""
    unit: str
    p: float | None = Field(ge=0, le=1)
    n: int = Field(ge=0)
    """Measurements that it rests on."""


class Answer(Fact):
    """What the question is answered with."""

    fact: Literal["answer"] = "answer"
    id: str
    verdict: Literal["supported", "refuted", "mixed", "inconclusive", "gave_up"]
    """Of the question as a whole; gave_up: no validated answer, and the limits say why."""
    sentences: tuple[Sentence, ...] = Field(min_length=1)
    limits: tuple[str, ...] = ()
    plan: str | None = None
    stated: tuple[Stated, ...] = ()
    """What the baseline claims. Others state nothing: their claims are analyses."""


def overall(
    verdicts: Iterable[ClaimVerdict],
) -> Literal["supported", "refuted", "mixed", "inconclusive"]:
    """The verdict of a question whose claims came out like this: their own if they agree."""
    distinct = set(verdicts)
    if len(distinct) == 1:
        return distinct.pop()
    return "mixed" if distinct else "inconclusive"
