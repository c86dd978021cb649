"""Progress on a terminal: the phase, trials done and left, time left, and what was spent."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from rich.console import Console
    from rich.progress import TaskID

    from curie.graph.state import Event

PHASES = {
    "plan": "designing",
    "vet_plan": "checking the plan",
    "approve": "waiting for you",
    "freeze": "freezing the plan",
    "prepare": "preparing",
    "probe": "probing the program",
    "vet_setup": "checking the program",
    "control": "measuring the control",
    "vet_control": "checking the control",
    "treat": "measuring the treatments",
    "reexecute": "measuring some again",
    "vet_evidence": "checking the evidence",
    "analyse": "analysing",
    "conclude": "concluding",
    "vet_answer": "checking the answer",
    "close": "closing",
    "give_up": "giving up",
}
"""What each step is called on the screen; one without a name shows as itself."""


class Onlooker(Protocol):
    """A watch that can step aside while a person is asked."""

    def tell(self, event: "Event") -> None:
        """Take note."""
        ...

    def aside(self) -> None:
        """Leave the terminal alone until the next event."""
        ...


class Nobody:
    """Looks on where there is no terminal, and says nothing."""

    def tell(self, event: "Event") -> None:
        """Nothing."""

    def aside(self) -> None:
        """Nothing."""


class Screen:
    """A line that changes in place; texts of a phase without trials stand above it."""

    def __init__(self, console: "Console") -> None:
        from rich.progress import (
            BarColumn,
            Progress,
            SpinnerColumn,
            TextColumn,
            TimeElapsedColumn,
            TimeRemainingColumn,
        )

        self._line = Progress(
            SpinnerColumn(),
            TextColumn("{task.description}", markup=False),
            BarColumn(bar_width=24),
            TextColumn("{task.fields[trials]}", markup=False),
            TimeElapsedColumn(),
            TextColumn("left"),
            TimeRemainingColumn(),
            TextColumn("{task.fields[spend]}", markup=False),
            console=console,
            transient=True,
        )
        self._task: TaskID | None = None
        self._step = ""

    def tell(self, event: "Event") -> None:
        """Show where the run is."""
        self._line.start()
        if self._task is None or event.step != self._step:
            self._begin(event)
        if event.total == 0 and event.says:
            self._line.console.print(event.says, markup=False, highlight=False)
        assert self._task is not None
        self._line.update(
            self._task,
            completed=event.done,
            total=event.total or None,
            trials=_trials(event),
            spend=f"${event.usd:.4f}" if event.usd else "",
        )

    def aside(self) -> None:
        """Take the line away, so that a person can type."""
        self._line.stop()

    def _begin(self, event: "Event") -> None:
        if self._task is not None:
            self._line.remove_task(self._task)
        self._step = event.step
        phase = PHASES.get(event.step, event.step)
        self._task = self._line.add_task(phase, total=None, trials="", spend="")


@contextmanager
def looking_on() -> Iterator[Onlooker]:
    """A screen where stderr is a terminal, else nobody; the terminal is left as it was."""
    if not sys.stderr.isatty():
        yield Nobody()
        return
    from rich.console import Console

    screen = Screen(Console(stderr=True))
    try:
        yield screen
    finally:
        screen.aside()


def _trials(event: "Event") -> str:
    if not event.total:
        return ""
    return f"{event.done} of {event.total} trials, {event.total - event.done} left"
