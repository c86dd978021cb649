"""What a person finds without reading anything: help, version, completion, exit codes."""

import pytest

from curie.cli.exits import MEANINGS
from tests.cli.conftest import Curie

COMMANDS = (
    "ask", "plan", "runs", "show", "report", "systems", "run", "doctor", "config", "resume",
    "sandbox", "checks", "audit", "calibrate",
)  # fmt: skip
HEAVY = (
    "pydantic", "sqlmodel", "sqlalchemy", "langgraph", "scipy", "numpy", "matplotlib", "openai",
    "docker", "rich", "jinja2",
)  # fmt: skip


def test_the_help_lists_every_command(curie: Curie):
    said = curie("--help")
    assert said.code == 0
    listed = {line.split()[0] for line in said.out.splitlines() if line.startswith("  ")}
    assert listed >= set(COMMANDS)


def test_the_help_explains_every_exit_code(curie: Curie):
    out = curie("--help").out
    codes = [int(line.split()[0]) for line in out.splitlines() if line.strip()[:1].isdigit()]
    assert codes == [0, 1, 2, 3, 4, 5, 130]
    assert all(text in out for _, text in MEANINGS)


def test_ask_has_the_options_that_the_readme_promises(curie: Curie):
    out = curie("ask", "--help").out
    promised = (
        "--model", "--role", "--system", "--workspace", "--dataset", "--budget-usd", "--strict",
        "--budget-trials", "--budget-minutes", "--approve", "--yes", "--sandbox", "--workers",
        "--price", "--allow-unknown-price", "--json", "--home",
    )  # fmt: skip
    assert [option for option in promised if option not in out] == []


@pytest.mark.parametrize("words", [["--help"], ["ask", "--help"], ["--version"]])
def test_help_waits_for_no_heavy_library(curie: Curie, words: list[str]):
    loaded = curie(*words, PYTHONPROFILEIMPORTTIME="1").err
    names = {line.rpartition("|")[2].strip() for line in loaded.splitlines()}
    # Typer reads the numbers of a command's own options with pydantic.
    own = {"pydantic"} if words[0] == "ask" else set()
    assert names & set(HEAVY) - own == set()
    assert "typer" in names


def test_the_version_is_the_packages(curie: Curie):
    import curie as package

    assert curie("--version").out == f"curie {package.__version__}\n"


def complete(curie: Curie, *words: str, **environ: str) -> list[str]:
    """What bash would offer for the last of these words."""
    asked = {"COMP_WORDS": " ".join(("curie", *words)), "COMP_CWORD": str(len(words))}
    return curie(_CURIE_COMPLETE="complete_bash", **asked, **environ).out.split()


def test_systems_and_runs_complete(curie: Curie, home):
    for name in ("20260301-0930-kqzp", "20260302-1015-mmmm"):
        (home / "runs" / name).mkdir(parents=True)
    assert complete(curie, "systems", "per") == ["perseus"]
    assert complete(curie, "show", "20260301") == ["20260301-0930-kqzp"]
    assert complete(curie, "resume", "2026") == ["20260302-1015-mmmm", "20260301-0930-kqzp"]


def test_completion_is_silent_where_there_is_no_home(curie: Curie):
    assert complete(curie, "show", "2026", CURIE_HOME="/nonexistent") == []
    assert complete(curie, "show", "--home", "/nonexistent", "2026") == []


def test_a_command_that_does_not_exist_is_a_usage_error(curie: Curie):
    said = curie("aks")
    assert said.code == 2
    assert said.out == ""
    assert "aks" in said.err
