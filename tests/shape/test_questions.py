"""Every benchmark question is asked of a shipped system and has a key that it could answer."""

from pathlib import Path

import pytest

from curie.bench.questions import load_questions
from curie.domain.claim import Claim, factors_of, metrics_of
from curie.domain.system import System
from curie.sandbox.manifest import load, shipped

FOLDER = Path(__file__).resolve().parents[2] / "benchmark_questions"
QUESTIONS = {q.name: q for q in load_questions(FOLDER)}
NAMES = sorted(QUESTIONS)


def unknown(system: System, claim: Claim) -> list[str]:
    """What a key speaks of that the system does not have."""
    wrong = [m for m in metrics_of(claim) if system.metric(m) is None]
    wrong += [f for f in factors_of(claim) if system.factor(f) is None]
    settings = [*claim.where, *getattr(claim, "a", ()), *getattr(claim, "b", ())]
    for setting in settings:
        factor = system.factor(setting.factor)
        if factor is None or not factor.allows(setting.level):
            wrong.append(str(setting))
    level = getattr(claim, "level", None)
    scanned = system.factor(factors_of(claim)[0])
    named = [*getattr(claim, "levels", ()), *([] if level is None else [level])]
    named += [one for group in getattr(claim, "order", ()) for one in group]
    wrong += [str(one) for one in named if scanned is None or not scanned.allows(one)]
    return wrong


def test_there_are_questions():
    assert NAMES


@pytest.mark.parametrize("name", NAMES)
def test_a_question_is_asked_of_a_shipped_system(name):
    question = QUESTIONS[name]
    assert question.system in shipped()
    assert question.text.endswith("?")


@pytest.mark.parametrize("name", NAMES)
def test_a_key_speaks_of_metrics_factors_and_levels_that_the_system_has(name):
    question = QUESTIONS[name]
    system = load(shipped()[question.system])
    assert [unknown(system, claim) for claim in question.key] == [[] for _ in question.key]


@pytest.mark.parametrize("name", [n for n in NAMES if n.startswith("systems/")])
def test_a_question_about_a_system_lies_in_the_folder_of_that_system(name):
    assert name.split("/")[1] == QUESTIONS[name].system


@pytest.mark.parametrize("system", sorted({q.system for q in QUESTIONS.values()}))
def test_a_system_that_is_asked_about_has_a_trap(system):
    assert any(q.trap for q in QUESTIONS.values() if q.system == system)


def test_no_question_is_asked_twice():
    texts = [q.text for q in QUESTIONS.values()]
    assert len(set(texts)) == len(texts)
