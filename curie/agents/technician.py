"""The technician, played by a language model: a short loop of write, read and run in a box."""

import hashlib
import shlex
from dataclasses import dataclass
from typing import Annotated, Literal

from pydantic import Field

from curie.agents.briefs import Action, TechnicianBrief
from curie.domain.errors import ModelMisbehaved, UsageError
from curie.domain.fact import Fact
from curie.domain.setup import SourceFile
from curie.llm.port import ChatModel
from curie.prompts import PromptBook
from curie.sandbox.box import Box, Ran

MAX_ACTIONS = 16
SHOWN = 3000
"""Characters of a file or of output that the technician is shown of one action."""
READ_LIMIT = 200_000
COMMAND_LIMIT_S = 60.0
PROGRAM = "program.py"


class WriteFile(Fact):
    """Put a whole file into the folder, over any file of that name."""

    do: Literal["write"] = "write"
    path: str
    content: str


class ReadFile(Fact):
    """Show a file of the folder."""

    do: Literal["read"] = "read"
    path: str


class RunCommand(Fact):
    """Run a command in the folder: words as for a shell, but no pipes and no redirection."""

    do: Literal["run"] = "run"
    command: str


class Finish(Fact):
    """The program is complete and was tried."""

    do: Literal["finish"] = "finish"


class Step(Fact):
    """What the model is asked for: one action, and why."""

    why: str
    action: Annotated[WriteFile | ReadFile | RunCommand | Finish, Field(discriminator="do")]


@dataclass(frozen=True)
class ModelTechnician:
    """Lets the model work in a box until it says that the program is complete."""

    model: ChatModel
    prompts: PromptBook

    def write(self, brief: TechnicianBrief, box: Box) -> tuple[SourceFile, ...]:
        """The program's files. ModelMisbehaved when it never finished one."""
        brief = brief.but(command_limit_s=COMMAND_LIMIT_S)
        files = {f.path: f for f in brief.files}
        actions: list[Action] = list(brief.actions)
        for left in range(MAX_ACTIONS, 0, -1):
            told = brief.but(files=tuple(files.values()), actions=tuple(actions), actions_left=left)
            step = self.model.ask(self.prompts.render("technician", told), Step)
            if isinstance(step.action, Finish) and PROGRAM in files:
                return tuple(files[path] for path in sorted(files))
            actions.append(_act(step.action, box, files))
        raise ModelMisbehaved(
            f"the technician did not finish {PROGRAM} within {MAX_ACTIONS} actions; "
            f"its last one: {actions[-1].what}: {actions[-1].came[:200]}"
        )


def _act(
    action: WriteFile | ReadFile | RunCommand | Finish, box: Box, files: dict[str, SourceFile]
) -> Action:
    """One action in the box. What the model did wrong is told to it, not raised."""
    match action:
        case WriteFile(path=path, content=content):
            return Action(what=f"write {path}", came=write_file(box, path, content, files))
        case ReadFile(path=path):
            return Action(what=f"read {path}", came=read_file(box, path))
        case RunCommand(command=command):
            ran = run_command(box, command, timeout_s=COMMAND_LIMIT_S)
            return Action(what=f"run {command}", came=ran if isinstance(ran, str) else shown(ran))
        case Finish():
            return Action(what="finish", came=f"there is no {PROGRAM} yet; write it first")


def write_file(box: Box, path: str, content: str, files: dict[str, SourceFile]) -> str:
    """Put a file into the box and among `files`; what came of it, in words."""
    try:
        box.write(path, content.encode())
    except UsageError as error:
        return f"refused: {error}"
    files[path] = source_file(path, content)
    return f"{len(content.splitlines())} lines written"


def read_file(box: Box, path: str) -> str:
    """A file of the box as a role is shown it, or why it cannot be."""
    try:
        return _cut(box.read(path, limit_bytes=READ_LIMIT).decode(errors="replace"))
    except (FileNotFoundError, UsageError) as error:
        return f"refused: {error}"


def run_command(box: Box, command: str, *, timeout_s: float) -> Ran | str:
    """What became of a command, or why it was refused."""
    try:
        argv = shlex.split(command)
    except ValueError as error:
        return f"refused: {error}"
    if not argv:
        return "refused: an empty command"
    return box.exec(argv, timeout_s=timeout_s)


def shown(ran: Ran) -> str:
    """A command's end and output as a role is shown it."""
    end = "ran out of time" if ran.timed_out else f"exit code {ran.exit_code}"
    parts = [end]
    if ran.stdout.strip():
        parts.append(f"stdout:\n{_cut(ran.stdout.strip())}")
    if ran.stderr.strip():
        parts.append(f"stderr:\n{_cut(ran.stderr.strip())}")
    return "\n".join(parts)


def _cut(text: str) -> str:
    if len(text) <= SHOWN:
        return text
    half = SHOWN // 2
    return f"{text[:half]}\n… {len(text) - SHOWN} characters cut …\n{text[-half:]}"


def source_file(path: str, text: str) -> SourceFile:
    """A file of a program, pinned by its hash."""
    return SourceFile(path=path, sha256=hashlib.sha256(text.encode()).hexdigest(), text=text)
