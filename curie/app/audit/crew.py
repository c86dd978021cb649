"""A crew that hands in what a case says."""

from dataclasses import dataclass

from curie.agents.briefs import AnalystBrief, ArchitectBrief, TechnicianBrief
from curie.agents.builtin.analyst import BuiltinAnalyst
from curie.app.audit.case import Case, Spoken
from curie.domain.answer import Answer
from curie.domain.plan import Draft
from curie.domain.setup import SourceFile
from curie.graph.state import Crew
from curie.sandbox.box import Box


@dataclass(frozen=True)
class HandedDraft:
    """An architect with one draft."""

    case: Case

    def draft(self, brief: ArchitectBrief) -> Draft:
        """That draft."""
        return self.case.draft


@dataclass(frozen=True)
class HandedProgram:
    """A technician with one program, which it does not try."""

    case: Case

    def write(self, brief: TechnicianBrief, box: Box) -> tuple[SourceFile, ...]:
        """That program."""
        return self.case.files


@dataclass(frozen=True)
class HandedAnswer:
    """An analyst with one answer, whatever was found."""

    spoken: Spoken

    def answer(self, brief: AnalystBrief, *, answer_id: str) -> Answer:
        """That answer."""
        return Answer(
            id=answer_id,
            verdict=self.spoken.verdict,
            sentences=self.spoken.sentences,
            limits=self.spoken.limits,
            plan=brief.plans[-1].id,
        )


def crew_of(case: Case) -> Crew:
    """Who plays the roles in a case; nobody reviews, so that the checks judge alone."""
    return Crew(
        architect=HandedDraft(case),
        technician=HandedProgram(case),
        analyst=HandedAnswer(case.answer) if case.answer else BuiltinAnalyst(),
    )
