"""How long `curie --help` takes."""

import subprocess
import sys
from functools import partial

from pydantic import BaseModel, ConfigDict

from tests.performance.ways import Times, in_turns, stopwatch, times

_CONSOLE_SCRIPT = "import sys; from curie.cli.main import main; sys.exit(main())"
"""What the installed `curie` does."""


class Start(BaseModel):
    """One command of a fresh interpreter."""

    model_config = ConfigDict(frozen=True)

    command: str
    wall: Times


def starts(*, repeats: int) -> tuple[Start, ...]:
    """`curie --help` beside an interpreter that does nothing."""
    taken = in_turns(
        {
            "curie --help": partial(_time, _CONSOLE_SCRIPT, "--help"),
            "python -c pass": partial(_time, "pass"),
        },
        repeats=repeats,
    )
    return tuple(Start(command=name, wall=times(seconds)) for name, seconds in taken.items())


def _time(*words: str) -> float:
    argv = (sys.executable, "-c", *words)
    return stopwatch(partial(subprocess.run, argv, check=True, capture_output=True))
