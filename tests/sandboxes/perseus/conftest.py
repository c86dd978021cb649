"""Curves of the shipped profiles, and trials as a host would run them."""

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from curie.domain.system import System
from curie.sandbox.manifest import find, load
from sandboxes.perseus.curves import Curve, Grid
from sandboxes.perseus.model import load_profile
from sandboxes.perseus.pipeline import Pipeline
from sandboxes.perseus.simulate import planning_curves

ROOT = Path(__file__).resolve().parents[3]

Run = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture(scope="session")
def real_curves() -> Callable[..., tuple[Curve, ...]]:
    """What Perseus plans with for a shipped profile, without errors of the profiler."""

    def curves(
        pipeline: Pipeline, name: str = "gpt3_175b_a100", unit_s: float = 0.001
    ) -> tuple[Curve, ...]:
        profile = load_profile(name)
        return planning_curves(pipeline, profile, Grid(unit_s, profile.blocking_power_w))

    return curves


@pytest.fixture(scope="session")
def system() -> System:
    return load(find("perseus"))


@pytest.fixture
def run(tmp_path: Path, system: System) -> Run:
    """Run the program as a host does: its own process, config.json in the folder."""

    def program(*, seed: int = 1, **changes: Any) -> subprocess.CompletedProcess[str]:
        settings = {f.name: f.default for f in system.factors} | {"microbatches": 4} | changes
        config = {"version": 1, "system": "perseus", "seed": seed, "nonce": "abc"}
        (tmp_path / "result.json").unlink(missing_ok=True)
        (tmp_path / "config.json").write_text(json.dumps({**config, "settings": settings}))
        return subprocess.run(
            [sys.executable, "-m", "sandboxes.perseus", str(tmp_path)],
            cwd=ROOT,
            capture_output=True,
            text=True,
            timeout=60,
        )

    return program


@pytest.fixture
def result(tmp_path: Path) -> Callable[[], dict[str, Any]]:
    return lambda: json.loads((tmp_path / "result.json").read_text())
