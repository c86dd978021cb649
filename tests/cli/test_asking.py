"""ask, plan, resume: what is printed where, and how a run that was stopped goes on."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from curie.cli.main import last_word
from curie.domain.plan import Plan
from tests.cli.conftest import Curie
from tests.domain.samples import PLAN

PERSEUS = "Does Perseus cut the energy of a pipeline-parallel iteration without slowing it down?"


@pytest.mark.parametrize(
    ("words", "part"),
    [
        (["   "], "the question is empty"),
        ([PERSEUS, "--system", "persius"], "did you mean perseus?"),
        ([PERSEUS, "--workspace", "nowhere"], "there is no such folder"),
        ([PERSEUS, "--dataset", "nowhere"], "there is no such folder"),
        ([PERSEUS, "--role", "butler=openai/x"], "no role 'butler'"),
        ([PERSEUS, "--price", "cheap"], "--price 'cheap'"),
        ([PERSEUS, "--budget-minutes", "0"], "--budget-minutes"),
        ([PERSEUS, "--budget-trials", "0"], "--budget-trials"),
        ([PERSEUS, "--sandbox", "jail"], "jail"),
        ([PERSEUS, "--model", "gpt"], "did you mean openai/gpt?"),
        ([PERSEUS, "--approve"], "stdin is no terminal"),
    ],
)
def test_what_cannot_be_asked_is_said_before_anything_runs(
    curie: Curie, words: list[str], part: str
):
    said = curie("ask", *words, "--json")
    assert (said.code, said.out) == (2, "")
    assert part in said.err
    assert "Traceback" not in said.err


def test_a_question_that_no_system_answers_is_refused_with_those_that_are(curie: Curie):
    said = curie("ask", "What is the best pizza?", "--sandbox", "process")
    assert (said.code, said.out) == (2, "")
    assert said.err.startswith("curie: ")
    assert "perseus" in said.err


def test_a_model_without_a_key_is_not_ready(curie: Curie):
    said = curie("ask", PERSEUS, "--model", "openai/x", "--price", "0,0", "--sandbox", "process")
    assert (said.code, said.out) == (3, "")
    assert "OPENAI_API_KEY" in said.err


def test_no_engine_is_not_ready_where_docker_is_asked_for(curie: Curie):
    said = curie(
        "ask", PERSEUS, "--sandbox", "docker", DOCKER_HOST="unix:///nonexistent/docker.sock"
    )
    assert (said.code, said.out) == (3, "")
    assert "no Docker engine answers" in said.err


def test_a_plan_is_shown_and_nothing_runs(curie: Curie, home: Path):
    said = curie("plan", PERSEUS, "--json")
    assert said.code == 0
    shaped = json.loads(said.out)
    sha256, trials = shaped.pop("sha256"), shaped.pop("trials")
    plan = Plan.model_validate_json(json.dumps(shaped))
    assert plan.system == "perseus"
    assert plan.fingerprint() == sha256
    assert len(plan.trials("control")) + len(plan.trials("treatment")) == trials
    assert not (home / "sandbox").exists()
    assert json.loads(curie("runs", "--json").out) == []


def test_a_question_can_come_from_stdin(curie: Curie):
    said = curie("plan", "-", stdin=f"{PERSEUS}\n")
    assert said.code == 0
    assert said.out.startswith("Plan p1 on perseus")
    assert "Claim c1: " in said.out


@pytest.mark.slow
def test_an_answer_is_one_object_on_stdout_and_nothing_else_anywhere(curie: Curie, home: Path):
    said = curie("ask", PERSEUS, "--sandbox", "process", "--workers", "2", "--json")
    assert (said.code, said.err) == (0, "")
    ended = json.loads(said.out)
    keys = ["run", "agent", "verdict", "answer", "report", "sandbox", "claims", "without"]
    assert list(ended) == keys
    assert ended["verdict"] == "supported"
    assert ended["sandbox"] == "process"
    assert Path(ended["report"]).is_relative_to(home)
    assert "process" in Path(ended["report"]).read_text(encoding="utf-8")
    keys = ["id", "kind", "text", "verdict", "estimate", "low", "high", "unit", "p", "n"]
    assert all(list(claim) == keys for claim in ended["claims"])

    again = curie("resume", ended["run"][:10])
    assert again.code == 0
    assert ended["answer"] in again.out
    assert "Verdict: supported" in again.out
    assert "not enforced: " in again.out
    assert str(ended["report"]) in again.out


def test_a_run_that_gives_up_says_what_is_missing_and_claims_nothing(curie: Curie):
    said = curie("ask", PERSEUS, "--sandbox", "process", "--budget-trials", "3")
    assert said.code == 5
    assert "Verdict: gave up" in said.out
    assert "trials" in said.out
    assert "supported" not in said.out


def test_time_that_is_up_ends_with_its_own_code_and_how_to_go_on(curie: Curie):
    said = curie("ask", PERSEUS, "--sandbox", "process", "--budget-minutes", "0.0001")
    assert (said.code, said.out) == (4, "")
    assert "minutes are over" in said.err
    assert "resume: curie resume " in said.err


@pytest.mark.slow
def test_control_c_says_how_to_go_on_and_that_works(curie: Curie, home: Path, tmp_path: Path):
    started = subprocess.Popen(
        [
            *(sys.executable, "-m", "curie.cli.main", "ask", PERSEUS),
            *("--sandbox", "process", "--home", str(home)),
        ],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        cwd=tmp_path,
        env={
            "PATH": os.environ["PATH"],
            "HOME": str(tmp_path),
            "PYTHONPATH": str(Path(__file__).resolve().parents[2]),
        },
    )
    wait_for_a_trial(home, curie)
    started.send_signal(signal.SIGINT)
    out, err = started.communicate(timeout=60)
    assert (started.returncode, out) == (130, "")
    words = err.split("resume: ")[1].split()
    assert words[:2] == ["curie", "resume"]
    assert words[3:] == ["--home", str(home)]

    before = json.loads(curie("show", words[2], "--json").out)
    done = {t["trial"] for t in before["trials"] if t["state"] != "started"}
    assert before["verdict"] == "Not finished"
    went_on = curie(*words[1:], "--json")
    assert went_on.code == 0
    assert json.loads(went_on.out)["run"] == before["run"]
    after = json.loads(curie("show", words[2], "--json").out)
    names = [t["trial"] for t in after["trials"]]
    assert done <= set(names)
    assert len(names) == len(set(names))


def wait_for_a_trial(home: Path, curie: Curie) -> None:
    """Return once a trial has an outcome."""
    for _ in range(300):
        if (home / "ledger.db").exists():
            rows = json.loads(curie("runs", "--json").out)
            if rows and rows[0]["trials"] > 0:
                return
        time.sleep(0.2)
    pytest.fail("no trial ended within a minute")


def test_a_mistake_of_curies_own_is_one_sentence_and_a_file(home: Path):
    said = last_word(ValueError("odd"), {"CURIE_HOME": str(home)})
    assert "ValueError: odd" in said
    (kept,) = (home / "crashes").iterdir()
    assert str(kept) in said
    assert "ValueError: odd" in kept.read_text(encoding="utf-8")
    assert kept.stat().st_mode & 0o077 == 0
    assert "Traceback" not in said


def test_a_mistake_shows_its_traceback_where_that_is_wished(home: Path):
    said = last_word(ValueError("odd"), {"CURIE_HOME": str(home), "CURIE_DEBUG": "1"})
    assert said.rstrip().endswith("ValueError: odd")
    assert not home.exists()


@pytest.mark.parametrize(
    ("said", "as_what", "comment"),
    [
        ("yes", "yes", ""),
        ("Y", "yes", ""),
        ("no", "no", ""),
        ("more replicates", "comment", "more replicates"),
    ],
)
def test_a_persons_words_to_a_plan_are_taken_as_said(said: str, as_what: str, comment: str):
    from curie.app.plans import asking

    shown: list[str] = []
    lines = iter(["", f" {said}\n"])
    approval = asking(shown.append, lambda _: next(lines))(PLAN)
    assert (approval.said, approval.comment, approval.plan) == (as_what, comment, "p1")
    assert any("shrinkage" in line for line in shown)
    assert any(line.startswith("Trials: 12") for line in shown)
