"""The folder in which everything of a person lies, and the ledger in it."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from curie.app.clock import SystemClock
from curie.app.places import RUNS
from curie.store import Ledger


@dataclass(frozen=True)
class Home:
    """Where things lie under the home folder."""

    root: Path

    @property
    def ledger(self) -> Path:
        """The facts of all runs."""
        return self.root / "ledger.db"

    @property
    def checkpoints(self) -> Path:
        """The cursors of all runs."""
        return self.root / "checkpoints.db"

    @property
    def sandbox(self) -> Path:
        """Packages, staged files and process boxes."""
        return self.root / "sandbox"

    def run(self, run: str) -> Path:
        """The folder of one run: its request and its report."""
        return self.root / RUNS / run


@contextmanager
def open_ledger(home: Home) -> Iterator[Ledger]:
    """The ledger, given back in the end."""
    with Ledger.open(home.ledger, SystemClock()) as ledger:
        yield ledger
