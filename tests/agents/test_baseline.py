"""The baseline's loop, in a real box, with a model that follows a script."""

import pytest

from curie.agents.baseline import MAX_ACTIONS, ModelBaseline
from curie.agents.briefs import BaselineBrief
from curie.agents.technician import source_file
from curie.domain.errors import BudgetSpent, ModelMisbehaved
from curie.domain.question import Question
from curie.prompts import PromptBook, prompts_folder
from curie.sandbox.manifest import find, load
from tests.agents import scripts
from tests.agents.conftest import TINY
from tests.agents.test_technician import read, run, write
from tests.domain.samples import STATED

BRIEF = BaselineBrief(
    question=Question(text="Does a sum obey its factors?"),
    system=load(TINY),
    actions_left=1,
    command_limit_s=300.0,
)


def finish(*claims, **changes):
    answer = {
        "do": "finish",
        "verdict": "supported",
        "sentences": ["It does: the sum is 42."],
        "claims": [c.model_dump(mode="json") for c in claims],
        "limits": ["One sum was tried."],
    }
    return {"why": "it is measured", "action": {**answer, **changes}}


def work(folder, box, *steps, brief=BRIEF, on_time=lambda: None, model=None):
    """What came of it, the commands that were recorded, and what the model was shown."""
    model, ledger = model or scripts.scripted(folder, "baseline", *steps)
    commands = []
    worked = ModelBaseline(model, PromptBook(prompts_folder())).work(
        brief, box, record=commands.append, on_time=on_time
    )
    return worked, commands, ledger


def test_what_the_model_says_is_the_answer_word_for_word(tmp_path, box):
    worked, commands, ledger = work(
        tmp_path, box, write("sum.py", "print(6 * 7)\n"), run("python sum.py"), finish(STATED)
    )
    assert worked.answer.verdict == "supported"
    assert [s.text for s in worked.answer.sentences] == ["It does: the sum is 42."]
    assert worked.answer.stated == (STATED,)
    assert worked.answer.plan is None
    assert worked.files == (source_file("sum.py", "print(6 * 7)\n"),)
    assert "exit code 0\nstdout:\n42" in scripts.shown(ledger)
    (command,) = commands
    assert (command.number, command.command, command.exit_code) == (1, "python sum.py", 0)
    assert command.output == "exit code 0\nstdout:\n42"


def test_the_program_of_a_system_can_be_run_as_a_trial_by_hand(tmp_path, box):
    box.write(
        "config.json",
        b'{"version": 1, "system": "tiny", "seed": 1, "nonce": "any", "settings": {"x": 3}}',
    )
    _, commands, ledger = work(
        tmp_path, box, run("python -m sandboxes.tiny ."), read("result.json"), finish()
    )
    assert [c.exit_code for c in commands] == [0]
    assert '"name": "twice", "value": 6' in scripts.shown(ledger)
    assert "`python -m sandboxes.tiny .`" in scripts.shown(ledger, 0)


def test_it_is_told_why_it_did_what_it_did(tmp_path, box):
    reading = {**read("sum.py"), "why": "to see the sum"}
    _, _, ledger = work(tmp_path, box, reading, finish())
    assert "1. read sum.py (to see the sum)\n````\nrefused: " in scripts.shown(ledger)


def test_no_command_runs_beyond_the_budget_and_the_model_is_told(tmp_path, box):
    go = run("python -c 'print(1)'")
    _, commands, ledger = work(
        tmp_path, box, go, go, go, finish(), brief=BRIEF.but(commands_left=2)
    )
    assert [c.number for c in commands] == [1, 2]
    assert "At most 2 of them may run a command" in scripts.shown(ledger, 0)
    assert "refused: no command is left" in scripts.shown(ledger)


def test_a_command_that_cannot_be_read_costs_nothing(tmp_path, box):
    _, commands, ledger = work(tmp_path, box, run("python 'unclosed"), finish())
    assert commands == []
    assert "refused: " in scripts.shown(ledger)


def test_it_ends_without_an_answer_when_its_actions_are_used_up(tmp_path, box):
    with pytest.raises(ModelMisbehaved, match=r"did not answer within .* read config\.json"):
        work(tmp_path, box, *[read("config.json")] * MAX_ACTIONS)


def test_time_is_looked_at_before_each_step(tmp_path, box):
    looked = []

    def out_of_time():
        looked.append(1)
        if len(looked) == 2:
            raise BudgetSpent("its minutes are over")

    with pytest.raises(BudgetSpent):
        work(tmp_path, box, run("python -c 'print(1)'"), finish(), on_time=out_of_time)


@pytest.mark.parametrize(
    ("wrong", "why"),
    [
        (finish(STATED, STATED), "used twice"),
        (finish(STATED.but(claim=STATED.claim.but(shape=None))), "c1: the claim leaves out"),
        (finish(sentences=[]), "sentences"),
    ],
)
def test_an_answer_of_the_wrong_shape_is_sent_back_for_its_shape_alone(tmp_path, box, wrong, why):
    model = scripts.mending(tmp_path, "baseline", wrong, finish(STATED))
    worked, _, ledger = work(tmp_path, box, model=model)
    assert worked.answer.stated == (STATED,)
    assert why in ledger.calls[0].problem


def test_an_undecided_claim_may_leave_its_answer_out(tmp_path, box):
    undecided = STATED.but(claim=STATED.claim.but(shape=None), verdict="inconclusive")
    worked, _, ledger = work(tmp_path, box, finish(undecided, verdict="inconclusive"))
    assert worked.answer.stated == (undecided,)
    assert [c.problem for c in ledger.calls] == [""]


def test_it_is_told_every_factor_and_metric_and_nothing_that_was_published():
    system = load(find("perseus"))
    brief = BRIEF.but(system=system)
    told = PromptBook(prompts_folder()).render("baseline", brief)
    text = "\n".join(m.content for m in told.messages)
    for named in (*system.factors, *system.metrics):
        assert f"- {named.name}: " in text
    assert not [c.figure for c in system.claims if c.figure in text]


def test_the_last_action_is_announced_without_a_word_on_commands():
    told = BRIEF.but(actions_left=1, commands_left=3)
    user = PromptBook(prompts_folder()).render("baseline", told).messages[1].content
    assert "This is your last action: finish. Answer" in user
