"""The technician's loop, in a real box, with a model that follows a script."""

import pytest

from curie.agents.briefs import TechnicianBrief
from curie.agents.technician import MAX_ACTIONS, SHOWN, ModelTechnician, shown, source_file
from curie.domain.errors import ModelMisbehaved
from curie.domain.outcome import Failed
from curie.domain.verdict import Verdict
from curie.prompts import PromptBook, prompts_folder
from curie.sandbox.box import Ran
from tests.agents import scripts
from tests.domain.samples import FAILED, KILN, PLAN, VERDICT

BRIEF = TechnicianBrief(plan=PLAN, system=KILN, actions_left=1)
FINISH = {"why": "done", "action": {"do": "finish"}}


def write(path: str, content: str) -> dict[str, object]:
    return {"why": "", "action": {"do": "write", "path": path, "content": content}}


def read(path: str) -> dict[str, object]:
    return {"why": "", "action": {"do": "read", "path": path}}


def run(command: str) -> dict[str, object]:
    return {"why": "", "action": {"do": "run", "command": command}}


def work(tmp_path, box, *steps, brief=BRIEF):
    """The files that the technician hands over, and what its model was shown."""
    model, ledger = scripts.scripted(tmp_path, "technician", *steps)
    files = ModelTechnician(model, PromptBook(prompts_folder())).write(brief, box)
    return files, ledger


def last_seen(tmp_path, box, *steps):
    """What the model is shown before its last step, which finishes a trivial program."""
    _, ledger = work(tmp_path, box, *steps, write("program.py", "x = 1\n"), FINISH)
    return scripts.shown(ledger)


def test_a_program_is_written_run_and_handed_over_word_for_word(tmp_path, box):
    text = "print(6 * 7)\n"
    files, ledger = work(
        tmp_path, box, write("program.py", text), run("python program.py ."), FINISH
    )
    assert files == (source_file("program.py", text),)
    assert "exit code 0\nstdout:\n42" in scripts.shown(ledger)


def test_every_file_that_was_written_is_handed_over_in_its_last_version(tmp_path, box):
    files, _ = work(
        tmp_path, box, write("work.py", "a = 1\n"), write("program.py", "import work\n"),
        write("work.py", "a = 2\n"), FINISH,
    )  # fmt: skip
    assert [(f.path, f.text) for f in files] == [
        ("program.py", "import work\n"), ("work.py", "a = 2\n"),
    ]  # fmt: skip


def test_it_may_not_finish_without_a_program(tmp_path, box):
    files, ledger = work(tmp_path, box, FINISH, write("program.py", "x = 1\n"), FINISH)
    assert [f.path for f in files] == ["program.py"]
    assert "there is no program.py yet" in scripts.shown(ledger, 1)


@pytest.mark.parametrize("path", ["../out.py", "/etc/passwd", "a/../../b"])
def test_a_path_out_of_the_folder_is_told_to_the_model_and_not_raised(tmp_path, box, path):
    files, ledger = work(
        tmp_path, box, write(path, "x"), read(path), write("program.py", "x = 1\n"), FINISH
    )
    assert [f.path for f in files] == ["program.py"]
    assert scripts.shown(ledger).count("refused: ") == 2


@pytest.mark.parametrize("command", ["", "python 'unclosed"])
def test_a_command_that_is_none_is_told_to_the_model(tmp_path, box, command):
    assert "refused: " in last_seen(tmp_path, box, run(command))


def test_a_command_that_fails_is_shown_with_its_error(tmp_path, box):
    seen = last_seen(tmp_path, box, run("python -c 'raise ValueError(\"no glaze\")'"))
    assert "exit code 1" in seen
    assert "ValueError: no glaze" in seen


def test_a_file_that_is_not_there_is_told_to_the_model(tmp_path, box):
    assert "refused: " in last_seen(tmp_path, box, read("missing.py"))


def test_a_file_of_the_folder_can_be_read(tmp_path, box):
    box.write("config.json", b'{"seed": 12345}')
    assert '{"seed": 12345}' in last_seen(tmp_path, box, read("config.json"))


def test_it_gives_up_when_its_actions_are_used_up_and_says_what_the_last_was(tmp_path, box):
    with pytest.raises(ModelMisbehaved, match=r"did not finish program\.py.*read config\.json"):
        work(tmp_path, box, *[read("config.json")] * MAX_ACTIONS)


def test_the_model_is_told_how_many_actions_are_left(tmp_path, box):
    _, ledger = work(tmp_path, box, write("program.py", "x = 1\n"), FINISH)
    assert f"You have {MAX_ACTIONS} actions left" in scripts.shown(ledger, 0)
    assert f"You have {MAX_ACTIONS - 1} actions left" in scripts.shown(ledger, 1)


def test_a_refused_program_is_shown_with_its_findings_and_failures(tmp_path, box):
    refused: Verdict = VERDICT.but(gate="setup", subject="s1")
    failed: Failed = FAILED.but(output="Traceback: it melted")
    brief = BRIEF.but(
        files=(source_file("program.py", "x = 1\n"),), verdicts=(refused,), failures=(failed,)
    )
    files, ledger = work(tmp_path, box, FINISH, brief=brief)
    assert files == brief.files
    for part in ("power: too few", "10 s were up", "Traceback: it melted", "x = 1"):
        assert part in scripts.shown(ledger)


def test_long_output_is_cut_in_the_middle():
    ran = Ran(exit_code=0, stdout="a" * SHOWN + "b" * SHOWN, stderr="", wall_s=0.1)
    text = shown(ran)
    assert len(text) < SHOWN + 100
    assert text.endswith("b")
    assert f"{SHOWN} characters cut" in text


def test_a_timeout_is_shown_as_one():
    assert shown(Ran(None, "", "", 60.0, timed_out=True)) == "ran out of time"
