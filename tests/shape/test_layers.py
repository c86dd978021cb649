"""The arrows between packages, held by import-linter, and shown to hold by breaking them."""

import ast
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.shape.sources import ROOT, sources


def linted(folder: Path) -> subprocess.CompletedProcess[str]:
    """What import-linter says of the project in a folder."""
    program = (
        "import sys; from importlinter.cli import lint_imports; "
        "sys.exit(lint_imports(no_cache=True))"
    )
    return subprocess.run(
        [sys.executable, "-c", program],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(folder), "COLUMNS": "200"},
        capture_output=True,
        text=True,
    )


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The Python files of the project, to be broken."""
    folder = tmp_path_factory.mktemp("project")
    shutil.copy(ROOT / "pyproject.toml", folder)
    for source in sources("curie", "sandboxes"):
        target = folder / source.name
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(source.path, target)
    return folder


def test_every_contract_is_kept() -> None:
    ran = linted(ROOT)
    assert ran.returncode == 0, ran.stdout + ran.stderr
    assert " 0 broken" in ran.stdout


BREACHES = {
    "an arrow upwards": ("curie/domain/x.py", "import curie.app", "Arrows point down"),
    "an arrow between siblings": ("curie/stats/x.py", "import curie.store", "Arrows point down"),
    "a package of no layer": ("curie/extra/__init__.py", "", "Arrows point down"),
    "an agent with a ledger": ("curie/agents/x.py", "import curie.store", "Agents see models"),
    "an agent with an engine": (
        "curie/agents/x.py",
        "import curie.sandbox.docker",
        "Agents see models",
    ),
    "a system that knows curie": ("sandboxes/perseus/x.py", "import curie.domain", "curie and"),
    "curie that knows a system": ("curie/app/x.py", "import sandboxes.perseus", "curie and"),
    "a system that knows another": (
        "sandboxes/perseus/x.py",
        "import sandboxes.vector_index",
        "The systems do not know each other",
    ),
    "langgraph elsewhere": ("curie/app/x.py", "import langgraph.graph", "Only the loop knows"),
    "sqlmodel elsewhere": ("curie/app/x.py", "from sqlmodel import select", "Only the ledger"),
    "sqlalchemy elsewhere": ("curie/bench/x.py", "import sqlalchemy", "Only the ledger knows"),
    "typer elsewhere": ("curie/app/x.py", "import typer", "Only the command line knows typer"),
    "docker elsewhere": ("curie/fleet/x.py", "import docker", "Only the sandbox knows docker"),
    "openai elsewhere": ("curie/agents/x.py", "import openai", "Only the model port knows openai"),
    "templates elsewhere": ("curie/app/x.py", "import jinja2", "Only texts for people"),
    "drawing elsewhere": ("curie/stats/x.py", "import matplotlib", "Only the report draws"),
    "a clock in the middle": ("curie/rigor/x.py", "import time", "The middle has no clock"),
    "a process in the middle": ("curie/report/x.py", "import subprocess", "The middle has no"),
    "a file in a check": ("curie/rigor/x.py", "import tempfile", "Nouns, checks and"),
    "numbers in the nouns": ("curie/domain/x.py", "import numpy", "Nouns know no library"),
}


@pytest.mark.parametrize("breach", BREACHES)
def test_a_breach_is_found(copy: Path, breach: str) -> None:
    where, text, contract = BREACHES[breach]
    path = copy / where
    path.parent.mkdir(exist_ok=True)
    path.write_text(f'"""A breach."""\n{text}\n', encoding="utf-8")
    try:
        ran = linted(copy)
    finally:
        path.unlink()
        if not any(path.parent.iterdir()):
            path.parent.rmdir()
    broken = [line for line in ran.stdout.splitlines() if " BROKEN" in line]
    assert ran.returncode == 1, ran.stdout + ran.stderr
    assert any(line.startswith(contract) for line in broken), broken


def test_the_contract_of_the_systems_needs_nothing_but_python() -> None:
    imported = {
        (node.module or "") if isinstance(node, ast.ImportFrom) else name.name
        for s in sources("sandboxes/contract")
        for node in ast.walk(s.tree)
        if isinstance(node, ast.Import | ast.ImportFrom)
        for name in node.names
    }
    assert {name.split(".")[0] for name in imported} <= sys.stdlib_module_names
