"""One command that the baseline ran in its box."""

from typing import Literal

from pydantic import Field

from curie.domain.fact import Fact


class Command(Fact):
    """A command and what came of it: no trial, for no plan stands behind it."""

    fact: Literal["command"] = "command"
    number: int = Field(ge=1)
    """Which command of this run."""
    box: str
    command: str
    """As it was given."""
    exit_code: int | None = None
    timed_out: bool = False
    wall_s: float = Field(ge=0)
    output: str = ""
    """As the model was shown it."""
