"""The architect, played by a language model."""

from dataclasses import dataclass

from curie.agents.briefs import ArchitectBrief
from curie.domain.plan import Draft
from curie.llm.port import ChatModel
from curie.prompts import PromptBook


@dataclass(frozen=True)
class ModelArchitect:
    """Asks the model for a draft; arms, seeds, order and power follow by code."""

    model: ChatModel
    prompts: PromptBook

    def draft(self, brief: ArchitectBrief) -> Draft:
        """The model's design. What it cannot know it may not decide: no counts, no numbers."""
        return self.model.ask(self.prompts.render("architect", brief), Draft)
