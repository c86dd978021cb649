"""All that a role is told: one frozen value a role, nothing by word of mouth."""

from pydantic import Field

from curie.domain.analysis import Analysis
from curie.domain.fact import Fact
from curie.domain.outcome import Failed
from curie.domain.plan import Plan
from curie.domain.question import Question
from curie.domain.setup import Setup, SourceFile
from curie.domain.system import System
from curie.domain.verdict import Verdict
from curie.prompts import Brief


class ArchitectBrief(Brief):
    """For a draft: what is asked, what can be used, and what became of earlier drafts."""

    question: Question
    systems: tuple[System, ...] = Field(min_length=1)
    """Those that may be used: one, if the person or an earlier plan fixed it."""
    tested: tuple[str, ...]
    """Kinds of claim that the statistics can test."""
    earlier: tuple[Plan, ...] = ()
    verdicts: tuple[Verdict, ...] = ()
    """Verdicts that rejected an earlier plan, or what ran on it."""
    comments: tuple[str, ...] = ()
    """What the person said to earlier plans."""
    trials_left: int | None = None


class Action(Fact):
    """What a role did in the box, why, and what came of it."""

    what: str
    came: str
    why: str = ""


class TechnicianBrief(Brief):
    """For one step at the program: the plan, the files so far, and what was tried."""

    plan: Plan
    system: System
    config: str = ""
    """The config.json that lies in the box when the work begins."""
    command_limit_s: float = Field(default=60.0, gt=0)
    files: tuple[SourceFile, ...] = ()
    actions: tuple[Action, ...] = ()
    verdicts: tuple[Verdict, ...] = ()
    failures: tuple[Failed, ...] = ()
    actions_left: int = Field(ge=1)
    dataset: bool = False


class ReviewerBrief(Brief):
    """For an opinion on a setup, after the static checks."""

    plan: Plan
    system: System
    setup: Setup


class AnalystBrief(Brief):
    """For the answer: the analyses, and nothing that was not measured."""

    question: Question
    system: System
    plans: tuple[Plan, ...]
    analyses: tuple[Analysis, ...]
    fields: tuple[str, ...]
    """What may follow `claim.<id>.` in a reference."""
    verdicts: tuple[Verdict, ...] = ()
    """Verdicts that rejected earlier answers."""
    warnings: tuple[str, ...] = ()
    """What the program under test confessed."""


class BaselineBrief(Brief):
    """For one step of the baseline: the question, the box, and what was done so far."""

    question: Question
    system: System
    files: tuple[SourceFile, ...] = ()
    actions: tuple[Action, ...] = ()
    actions_left: int = Field(ge=1)
    commands_left: int | None = None
    command_limit_s: float
    dataset: str | None = None
    """Where the data set lies in the box."""
