"""`curie`: the commands, and the last word on whatever went wrong."""

import os
import signal
import sys
import tempfile
import traceback
from collections.abc import Callable, Mapping
from pathlib import Path
from types import FrameType
from typing import Annotated

import typer

import curie
from curie.app.places import home_now
from curie.cli import asking, auditing, calibrating, checking, reading, trying
from curie.cli.exits import BROKEN, EPILOG
from curie.domain.errors import INTERRUPTED, CurieError

DEBUG = "CURIE_DEBUG"
"""Set to 1, a failure inside curie shows its traceback on stderr."""

COMMANDS: tuple[Callable[..., None], ...] = (
    asking.ask,
    asking.plan,
    asking.resume,
    reading.runs,
    reading.show,
    reading.report,
    reading.systems,
    checking.checks,
    reading.config,
    trying.run,
    trying.doctor,
    calibrating.calibrate,
    auditing.audit,
)
"""In the order of the help; `sandbox build` is in a group of its own."""

_WAIT = b"\ncurie: stopping once the trials that run have ended; Ctrl-C again stops at once\n"
_SHOW_CURSOR = b"\x1b[?25h"
"""The progress line hides it, and cannot bring it back when the process ends at once."""


def _version(asked: bool) -> None:
    if asked:
        typer.echo(f"curie {curie.__version__}")
        raise typer.Exit


def start(
    version: Annotated[
        bool,
        typer.Option("--version", callback=_version, is_eager=True, help="Show it and leave."),
    ] = False,
) -> None:
    """Answer questions about computer systems by controlled experiment."""


def build() -> typer.Typer:
    """The whole command line."""
    app = typer.Typer(
        name="curie",
        rich_markup_mode=None,
        pretty_exceptions_enable=False,
        no_args_is_help=True,
        epilog=EPILOG,
        callback=start,
    )
    for command in COMMANDS:
        app.command()(command)
    sandbox = typer.Typer(rich_markup_mode=None, no_args_is_help=True)
    sandbox.command("build")(trying.build)
    app.add_typer(sandbox, name="sandbox", help="Make what sandboxes are made of.")
    return app


def main() -> None:
    """Run a command, and leave with its exit code."""
    signal.signal(signal.SIGINT, _Interrupt().pressed)
    try:
        build()(prog_name="curie")
    except CurieError as error:
        typer.echo(f"curie: {error}", err=True)
        for note in getattr(error, "__notes__", ()):
            typer.echo(note, err=True)
        sys.exit(error.exit_code)
    except Exception as error:  # noqa: BLE001 - the last word: a person gets a sentence, not a stack
        typer.echo(last_word(error, os.environ), err=True)
        sys.exit(BROKEN)


class _Interrupt:
    """Ctrl-C: once stops gracefully, twice at once."""

    def __init__(self) -> None:
        self._before = False

    def pressed(self, _signal: int, _frame: FrameType | None) -> None:
        if self._before:
            if os.isatty(2):
                os.write(2, _SHOW_CURSOR)
            os._exit(INTERRUPTED)
        self._before = True
        # Not through sys.stderr, whose buffer the interrupted code may be writing to.
        os.write(2, _WAIT)
        raise KeyboardInterrupt


def last_word(error: Exception, environ: Mapping[str, str]) -> str:
    """What a person reads after a mistake of curie's own; its traceback is put into a file."""
    stack = "".join(traceback.format_exception(error))
    if environ.get(DEBUG) == "1":
        return stack
    first = " ".join(str(error).split())[:200]
    sentence = f"curie: something broke inside: {type(error).__name__}: {first}"
    kept = _keep(stack, home_now(environ) / "crashes")
    where = f"its traceback is in {kept}" if kept else f"set {DEBUG}=1 to see its traceback"
    return f"{sentence}\n{where}; please report it with this file"


def _keep(stack: str, folder: Path) -> Path | None:
    """The file with the traceback, for its owner only; None where it cannot be written."""
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        descriptor, name = tempfile.mkstemp(dir=folder, prefix="crash-", suffix=".txt", text=True)
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write(stack)
    except OSError:
        return None
    return Path(name)


if __name__ == "__main__":
    main()
