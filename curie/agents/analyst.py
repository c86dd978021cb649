"""The analyst, played by a language model: prose from the model, verdict and numbers from code."""

from dataclasses import dataclass

from pydantic import Field, field_validator

from curie.agents.briefs import AnalystBrief
from curie.domain.answer import Answer, Sentence, overall
from curie.domain.binding import unbound_numbers
from curie.domain.fact import Fact
from curie.llm.port import ChatModel
from curie.prompts import PromptBook


class Prose(Fact):
    """What the model is asked for."""

    sentences: tuple[Sentence, ...] = Field(min_length=1, max_length=12)
    limits: tuple[str, ...] = Field(min_length=1, max_length=8)
    """What the trials cannot show. No digits here either."""

    @field_validator("limits")
    @classmethod
    def _no_numbers(cls, limits: tuple[str, ...]) -> tuple[str, ...]:
        loose = [f"{n!r} in {limit[:60]!r}" for limit in limits for n in unbound_numbers(limit)]
        if loose:
            raise ValueError(f"a limit states no number: {', '.join(loose)}; say it in words")
        return limits


@dataclass(frozen=True)
class ModelAnalyst:
    """Asks the model for sentences with references instead of numbers."""

    model: ChatModel
    prompts: PromptBook

    def answer(self, brief: AnalystBrief, *, answer_id: str) -> Answer:
        """The model's sentences under the verdict that the analyses give."""
        prose = self.model.ask(self.prompts.render("analyst", brief), Prose)
        stated = tuple(limit for plan in brief.plans for limit in plan.limits)
        return Answer(
            id=answer_id,
            verdict=overall(a.verdict for a in brief.analyses),
            sentences=prose.sentences,
            limits=tuple(dict.fromkeys((*prose.limits, *stated, *brief.warnings))),
            plan=brief.plans[-1].id,
        )
