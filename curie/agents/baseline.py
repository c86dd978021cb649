"""The baseline: one model in one box, without plan, gates or statistics of curie's.

It is what most agents do today. It is here so that anybody can measure what the rigor buys.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from curie.agents.briefs import Action, BaselineBrief
from curie.agents.technician import (
    ReadFile,
    RunCommand,
    WriteFile,
    read_file,
    run_command,
    shown,
    write_file,
)
from curie.domain.answer import Answer, Sentence, Stated
from curie.domain.claim import is_open
from curie.domain.command import Command
from curie.domain.errors import ModelMisbehaved
from curie.domain.fact import Fact
from curie.domain.setup import SourceFile
from curie.llm.port import ChatModel
from curie.prompts import PromptBook
from curie.sandbox.box import Box

MAX_ACTIONS = 40
COMMAND_LIMIT_S = 300.0
"""Longer than a trial may take, for one command may hold a whole experiment."""


class FinishAnswer(Fact):
    """The answer to the question; it ends the work."""

    do: Literal["finish"] = "finish"
    verdict: Literal["supported", "refuted", "mixed", "inconclusive"]
    """Of the question as a whole: that of its claims, mixed where they differ."""
    sentences: tuple[Annotated[str, Field(min_length=1)], ...] = Field(min_length=1, max_length=12)
    claims: tuple[Stated, ...] = Field(max_length=12)
    limits: tuple[str, ...] = Field(max_length=8)

    @model_validator(mode="after")
    def _sound(self) -> Self:
        ids = [c.id for c in self.claims]
        if len(set(ids)) != len(ids):
            raise ValueError(f"a claim's id is used twice: {ids}")
        unsaid = [c.id for c in self.claims if is_open(c.claim) and c.verdict != "inconclusive"]
        if unsaid:
            raise ValueError(f"{', '.join(unsaid)}: the claim leaves out its answer; state it")
        return self


class Move(Fact):
    """What the model is asked for: one action, and why."""

    why: str
    action: Annotated[
        WriteFile | ReadFile | RunCommand | FinishAnswer, Field(discriminator="do")
    ]  # fmt: skip


@dataclass(frozen=True)
class Worked:
    """What came of it: the answer, and the files as they were in the end."""

    answer: Answer
    files: tuple[SourceFile, ...]


@dataclass
class _Desk:
    """The box and what was done in it."""

    box: Box
    record: Callable[[Command], None]
    commands_left: int | None
    files: dict[str, SourceFile]
    actions: list[Action] = field(default_factory=list)
    commands: int = 0

    def act(self, why: str, action: WriteFile | ReadFile | RunCommand) -> None:
        match action:
            case WriteFile(path=path, content=content):
                what, came = f"write {path}", write_file(self.box, path, content, self.files)
            case ReadFile(path=path):
                what, came = f"read {path}", read_file(self.box, path)
            case RunCommand(command=command):
                what, came = f"run {command}", self._run(command)
        self.actions.append(Action(what=what, came=came, why=why))

    def _run(self, command: str) -> str:
        if self.commands_left == 0:
            return "refused: no command is left"
        where = self.box.id
        ran = run_command(self.box, command, timeout_s=COMMAND_LIMIT_S)
        if isinstance(ran, str):
            return ran
        self.commands += 1
        if self.commands_left is not None:
            self.commands_left -= 1
        came = shown(ran)
        self.record(
            Command(
                number=self.commands,
                box=where,
                command=command,
                exit_code=ran.exit_code,
                timed_out=ran.timed_out,
                wall_s=ran.wall_s,
                output=came,
            )
        )
        return came


@dataclass(frozen=True)
class ModelBaseline:
    """Lets the model work in a box until it answers; nobody checks what it says."""

    model: ChatModel
    prompts: PromptBook

    def work(
        self,
        brief: BaselineBrief,
        box: Box,
        *,
        record: Callable[[Command], None],
        on_time: Callable[[], None],
    ) -> Worked:
        """The model's answer. `record` is told of each command, `on_time` may stop the work.

        ModelMisbehaved when it never answered.
        """
        desk = _Desk(box, record, brief.commands_left, {f.path: f for f in brief.files})
        for left in range(MAX_ACTIONS, 0, -1):
            on_time()
            told = brief.but(
                files=tuple(desk.files.values()),
                actions=tuple(desk.actions),
                actions_left=left,
                commands_left=desk.commands_left,
            )
            move = self.model.ask(self.prompts.render("baseline", told), Move)
            if isinstance(move.action, FinishAnswer):
                files = tuple(desk.files[path] for path in sorted(desk.files))
                return Worked(_answer(move.action), files)
            desk.act(move.why, move.action)
        raise ModelMisbehaved(
            f"the baseline did not answer within {MAX_ACTIONS} actions; "
            f"its last one: {desk.actions[-1].what}: {desk.actions[-1].came[:200]}"
        )


def _answer(said: FinishAnswer) -> Answer:
    return Answer(
        id="a1",
        verdict=said.verdict,
        sentences=tuple(Sentence(text=text) for text in said.sentences),
        limits=said.limits,
        stated=said.claims,
    )
