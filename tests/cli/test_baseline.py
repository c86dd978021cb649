"""ask --agent baseline: a whole run by a script, and how it is shown for what it is."""

import json
from pathlib import Path

import pytest

from curie.app.clock import SystemClock
from curie.domain.answer import Answer
from curie.domain.call import ModelCall
from curie.domain.command import Command
from curie.domain.dossier import Closed, Dossier
from curie.domain.plan import Plan
from curie.domain.setup import Setup
from curie.domain.verdict import Verdict
from curie.store import Ledger
from tests.agents.conftest import TINY
from tests.cli.conftest import Curie
from tests.domain.samples import OPENED, STATED

QUESTION = "Does a sum obey its factors?"
BASELINE = ("--agent", "baseline", "--sandbox", "process")
DO = {
    "write": {"do": "write", "path": "sum.py", "content": "print(6 * 7)\n"},
    "run": {"do": "run", "command": "python sum.py"},
    "trial": {"do": "run", "command": "python -m sandboxes.tiny ."},
    "finish": {
        "do": "finish",
        "verdict": "supported",
        "sentences": ["It does: the sum is 42."],
        "claims": [STATED.model_dump(mode="json")],
        "limits": ["One sum of 1 was tried."],
    },
}


@pytest.fixture
def script(tmp_path: Path):
    """A model's name that plays these actions in turn."""

    def write(*actions: str) -> str:
        path = tmp_path / "script.json"
        lines = [{"answer": {"why": "", "action": DO[name]}} for name in actions]
        path.write_text(json.dumps({"baseline": lines}))
        return f"scripted/{path}"

    return write


def dossier(home: Path, run: str) -> Dossier:
    with Ledger.open(home / "ledger.db", SystemClock()) as ledger:
        ledger.verify(run)
        return ledger.dossier(run)


def test_a_baseline_answers_in_a_workbench_and_its_word_is_kept_as_it_is(
    curie: Curie, home: Path, script
):
    model = script("write", "run", "finish")
    said = curie("ask", QUESTION, *BASELINE, "--model", model, "--json")
    assert said.code == 0, said.err
    ended = json.loads(said.out)
    assert (ended["agent"], ended["verdict"], ended["sandbox"]) == (
        "baseline", "supported", "process",
    )  # fmt: skip
    assert ended["answer"] == "It does: the sum is 42."
    (claim,) = ended["claims"]
    assert claim == {
        "id": "c1", "kind": "trend", "text": "shrinkage rises along peak_c",
        "verdict": "supported", "estimate": 2.4, "low": None, "high": None, "unit": "%",
        "p": None, "n": 12,
    }  # fmt: skip

    facts = dossier(home, ended["run"])
    assert facts.opened.agent == "baseline"
    assert {c.role for c in facts.of(ModelCall)} == {"baseline"}
    assert facts.of(Plan) == facts.of(Verdict) == ()
    assert [c.output for c in facts.of(Command)] == ["exit code 0\nstdout:\n42"]
    assert [f.path for f in facts.of(Setup)[-1].files] == ["sum.py"]
    assert facts.of(Setup)[-1].posture.backend == "process"
    assert facts.last(Closed) == Closed(how="answered", exit_code=0)


def test_its_report_says_first_that_nothing_was_frozen_or_checked(curie: Curie, script):
    ended = curie("ask", QUESTION, *BASELINE, "--model", script("write", "run", "finish"))
    assert "Agent: baseline. No plan was frozen and no check was asked" in ended.out
    shown = curie("show", "last")
    assert "Agent: baseline." in shown.out.splitlines()[1]
    assert "Supported: It does: the sum is 42." in shown.out
    assert json.loads(curie("show", "last", "--json").out)["agent"] == "baseline"

    path = Path(curie("report", "last", "--html").out.strip())
    text = path.with_suffix(".md").read_text(encoding="utf-8")
    head = " ".join(text.split("\n\n")[1:3])
    for part in ("Agent: baseline", "no plan was frozen", "no check was asked", "bound to no fact"):
        assert part in head
    for part in ("**Supported, says the model.**", "print(6 * 7)", "One sum of 1 was tried"):
        assert part in text
    assert "--agent baseline" in text
    assert "built-in scientist" not in text
    assert "Agent: baseline" in path.read_text(encoding="utf-8")


def test_a_named_system_is_worked_with_in_its_own_image(curie: Curie, home: Path, script):
    words = ("--workspace", str(TINY), "--model", script("trial", "finish"))
    said = curie("ask", QUESTION, *BASELINE, *words, "--json")
    assert said.code == 0, said.err
    facts = dossier(home, json.loads(said.out)["run"])
    assert facts.system is not None
    assert facts.system.name == "tiny"
    assert [c.exit_code for c in facts.of(Command)] == [0]
    assert "x is 1" in facts.of(Command)[0].output, "config.json held the defaults"


def test_a_budget_of_trials_is_one_of_commands(curie: Curie, home: Path, script):
    model = script("write", "run", "run", "run", "finish")
    said = curie("ask", QUESTION, *BASELINE, "--model", model, "--budget-trials", "2", "--json")
    facts = dossier(home, json.loads(said.out)["run"])
    assert len(facts.of(Command)) == 2


def test_a_baseline_that_never_answers_claims_nothing(curie: Curie, home: Path, script):
    said = curie("ask", QUESTION, *BASELINE, "--model", script(*["run"] * 40), "--json")
    ended = json.loads(said.out)
    assert (said.code, ended["verdict"], ended["claims"]) == (5, "gave_up", [])
    answer = dossier(home, ended["run"]).of(Answer)[-1]
    assert (answer.verdict, answer.stated) == ("gave_up", ())
    assert "did not answer within" in answer.limits[0]
    assert "**No answer.**" in Path(ended["report"]).read_text(encoding="utf-8")


def test_what_stops_a_baseline_ends_its_run_with_the_reason(curie: Curie, home: Path, script):
    late = ("--model", script("run", "finish"), "--budget-minutes", "0.0001")
    said = curie("ask", QUESTION, *BASELINE, *late)
    assert (said.code, said.out) == (4, "")
    assert "its minutes are over" in said.err
    assert "resume" not in said.err
    run = json.loads(curie("runs", "--json").out)[0]
    assert run["state"] == "gave_up"
    assert dossier(home, run["run"]).last(Closed) == Closed(how="gave_up", exit_code=4)


def test_a_baseline_whose_curie_died_cannot_be_resumed_and_says_what_to_do(
    curie: Curie, home: Path
):
    with Ledger.open(home / "ledger.db", SystemClock()) as ledger:
        ledger.writer("r1", "loop").add(OPENED.but(agent="baseline", model="scripted/x"))
    said = curie("resume", "r1")
    assert (said.code, said.out) == (2, "")
    assert "ask again with --agent baseline" in said.err


@pytest.mark.parametrize(
    ("words", "part"),
    [
        ((), "add --model openai/NAME"),
        (("--model", "openai/x", "--role", "analyst=openai/y"), "leave --role out"),
        (("--model", "openai/x", "--approve", "--yes"), "leave --approve out"),
    ],
)
def test_what_a_baseline_cannot_have_is_said_before_anything_runs(curie: Curie, words, part):
    said = curie("ask", QUESTION, *BASELINE, *words)
    assert (said.code, said.out) == (2, "")
    assert part in said.err
    assert json.loads(curie("runs", "--json").out) == []
