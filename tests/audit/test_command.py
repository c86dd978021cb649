"""`curie audit` over a tiny corpus, and over a few cases of the real one."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.audit.test_corpus import TINY
from tests.cli.conftest import Curie
from tests.shape.sources import ROOT

pytestmark = pytest.mark.slow


def audit(curie: Curie, home: Path, *words: str) -> tuple[int, dict[str, Any]]:
    given = ("--cases", str(TINY), "--home", str(home), "--workers", "2", "--json")
    said = curie("audit", *given, *words, seconds=400)  # the first one unpacks packages
    return said.code, json.loads(said.out) if said.out else {"err": said.err}


def test_the_command_counts_and_names(curie: Curie, shared: Path):
    code, found = audit(curie, shared)
    assert code == 0
    assert found["cheats"] == {"n": 4, "stopped": 4}
    assert found["honest"] == {"n": 1, "stopped": 0}
    ours, theirs = found["development"], found["held_out"]
    assert (ours["cheats"], ours["honest"]) == ({"n": 3, "stopped": 3}, {"n": 1, "stopped": 0})
    assert (theirs["cheats"], theirs["honest"]) == ({"n": 1, "stopped": 1}, {"n": 0, "stopped": 0})
    assert found["families"]["patched"] == {"n": 1, "stopped": 1}
    assert (found["missed"], found["false_alarms"], found["broken"]) == ([], [], [])
    assert (found["without"], found["sandbox"]) == ([], "process")


def test_the_command_writes_a_report_and_holds_to_a_demand(
    curie: Curie, shared: Path, tmp_path: Path
):
    words = ["--only", "evidence_edited", "--only", "as_it_is"]
    for check in ("reexecution_agrees", "probes_repeated"):
        words += ["--without", check]
    more = ("--report", str(tmp_path / "audit"), "--demand", "0.97,0.02")
    code, found = audit(curie, shared, *words, *more)
    assert code == 1
    assert found["without"] == ["reexecution_agrees", "probes_repeated"]
    assert [(m["case"], m["half"], m["why"]) for m in found["missed"]] == [
        ("cheats/development/evidence_edited/a_tenth_off", "development", "supported")
    ]
    report = (tmp_path / "audit/report.md").read_text(encoding="utf-8")
    assert "with reexecution_agrees, probes_repeated switched off" in report
    assert "cheats/development/evidence_edited/a_tenth_off" in report
    assert json.loads((tmp_path / "audit/audit.json").read_text(encoding="utf-8")) == found


def test_the_ablations_are_one_table(curie: Curie, shared: Path):
    words = ("--home", str(shared), "--only", "made_up", "--ablations")
    said = curie("audit", "--cases", str(TINY), *words)
    assert said.code == 0, said.err
    rows = [line.split("  ")[0] for line in said.out.splitlines()]
    assert rows[rows.index("without") + 1 :][:4] == ["nothing", "intra", "inter", "intra, inter"]


@pytest.mark.parametrize(
    ("words", "part"),
    [
        (["--only", "nothing_like_it"], "no case, family or path of the corpus is like this"),
        (["--half", "held_out", "--only", "made_up"], "no case is left"),
        (["--without", "seeds_obey"], "did you mean seeds_obeyed"),
        (["--ablations", "--without", "intra"], "leave --without out"),
        (["--demand", "a lot"], "give two shares"),
        (["--demand", "97,2"], "shares lie between 0 and 1"),
        (["--cases", "nowhere"], "holds no folder `experiments`"),
    ],
)  # fmt: skip
def test_what_cannot_be_audited_is_said(curie: Curie, words: list[str], part: str):
    said = curie("audit", "--cases", str(TINY), *words)
    assert (said.code, said.out) == (2, "")
    assert part in said.err
    assert "Traceback" not in said.err


def test_after_ctrl_c_what_has_ended_is_counted(shared: Path, tmp_path: Path):
    words = ("audit", "--cases", str(TINY), "--home", str(shared), "--workers", "1", "--json")
    with subprocess.Popen(
        [sys.executable, "-m", "curie.cli.main", *words],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    ) as process:
        assert process.stderr is not None
        for line in process.stderr:
            if line.startswith("[1/5]"):
                break
        os.killpg(process.pid, signal.SIGINT)
        out, err = process.communicate(timeout=100)
    assert process.returncode == 130, err
    found = json.loads(out)
    assert 1 <= found["tried"] < found["planned"] == 5
    assert found["broken"] == []


SABOTAGE = ROOT / "tests/sabotage"


@pytest.mark.skipif(not SABOTAGE.is_dir(), reason="the corpus is not in this checkout")
def test_a_dozen_cases_of_the_real_corpus_come_to_an_end(curie: Curie, shared: Path):
    words = ("--home", str(shared), "--sample", "12", "--seed", "7", "--json")
    with_corpus = ("--cases", str(SABOTAGE), "--workers", "2")
    said = curie("audit", *with_corpus, *words, seconds=540)
    found = json.loads(said.out)
    assert found["broken"] == [], said.err
    assert found["tried"] == found["planned"] == 12
    assert found["cheats"]["n"] + found["honest"]["n"] == 12
