"""The judge, the table of gates, and the catalogue."""

import ast
import inspect
import random
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import curie.rigor.checks
from curie.domain.verdict import REMEDIES, Finding
from curie.rigor import GATES, TrialLog, catalogue, entries_of, judge, near_names
from curie.rigor.finding import failed, listed, passed, skipped, warned
from curie.rigor.gates import PROBED
from tests.rigor.build import answer_evidence, plan, plan_evidence, system
from tests.rigor.trials import control_evidence, program, setup_evidence, trial_evidence

FINDINGS = st.sampled_from(
    [
        passed("fine"),
        warned("hm"),
        skipped("not here"),
        *(failed("no", remedy=r) for r in ("again", "rebuild", "replan", "give_up")),
    ]
)
EVIDENCE = {
    "plan": plan_evidence(),
    "setup": setup_evidence(),
    "control": control_evidence(),
    "evidence": trial_evidence(),
    "answer": answer_evidence(),
}


def saying(finding):
    """A check that always says that."""

    def says(evidence):
        return finding

    return says


def crashes(evidence):
    """A check that divides by zero."""
    return passed(str(1 / 0))


def returns_nothing(evidence):
    """A check that forgot to answer."""


@given(findings=st.lists(FINDINGS, max_size=8), gate=st.sampled_from(sorted(GATES)))
def test_accepted_means_no_failure_and_the_remedy_is_the_gravest(findings, gate):
    checks = [saying(f) for f in findings]
    verdict = judge(gate, plan_evidence(), subject="p1", round=2, checks=checks)
    failures = [f for f in findings if f.status == "failed"]
    assert verdict.accepted == (not failures)
    gravest = max((REMEDIES.index(f.remedy) for f in failures), default=0)
    assert verdict.remedy == REMEDIES[gravest]
    assert (verdict.gate, verdict.subject, verdict.round) == (gate, "p1", 2)
    assert [f.check for f in verdict.findings] == ["says"] * len(findings)


@pytest.mark.parametrize("gate", sorted(GATES))
@pytest.mark.parametrize("broken", [crashes, returns_nothing])
def test_a_check_that_crashes_is_an_error_and_never_a_pass(gate, broken):
    verdict = judge(gate, plan_evidence(), subject="p1", round=1, checks=[broken])
    assert [(f.check, f.status) for f in verdict.findings] == [(broken.__name__, "error")]
    assert not verdict.accepted
    assert verdict.remedy != "none"


def test_the_other_checks_are_asked_although_one_crashes():
    checks = [crashes, saying(passed("fine"))]
    verdict = judge("plan", plan_evidence(), subject="p1", round=1, checks=checks)
    assert [f.status for f in verdict.findings] == ["error", "passed"]
    assert "ZeroDivisionError" in verdict.findings[0].detail


def test_a_failure_without_a_remedy_gets_one():
    silent = Finding(check="", status="failed", detail="no")
    verdict = judge("setup", setup_evidence(), subject="s1", round=1, checks=[saying(silent)])
    assert verdict.remedy == "rebuild"


@pytest.mark.parametrize("gate", sorted(GATES))
def test_a_gate_shown_the_evidence_of_another_accepts_nothing(gate):
    for other, evidence in EVIDENCE.items():
        verdict = judge(gate, evidence, subject="x", round=1)
        assert verdict.accepted or gate != other
        if {gate, other} & {"plan", "answer"} and gate != other:
            assert not verdict.accepted


@pytest.mark.parametrize("gate", sorted(GATES))
def test_sound_evidence_is_accepted_by_its_gate(gate):
    assert judge(gate, EVIDENCE[gate], subject="x", round=1).failures == ()


@given(seed=st.integers(0, 2**32), keep=st.floats(0, 1))
def test_the_judge_never_raises_on_a_torn_and_shuffled_log(seed, keep):
    dice = random.Random(seed)
    events = [e for e in trial_evidence().log.events if dice.random() < keep]
    dice.shuffle(events)
    torn = trial_evidence(log=TrialLog(tuple(events)))
    verdict = judge("evidence", torn, subject="p1", round=1)
    assert "error" not in {f.status for f in verdict.findings}
    assert verdict.accepted == (not verdict.failures)


@given(text=st.text())
def test_the_judge_never_raises_on_any_text_as_a_program(text):
    verdict = judge("setup", program(text), subject="s1", round=1)
    assert not verdict.accepted
    assert "error" not in {f.status for f in verdict.findings}


@given(drop=st.sets(st.sampled_from(["arms", "vary", "power", "factors", "metrics"])))
def test_the_judge_never_raises_on_a_plan_with_holes(drop):
    holed = plan(**dict.fromkeys(drop - {"arms"}, ()))
    if "arms" in drop:
        holed = holed.but(arms=holed.arms[:1])
    verdict = judge("plan", plan_evidence(holed), subject="p1", round=1)
    assert verdict.accepted == (not drop)
    assert "error" not in {f.status for f in verdict.findings}


def test_each_check_is_one_function_in_one_file_of_its_name_and_stands_in_a_gate():
    folder = Path(curie.rigor.checks.__file__).parent
    files = {p.stem for p in folder.glob("*.py")} - {"__init__"}
    placed = {check for checks in GATES.values() for check in checks}
    assert {c.__name__ for c in placed} == files
    assert {c.__module__ for c in placed} == {f"curie.rigor.checks.{name}" for name in files}


def test_no_check_stands_twice_in_one_gate():
    assert all(len(set(checks)) == len(checks) for checks in GATES.values())


def test_the_catalogue_tells_of_every_check_when_it_fails_and_what_mends_it():
    entries = catalogue()
    assert len({e.id for e in entries}) >= 40
    assert [(e.gate, e.id) for e in entries] == [
        (gate, check.__name__) for gate, checks in GATES.items() for check in checks
    ]
    assert [e.id for e in entries if not e.summary.startswith(("Fail", "Warn"))] == []
    assert [e.id for e in entries if not e.summary.endswith(".")] == []
    assert [e.id for e in entries if "mend" not in e.about.lower()] == []


def test_a_check_that_only_warns_never_says_that_it_failed_and_the_others_can():
    says = {
        check: {
            node.func.id
            for node in ast.walk(ast.parse(inspect.getsource(sys.modules[check.__module__])))
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
        }
        for checks in GATES.values()
        for check in checks
    }
    stops = {check.__name__ for check, called in says.items() if "failed" in called}
    assert {e.id for e in catalogue() if e.severity == "stops"} == stops


def test_checks_of_texts_are_of_one_role_and_checks_of_trials_are_between_roles():
    parts = {(e.gate, e.id): e.part for e in catalogue()}
    assert {p for (gate, _), p in parts.items() if gate in ("plan", "answer")} == {"intra"}
    assert {p for (gate, _), p in parts.items() if gate in ("control", "evidence")} == {"inter"}
    assert parts["setup", "results_computed"] == parts["setup", "reviewer_trusts"] == "intra"
    assert parts["setup", "factors_move"] == parts["setup", "probes_measured"] == "inter"


def test_every_live_check_stands_in_a_gate():
    assert {c for checks in GATES.values() for c in checks} >= set(PROBED)


def test_a_check_is_found_by_its_name_in_each_of_its_gates_and_others_by_near_names():
    assert [e.gate for e in entries_of("nonces_return")] == ["setup", "control", "evidence"]
    assert entries_of("nonce_return") == ()
    assert near_names("nonce_return")[0] == "nonces_return"


def test_a_long_list_in_a_finding_is_cut_and_counted():
    assert listed(["a", "b"]) == "a; b"
    assert listed(["x"] * 10, most=2) == "x; x; and 8 more"


def test_every_check_takes_its_evidence_and_nothing_else():
    for checks in GATES.values():
        assert {tuple(inspect.signature(c).parameters) for c in checks} == {("evidence",)}


def test_a_system_is_judged_by_its_own_manifest():
    other = plan_evidence(system=system(name="searching"))
    assert not judge("plan", other, subject="p1", round=1).accepted
