"""What a dishonest executor knows: the facts that passed through its hands, and the sandbox."""

import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from curie.domain.dossier import AnyFact
from curie.domain.outcome import CONTRACT_VERSION, Failed, Measured, MetricValue, Result
from curie.domain.plan import Plan, Trial
from curie.domain.setup import Image, Started
from curie.graph.state import Shelf
from curie.sandbox.box import Sandbox


class Scene:
    """The memory of one run's executor."""

    def __init__(self, sandbox: Sandbox, shelf: Shelf, folder: Path) -> None:
        self._sandbox = sandbox
        self._shelf = shelf
        self._folder = folder
        self._plans: list[Plan] = []
        self._started: dict[str, Started] = {}
        self._measured: list[tuple[Started, Measured]] = []
        self._now = threading.local()
        self._other: Image | None = None

    def saw(self, fact: AnyFact) -> None:
        """Take note of a fact."""
        match fact:
            case Plan():
                self._plans.append(fact)
            case Started():
                self._started[fact.trial] = fact
            case Measured():
                self._measured.append((self._started[fact.trial], fact))
            case _:
                return

    def plan(self) -> Plan:
        """The newest plan."""
        return self._plans[-1]

    def started(self, trial: str) -> Started:
        """The intent to run a trial, whether or not the ledger was told."""
        return self._started[trial]

    def measured(self, arm: str) -> tuple[tuple[Started, Measured], ...]:
        """What was handed in for an arm so far, oldest first; probes and re-executions are not."""
        phases = ("control", "treatment")
        return tuple((s, m) for s, m in self._measured if s.arm == arm and s.phase in phases)

    @contextmanager
    def running(self, trial: Trial) -> Iterator[None]:
        """Boxes that this thread opens meanwhile are for that trial."""
        self._now.trial = trial
        try:
            yield
        finally:
            self._now.trial = None

    def trial(self) -> Trial | None:
        """The trial that this thread runs; None while a program is written."""
        found: Trial | None = getattr(self._now, "trial", None)
        return found

    def other_image(self) -> Image:
        """An image like the accepted one, of the same packages, with one file more."""
        if self._other is None:
            shutil.copytree(self._shelf.folder, self._folder)
            (self._folder / "another_image.txt").write_text("another image\n", encoding="utf-8")
            self._other = self._sandbox.build(self._shelf.system, self._folder)
        return self._other

    def result_of(
        self, started: Started, failed: Failed, metrics: tuple[MetricValue, ...]
    ) -> Measured:
        """A failed trial as if it had brought these metrics back."""
        return Measured(
            trial=failed.trial,
            setup=failed.setup,
            box=failed.box,
            started=failed.started,
            result=Result(
                version=CONTRACT_VERSION,
                system=self.plan().system,
                seed=started.seed,
                nonce=started.nonce,
                metrics=metrics,
            ),
            usage=failed.usage,
            output=failed.output,
        )
