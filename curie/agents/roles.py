"""The roles, by what they take and give. A language model or plain code may play each."""

from typing import Protocol

from curie.agents.briefs import (
    AnalystBrief,
    ArchitectBrief,
    ReviewerBrief,
    TechnicianBrief,
)
from curie.domain.answer import Answer
from curie.domain.plan import Draft
from curie.domain.setup import SourceFile
from curie.domain.verdict import Opinion
from curie.sandbox.box import Box


class Architect(Protocol):
    """Designs experiments."""

    def draft(self, brief: ArchitectBrief) -> Draft:
        """A design. NotAnswerable where no system at hand can answer the question."""
        ...


class Technician(Protocol):
    """Writes or adapts the program that runs the trials."""

    def write(self, brief: TechnicianBrief, box: Box) -> tuple[SourceFile, ...]:
        """The program's files, tried out in the box."""
        ...


class Reviewer(Protocol):
    """Reads a setup with a sceptic's eye."""

    def review(self, brief: ReviewerBrief) -> Opinion:
        """An opinion, which can stop a setup but never save one."""
        ...


class Analyst(Protocol):
    """Puts the analyses into words."""

    def answer(self, brief: AnalystBrief, *, answer_id: str) -> Answer:
        """The answer, its numbers bound to facts."""
        ...
