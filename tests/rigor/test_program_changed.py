"""A program that was sent back must not come again as it was."""

import pytest

from curie.domain.dossier import Dossier, Entry
from curie.domain.verdict import Verdict
from curie.rigor import judge, setup_evidence
from curie.rigor.checks.program_changed import program_changed
from tests.domain.samples import AT, CHOSEN, OPENED, PLAN, SETUP, VERDICT
from tests.rigor.trials import program, setup, source

FIRST = setup(written_by="technician", files=(source("x = 1\n"),))
SENT_BACK: Verdict = VERDICT.but(gate="setup", subject="s1", remedy="rebuild")


def dossier(*bodies):
    """A dossier of these facts."""
    return Dossier(
        run="r1",
        entries=tuple(
            Entry(seq=i, run="r1", at=AT, author="loop", body=b, sha256="", previous="")
            for i, b in enumerate((OPENED, CHOSEN, PLAN, *bodies), start=1)
        ),
    )


def refused(of, *bodies):
    return [s.id for s in setup_evidence(dossier(*bodies), PLAN, of).refused]


def test_the_same_files_again_end_the_run_and_the_reason_names_both_setups():
    evidence = program("x = 1\n", id="s2")
    verdict = judge(
        "setup", setup_of(evidence, refused=(FIRST,)), subject="s2", round=1,
        checks=[program_changed],
    )  # fmt: skip
    assert verdict.remedy == "give_up"
    assert "setup s2 has the very files of setup s1" in verdict.failures[0].detail


def setup_of(evidence, **changes):
    """The evidence with other fields."""
    return type(evidence)(**{**vars(evidence), **changes})


@pytest.mark.parametrize("text", ["x = 2\n", "x = 1\n\n"])
def test_any_change_to_the_files_is_a_new_program(text):
    finding = program_changed(setup_of(program(text, id="s2"), refused=(FIRST,)))
    assert finding.status == "passed"


def test_a_first_program_is_not_compared():
    assert program_changed(program("x = 1\n")).status == "skipped"


def test_only_what_was_sent_back_to_be_rebuilt_counts_as_refused():
    setups = (SETUP, SETUP.but(id="s2"))
    sent_back = SENT_BACK
    assert refused(setups[1], setups[0], sent_back, setups[1]) == ["s1"]
    for verdict in (
        sent_back.but(remedy="again"),
        sent_back.but(remedy="none", accepted=True),
        sent_back.but(gate="control"),
    ):
        assert refused(setups[1], setups[0], verdict, setups[1]) == []


def test_a_setup_of_another_plan_may_have_the_same_program():
    assert refused(SETUP.but(id="s2"), SETUP.but(plan="p0"), SENT_BACK, SETUP.but(id="s2")) == []


def test_a_setup_judged_again_later_is_not_compared_with_those_that_followed():
    second = SETUP.but(id="s2")
    assert refused(SETUP, SETUP, second, SENT_BACK.but(subject="s2")) == []
