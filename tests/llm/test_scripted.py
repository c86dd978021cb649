import json
from pathlib import Path

import pytest

from curie.domain.errors import ModelMisbehaved, UsageError
from curie.domain.plan import Draft
from curie.domain.verdict import Opinion
from curie.llm.dialogue import Dialogue
from curie.llm.scripted import ScriptedVoice
from tests.llm.drafts import ANSWER, DRAFT, PROMPT, WRONG, Ledger

REVIEW = PROMPT.but(role="reviewer")


def model_of(path: Path, script: str | dict[str, object], ledger: Ledger) -> Dialogue:
    path.write_text(script if isinstance(script, str) else json.dumps(script))
    return Dialogue(ScriptedVoice(path), ledger.logbook)


def test_answers_come_in_order_role_by_role(tmp_path):
    script = """
        [[reviewer]]
        want = "Opinion"
        answer = { setup = "s1", trustworthy = true }

        [[reviewer]]
        text = 'I think: {"setup": "s2", "trustworthy": false}'
    """
    ledger = Ledger()
    model = model_of(tmp_path / "script.toml", script, ledger)
    assert model.ask(REVIEW, Opinion) == Opinion(setup="s1", trustworthy=True)
    assert model.ask(REVIEW, Opinion) == Opinion(setup="s2", trustworthy=False)
    assert [(c.role, c.number, c.way) for c in ledger.calls] == [
        ("reviewer", 1, "scripted"),
        ("reviewer", 2, "scripted"),
    ]


def test_a_resumed_run_goes_on_where_it_stood(tmp_path):
    script = {"architect": [{"answer": {**ANSWER, "system": name}} for name in ("a", "b")]}
    ledger = Ledger()
    assert model_of(tmp_path / "s.json", script, ledger).ask(PROMPT, Draft).system == "a"
    assert model_of(tmp_path / "s.json", script, ledger).ask(PROMPT, Draft).system == "b"


def test_a_script_can_err_first_and_mend_its_answer(tmp_path):
    script = {"architect": [{"tries": [{"answer": WRONG}, {"answer": ANSWER}]}]}
    ledger = Ledger()
    assert model_of(tmp_path / "s.json", script, ledger).ask(PROMPT, Draft) == DRAFT
    assert [(c.number, c.attempt) for c in ledger.calls] == [(1, 1), (1, 2)]
    assert "design" in ledger.calls[0].problem


def test_a_script_that_is_used_up_says_so(tmp_path):
    model = model_of(tmp_path / "s.json", {"architect": [{"answer": ANSWER}]}, Ledger())
    model.ask(PROMPT, Draft)
    with pytest.raises(ModelMisbehaved, match="1 answers, and call 2 has none"):
        model.ask(PROMPT, Draft)
    with pytest.raises(ModelMisbehaved, match="reviewer: 0 answers"):
        model.ask(REVIEW, Opinion)


def test_a_wrong_answer_without_another_try_says_what_was_wrong(tmp_path):
    model = model_of(tmp_path / "s.json", {"architect": [{"answer": WRONG}]}, Ledger())
    with pytest.raises(ModelMisbehaved, match=r"used up.*design: Input should be") as caught:
        model.ask(PROMPT, Draft)
    assert len(str(caught.value)) < 500


def test_an_answer_of_another_type_is_not_given(tmp_path):
    script = {"architect": [{"want": "Opinion", "answer": ANSWER}]}
    with pytest.raises(ModelMisbehaved, match="has a Opinion, but a Draft"):
        model_of(tmp_path / "s.json", script, Ledger()).ask(PROMPT, Draft)


@pytest.mark.parametrize(
    ("name", "text", "told"),
    [
        ("s.toml", "[[architect]\n", "not a script"),
        ("s.json", "{", "not a script"),
        ("s.json", '{"architect": [{}]}', "exactly one of answer, text and tries"),
        ("s.json", '{"architect": [{"answr": {}}]}', "architect.0.answr"),
    ],
)
def test_a_broken_script_is_refused_by_place(tmp_path, name, text, told):
    with pytest.raises(UsageError, match=told) as caught:
        model_of(tmp_path / name, text, Ledger())
    assert str(tmp_path / name) in str(caught.value)


def test_a_script_that_is_not_there_is_a_mistake_of_usage(tmp_path):
    with pytest.raises(UsageError, match="no such script"):
        ScriptedVoice(tmp_path / "none.toml")
