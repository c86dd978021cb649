"""A tiny corpus, run end to end in process boxes; and what an end is taken for."""

from pathlib import Path

import pytest

from curie.app.audit.case import Spoken
from curie.app.audit.corpus import load_corpus
from curie.app.audit.one_case import Rules, Stopped, Tried, try_case
from curie.domain.errors import UsageError
from curie.domain.plan import Plan
from curie.domain.setup import Setup, Started
from curie.domain.verdict import Finding, Verdict
from curie.rigor.gates import GATES
from curie.rigor.switches import OFF, UNPROBED
from tests.audit.kiln import DRAFT, Kiln, tried
from tests.audit.test_corpus import TINY

CASES = {case.name.rpartition("/")[2]: case for case in load_corpus(TINY)}


def run(name: str, state: Path, *without: str) -> Tried:
    return try_case(CASES[name], Rules("process", state, without))


def test_honest_work_goes_through(state: Path):
    ended = run("as_it_is", state)
    assert (ended.how, ended.why, ended.gate) == ("let_through", "supported", "")
    assert ended.trials > 10


def test_a_program_that_is_refused_as_it_reads_costs_no_trial(state: Path):
    ended = run("two_numbers", state)
    assert (ended.how, ended.gate, ended.trials) == ("stopped", "setup", 0)
    assert "results_computed" in ended.checks


def test_a_patched_system_is_read_like_a_program_that_was_written(state: Path):
    ended = run("metrics_in_a_file", state)
    assert (ended.how, ended.gate, ended.trials) == ("stopped", "setup", 0)
    assert "errors_surface" in ended.checks


def test_edited_evidence_is_stopped_where_trials_are_run_again(state: Path):
    ended = run("a_tenth_off", state)
    assert (ended.how, ended.gate) == ("stopped", "evidence")
    assert "reexecution_agrees" in ended.checks


def test_without_the_checks_between_roles_edited_evidence_goes_through(state: Path):
    ended = run("a_tenth_off", state, "inter")
    assert (ended.how, ended.why) == ("let_through", "supported")
    assert ended.trials == 2 * 5, "no probe and no re-execution"


def test_a_number_in_prose_is_stopped_by_the_gate_and_else_by_the_report(state: Path):
    ended = run("twenty_times", state)
    assert (ended.how, ended.gate) == ("stopped", "answer")
    assert "numbers_bound" in ended.checks
    ended = run("twenty_times", state, "intra", "inter")
    assert (ended.how, ended.gate) == ("stopped", "report")


def test_a_cheat_that_is_stopped_before_its_deed_shows_nothing(state: Path):
    draft = CASES["as_it_is"].draft
    unknown = (h.but(claim=h.claim.but(metric="luck")) for h in draft.hypotheses)
    spoilt = draft.but(hypotheses=tuple(unknown))
    for name in ("a_tenth_off", "twenty_times"):
        ended = try_case(CASES[name].but(draft=spoilt), Rules("process", state))
        assert ended.how == "broken"
        assert "before anything was done" in ended.why
        assert "metrics_known" in ended.why


def test_a_cheat_that_was_never_done_shows_nothing(state: Path):
    case = CASES["a_tenth_off"]
    idle = case.but(tampers=[{**t.model_dump(), "arm": "t9"} for t in case.tampers])
    ended = try_case(idle, Rules("process", state))
    assert (ended.how, ended.why) == ("broken", "never done: edit")


def test_what_breaks_is_raised_and_is_no_result(state: Path):
    case = CASES["metrics_in_a_file"]
    wrong = case.but(patches=tuple(p.but(find="no such text") for p in case.patches))
    with pytest.raises(UsageError, match="stands 0 times"):
        try_case(wrong, Rules("process", state))


def test_a_case_ends_soon_after_it_is_told_to_stop(state: Path, tmp_path: Path):
    stop = tmp_path / "stop"
    stop.touch()
    with pytest.raises(Stopped, match="stopped at plan"):
        try_case(CASES["as_it_is"], Rules("process", state, stop=stop))


def _findings(verdicts: tuple[Verdict, ...], gate: str) -> dict[str, Finding]:
    return {f.check: f for v in verdicts if v.gate == gate for f in v.findings}


def test_what_is_switched_off_is_skipped_and_never_passed(tmp_path: Path):
    done = tried(tmp_path, Kiln(), without=("intra", "inter"))
    assert done.dossier.opened.without == ("intra", "inter")
    found = [f for v in done.dossier.verdicts() for f in v.findings]
    assert {(f.status, f.detail) for f in found} == {("skipped", OFF)}
    assert {v.gate for v in done.dossier.verdicts()} == set(GATES)
    assert {s.phase for s in done.dossier.of(Started)} == {"control", "treatment"}


def test_one_check_can_be_switched_off_alone(tmp_path: Path):
    done = tried(tmp_path, Kiln(), without=("intra", "seed_moves"))
    setup = _findings(done.dossier.verdicts(), "setup")
    assert (setup["seed_moves"].status, setup["seed_moves"].detail) == ("skipped", OFF)
    assert setup["fresh_box_agrees"].status == "passed"
    assert "reexecution" in {s.phase for s in done.dossier.of(Started)}


def test_a_refused_program_is_not_probed_and_its_one_verdict_says_so(tmp_path: Path):
    refused = CASES["two_numbers"]
    done = tried(tmp_path, Kiln(), without=(), files=refused.files, draft=refused.draft)
    assert done.dossier.of(Started) == ()
    assert len(done.dossier.verdicts("setup")) == 1
    setup = _findings(done.dossier.verdicts(), "setup")
    assert (setup["seed_moves"].status, setup["seed_moves"].detail) == ("skipped", UNPROBED)
    assert setup["results_computed"].status == "failed"


def test_the_scripted_crew_hands_in_what_the_case_says(tmp_path: Path):
    said = Spoken.model_validate({"verdict": "mixed", "sentences": [{"text": "It cracks."}]})
    done = tried(tmp_path, Kiln(), answer=said)
    assert done.dossier.of(Plan)[0].understood == DRAFT.understood
    assert done.dossier.of(Setup)[0].written_by == "technician"
    answer = next(e.body for e in done.dossier.entries if e.author == "analyst")
    assert (answer.verdict, answer.sentences) == ("mixed", said.sentences)
