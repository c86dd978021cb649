"""Trials of the vector index, small enough for a test."""

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from curie.domain.system import System
from curie.sandbox.manifest import find, load
from sandboxes.vector_index.settings import Trial, read_settings

ROOT = Path(__file__).resolve().parents[3]
SMALL = {"vectors": 2000, "dimensions": 16, "queries": 60, "clusters": 20, "nlist": 16}

Run = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture(scope="session")
def system() -> System:
    return load(find("vector_index"))


@pytest.fixture(scope="session")
def given(system: System) -> Callable[..., dict[str, Any]]:
    """Settings as a host would send them: the defaults, but small, but for what is named."""

    def settings(**changes: Any) -> dict[str, Any]:
        return {**{f.name: f.default for f in system.factors}, **SMALL, **changes}

    return settings


@pytest.fixture(scope="session")
def trial(given: Callable[..., dict[str, Any]]) -> Callable[..., Trial]:
    return lambda **changes: read_settings(given(**changes))


@pytest.fixture
def run(tmp_path: Path, given: Callable[..., dict[str, Any]]) -> Run:
    """Run the program as a host does: its own process, config.json in the folder."""

    def program(*, seed: int = 1, **changes: Any) -> subprocess.CompletedProcess[str]:
        config = {"version": 1, "system": "vector_index", "seed": seed, "nonce": "abc"}
        (tmp_path / "result.json").unlink(missing_ok=True)
        (tmp_path / "config.json").write_text(json.dumps({**config, "settings": given(**changes)}))
        return subprocess.run(
            [sys.executable, "-m", "sandboxes.vector_index", str(tmp_path)],
            cwd=ROOT,
            capture_output=True,
            text=True,
            timeout=120,
        )

    return program


@pytest.fixture
def result(tmp_path: Path) -> Callable[[], dict[str, Any]]:
    return lambda: json.loads((tmp_path / "result.json").read_text())
