"""A question to a person's own system: its files are read, and a cheat in them ends the run."""

import json
from pathlib import Path

import pytest

from curie.app.clock import SystemClock
from curie.domain.setup import Setup, Started
from curie.store import Ledger
from tests.app.test_shelves import own_system
from tests.cli.conftest import Curie, curie, home

__all__ = ["curie", "home"]

pytestmark = pytest.mark.slow

QUESTION = "Does Perseus cut the energy of a pipeline-parallel iteration?"


def test_a_cheat_in_a_persons_own_system_is_refused_once_and_before_any_trial(
    curie: Curie, home: Path, tmp_path: Path
):
    workspace = own_system(tmp_path)
    main = workspace / "__main__.py"
    text = main.read_text(encoding="utf-8")
    calm = "    outcome = run(settings, config.seed)\n"
    assert text.count(calm) == 1
    quiet = f"    try:\n    {calm}    except Exception:\n        return 0\n"
    main.write_text(text.replace(calm, quiet), encoding="utf-8")
    words = ("--workspace", str(workspace), "--sandbox", "process", "--json")
    said = curie("ask", QUESTION, *words, "--without", "results_computed")
    assert said.code == 5, said.err
    ended = json.loads(said.out)
    assert ended["without"] == ["results_computed"]
    with Ledger.open(home / "ledger.db", SystemClock()) as ledger:
        dossier = ledger.dossier(ended["run"])
    (setup,) = dossier.of(Setup)
    assert setup.written_by == "workspace"
    assert dossier.of(Started) == ()
    (verdict,) = dossier.verdicts("setup")
    assert "errors_surface" in {f.check for f in verdict.failures}
    report = Path(ended["report"]).read_text(encoding="utf-8")
    assert "Switched off, so not asked: results_computed" in "\n".join(report.splitlines()[:8])
    assert "--without results_computed" in report


def test_a_switch_that_does_not_exist_is_refused_with_near_names(curie: Curie):
    said = curie("ask", QUESTION, "--without", "results_compute")
    assert (said.code, said.out) == (2, "")
    assert "did you mean results_computed" in said.err
