"""How to make the evidence again."""

import shlex
from itertools import pairwise

import pytest

from curie.domain.plan import Frozen
from curie.domain.question import Budget, FolderCopy, Question
from curie.domain.setting import Setting
from curie.report.provenance import commands, sandbox_line
from tests.report import dossiers as d


def asked(text: str = d.QUESTION, **changes: object):
    return d.opened(question=Question(text=text, **changes))


def test_the_question_is_asked_again_in_the_same_words():
    nasty = 'Is it\'s `x` "faster"; $(rm -rf /)?\n--yes'
    ask, _ = commands(d.dossier(d.facts(asked=asked(nasty))))
    words = shlex.split(ask)
    assert words[:2] == ["curie", "ask"]
    assert words[-2:] == ["--", nasty]


def test_everything_that_shaped_the_run_is_in_the_command():
    folder = FolderCopy(name="my code", sha256="0" * 64, files=2, size_bytes=10)
    question = Question(
        text="Why?",
        budget=Budget(usd=2.5, trials=1500, minutes=10),
        workspace=folder,
        dataset=folder,
    )
    opened = d.opened(question=question, model="openai/x", roles=(("reviewer", "openai/y"),))
    words = shlex.split(commands(d.dossier(d.facts(asked=opened)))[0])
    pairs = set(pairwise(words))
    assert {
        ("--system", "vector_index"),
        ("--model", "openai/x"),
        ("--role", "reviewer=openai/y"),
        ("--budget-usd", "2.5"),
        ("--budget-trials", "1500"),
        ("--budget-minutes", "10"),
        ("--workspace", "my code"),
        ("--dataset", "my code"),
    } <= pairs


def test_one_arm_is_run_by_its_settings_away_from_the_defaults():
    planned = d.plan(hold=(Setting(factor="m", level=16),))
    _, trial = commands(d.dossier(d.facts(planned=planned)))
    assert trial == "curie run vector_index --set ef_search=32 --seed 1"
    _, held = commands(d.dossier())
    assert "--set m=32" in held


def test_a_program_that_was_written_for_the_run_has_no_such_command():
    facts = d.facts(ready=d.setup(written_by="technician"))
    assert len(commands(d.dossier(facts))) == 1


def test_a_plan_that_was_never_frozen_has_no_such_command():
    facts = [f for f in d.facts()[:6] if not isinstance(f[1], Frozen)]
    assert len(commands(d.dossier(facts))) == 1


@pytest.mark.parametrize("backend", ["docker", "process"])
def test_the_sandbox_line_is_one_line(backend):
    line = sandbox_line(d.dossier(d.facts(ready=d.setup(posture=d.posture(backend)))))
    assert "\n" not in line
    assert ("reading other files" in line) == (backend == "process")


def test_without_a_setup_no_sandbox_is_claimed():
    assert sandbox_line(d.dossier(d.facts()[:5])).startswith("No sandbox was opened")
