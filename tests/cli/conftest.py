"""A home folder with a run in its ledger, and the command line as a person starts it."""

import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from curie.app.clock import SystemClock
from curie.domain.dossier import Opened
from curie.domain.plan import Frozen
from curie.store import Ledger
from tests.report import dossiers as d

Curie = Callable[..., "Said"]


@dataclass(frozen=True)
class Said:
    """What a command left behind."""

    code: int
    out: str
    err: str


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "home"


@pytest.fixture
def curie(home: Path, tmp_path: Path) -> Curie:
    """Runs `curie …` in a process of its own, with nothing of the person's environment."""

    def call(*words: str, stdin: str = "", seconds: int = 120, **environ: str) -> Said:
        done = subprocess.run(
            [sys.executable, "-W", "error", "-m", "curie.cli.main", *words],
            input=stdin,
            capture_output=True,
            text=True,
            timeout=seconds,
            cwd=tmp_path,
            env={
                "PATH": os.environ["PATH"],
                "HOME": str(tmp_path),
                "PYTHONPATH": str(Path(__file__).resolve().parents[2]),
                "CURIE_HOME": str(home),
                **environ,
            },
        )
        return Said(done.returncode, done.stdout, done.stderr)

    return call


RUN = "20260301-0930-kqzp"
OTHER_RUN = "20260302-1015-mmmm"


@pytest.fixture
def told(home: Path) -> str:
    """The id of an answered run that is in the ledger of the home folder."""
    write_run(home, RUN)
    return RUN


def write_run(home: Path, run: str, *, until: int | None = None) -> None:
    """Put the first facts of the run on vector_index, or all, into the ledger."""
    with Ledger.open(home / "ledger.db", SystemClock()) as ledger:
        for author, fact in d.facts()[:until]:
            role = "loop" if isinstance(fact, Opened | Frozen) else author
            ledger.writer(run, role).add(fact)
