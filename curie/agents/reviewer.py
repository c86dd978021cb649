"""The reviewer, played by a language model. Its opinion can stop a setup but never save one."""

from dataclasses import dataclass

from pydantic import Field

from curie.agents.briefs import ReviewerBrief
from curie.domain.fact import Fact
from curie.domain.verdict import Opinion
from curie.llm.port import ChatModel
from curie.prompts import PromptBook


class Review(Fact):
    """What the model is asked for."""

    concerns: tuple[str, ...] = Field(default=(), max_length=10)
    """Each concern: which file and line, what is wrong, and which metric it would falsify."""
    trustworthy: bool
    """False only if a concern would make a measured value wrong or the comparison unfair."""


@dataclass(frozen=True)
class ModelReviewer:
    """Asks the model to read the program before it is run."""

    model: ChatModel
    prompts: PromptBook

    def review(self, brief: ReviewerBrief) -> Opinion:
        """The model's opinion of the setup."""
        review = self.model.ask(self.prompts.render("reviewer", brief), Review)
        return Opinion(
            setup=brief.setup.id, trustworthy=review.trustworthy, concerns=review.concerns
        )
