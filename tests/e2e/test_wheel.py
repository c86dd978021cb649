"""The wheel works where nothing of the checkout is: it brings systems, prompts and questions along.

The environment that it is installed into is new and empty, but for one thing: the dependencies are
borrowed from the environment that runs the tests, by a line in a .pth file. They were installed
from the hashed lock, and downloading them again would take most of a minute. Python does not read
the .pth files of a folder that is added so: the editable curie of the checkout stays out of sight,
which the first test makes sure of.
"""

import json
import os
import subprocess
import sys
import sysconfig
import zipfile
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.shape.sources import ROOT

pytestmark = pytest.mark.slow

QUESTION = "Does Perseus cut the energy of a pipeline-parallel iteration without slowing it down?"


@dataclass(frozen=True)
class Installed:
    """An environment with the wheel, and a home for what it writes."""

    venv: Path
    home: Path

    def run(self, *argv: str, limit_s: float = 60) -> subprocess.CompletedProcess[str]:
        """Run a program of the environment, in an empty folder, without the checkout's paths."""
        kept = {k: v for k, v in os.environ.items() if not k.startswith(("PYTHON", "CURIE", "XDG"))}
        return subprocess.run(
            [str(self.venv / "bin" / argv[0]), *argv[1:]],
            cwd=self.home,
            env={**kept, "HOME": str(self.home), "CURIE_HOME": str(self.home / "curie")},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=limit_s,
        )


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", folder],
        cwd=ROOT,
        check=True,
        capture_output=True,
    )
    (built,) = folder.glob("*.whl")
    return built


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Installed:
    folder = tmp_path_factory.mktemp("installed")
    venv, home = folder / "venv", folder / "home"
    home.mkdir()
    subprocess.run([sys.executable, "-m", "venv", venv], check=True, capture_output=True)
    python = venv / "bin" / "python"
    subprocess.run(
        [python, "-m", "pip", "install", "--quiet", "--no-index", "--no-deps", wheel],
        check=True,
        capture_output=True,
    )
    (packages,) = venv.glob("lib/python3*/site-packages")
    lent = {sysconfig.get_path(kind) for kind in ("purelib", "platlib")}
    (packages / "dependencies.pth").write_text("\n".join(sorted(lent)), encoding="utf-8")
    return Installed(venv=venv, home=home)


def test_the_installed_package_is_the_one_that_runs(installed: Installed) -> None:
    program = "import curie, sandboxes; print(curie.__file__); print(sandboxes.__file__)"
    ran = installed.run("python", "-c", program)
    assert ran.returncode == 0, ran.stderr
    assert all(line.startswith(str(installed.venv)) for line in ran.stdout.splitlines())


def test_every_file_of_the_project_travels(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        travelling = set(archive.namelist())
    places = {
        "curie": "curie",
        "sandboxes": "sandboxes",
        "prompts": "curie/_shipped/prompts",
        "benchmark_questions": "curie/_shipped/benchmark_questions",
    }
    tracked = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", *places],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout.splitlines()
    files = [Path(name) for name in tracked if (ROOT / name).is_file()]
    expected = {f"{places[f.parts[0]]}/{f.relative_to(f.parts[0]).as_posix()}" for f in files}
    assert {f.parts[0] for f in files} == set(places)
    assert expected - travelling == set()


def test_nothing_else_travels(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        tops = {name.split("/")[0] for name in archive.namelist()}
    assert {top for top in tops if not top.endswith(".dist-info")} == {"curie", "sandboxes"}


def test_the_installed_program_knows_the_shipped_systems(installed: Installed) -> None:
    ran = installed.run("curie", "systems", "--json")
    assert ran.returncode == 0, ran.stderr
    systems = {system["name"]: system for system in json.loads(ran.stdout)}
    assert {"perseus", "vector_index", "workbench"} <= set(systems)
    assert all(systems["perseus"][part] for part in ("factors", "metrics", "claims"))


def test_the_installed_program_answers_a_question(installed: Installed) -> None:
    asked = ("curie", "ask", QUESTION, "--sandbox", "process", "--yes", "--json")
    ran = installed.run(*asked, limit_s=300)
    assert ran.returncode == 0, ran.stderr
    answer = json.loads(ran.stdout.splitlines()[-1])
    keys = {"run", "agent", "verdict", "answer", "report", "sandbox", "claims", "without"}
    assert set(answer) == keys
    assert "process" in json.dumps(answer["sandbox"])
    assert Path(answer["report"]).is_file()
    assert {claim["verdict"] for claim in answer["claims"]} == {"supported"}
    for claim in answer["claims"]:
        parts = ("id", "kind", "text", "verdict", "estimate", "low", "high", "unit", "p", "n")
        assert set(claim) == set(parts)
        assert claim["low"] <= claim["estimate"] <= claim["high"]
