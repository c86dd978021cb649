"""What can be switched off, and what a gate then says."""

import pytest

from curie.domain.verdict import Finding
from curie.rigor import GATES, entries_of, every_switch, judge, switched_off, unprobed
from curie.rigor.finding import failed
from curie.rigor.gates import PROBED
from curie.rigor.switches import OFF


@pytest.mark.parametrize(
    ("check", "gate", "part"),
    [
        ("control_present", "plan", "intra"),
        ("results_computed", "setup", "intra"),
        ("reviewer_trusts", "setup", "intra"),
        ("numbers_bound", "answer", "intra"),
        ("seed_moves", "setup", "inter"),
        ("fresh_box_agrees", "setup", "inter"),
        ("deterministic_repeats", "control", "inter"),
        ("reexecution_agrees", "evidence", "inter"),
    ],
)
def test_a_check_belongs_to_one_part(check: str, gate: str, part: str):
    assert [e.part for e in entries_of(check) if e.gate == gate] == [part]


def test_every_live_check_stands_in_the_setup_gate():
    assert set(GATES["setup"]) >= set(PROBED)
    assert set(unprobed()) == {check.__name__ for check in PROBED}


def test_both_parts_together_are_everything():
    for gate, checks in GATES.items():
        names = {check.__name__ for check in checks}
        ours, theirs = (set(switched_off(gate, (part,))) for part in ("intra", "inter"))
        assert ours | theirs == names
        assert not ours & theirs
        assert set(switched_off(gate, ())) == set()


def test_a_check_is_switched_off_in_every_gate_in_which_it_stands():
    for gate in ("setup", "control", "evidence"):
        assert dict(switched_off(gate, ("nonces_return",))) == {"nonces_return": OFF}
    assert "nonces_return" in every_switch()
    assert every_switch()[:2] == ("intra", "inter")


def crashes(evidence: object) -> Finding:
    raise ValueError("it is asked")


def refuses(evidence: object) -> Finding:
    return failed("no", remedy="again")


def test_a_check_that_is_not_asked_is_skipped_and_says_why():
    verdict = judge(
        "answer",
        None,  # type: ignore[arg-type]  # nobody looks at it
        subject="a1",
        round=1,
        checks=(crashes, refuses),
        unasked={"crashes": OFF, "refuses": "not yet"},
    )
    assert verdict.accepted
    assert [(f.check, f.status, f.detail) for f in verdict.findings] == [
        ("crashes", "skipped", OFF),
        ("refuses", "skipped", "not yet"),
    ]
