import pytest

from curie.domain.dossier import AnyFact, Chosen, Closed, Dossier, Entry
from curie.domain.errors import LedgerBroken
from curie.domain.outcome import Measured
from curie.domain.plan import Plan
from tests.domain.samples import (
    ANALYSIS,
    AT,
    CALL,
    CHOSEN,
    FAILED,
    FROZEN,
    KILN,
    MEASURED,
    OPENED,
    PLAN,
    SETUP,
    STARTED,
    VERDICT,
)


def a_dossier(*facts: AnyFact) -> Dossier:
    return Dossier(
        run="r1",
        entries=tuple(
            Entry(seq=n, run="r1", at=AT, author="loop", body=f, sha256="", previous="")
            for n, f in enumerate(facts, start=1)
        ),
    )


def test_a_dossier_gives_the_facts_of_a_kind_in_order() -> None:
    second = MEASURED.but(trial="p1/a1/s2")
    dossier = a_dossier(OPENED, MEASURED, FAILED, second)
    assert dossier.of(Measured) == (MEASURED, second)
    assert dossier.last(Measured) == second
    assert dossier.of(Chosen) == ()
    assert dossier.last(Closed) is None


def test_a_dossier_knows_its_question_and_its_system() -> None:
    assert a_dossier(OPENED).question == OPENED.question
    assert a_dossier(OPENED).system is None
    assert a_dossier(OPENED, CHOSEN).system == KILN
    other = CHOSEN.but(system=KILN.but(name="oven"))
    assert a_dossier(OPENED, CHOSEN, other).system == other.system


def test_a_run_that_was_never_opened_is_a_broken_ledger() -> None:
    with pytest.raises(LedgerBroken, match="run r1: it was never opened"):
        a_dossier(CHOSEN).question  # noqa: B018 - asking is what raises


def test_the_newest_plan_of_an_id_counts() -> None:
    redraft = PLAN.but(alpha=0.01)
    dossier = a_dossier(OPENED, PLAN, redraft, PLAN.but(id="p2"))
    assert dossier.plan("p1") == redraft
    assert dossier.plan("p3") is None
    assert dossier.last(Plan) == PLAN.but(id="p2")


def test_the_promise_of_a_plan_is_found_by_its_id() -> None:
    dossier = a_dossier(OPENED, FROZEN)
    assert dossier.frozen("p1") == FROZEN
    assert dossier.frozen("p2") is None


def test_the_newest_setup_of_a_plan_counts_and_each_is_found_by_its_id() -> None:
    rebuilt = SETUP.but(id="s2")
    dossier = a_dossier(OPENED, SETUP, rebuilt)
    assert dossier.setup("p1") == rebuilt
    assert dossier.setup("p2") is None
    assert dossier.setup_named("s1") == SETUP
    assert dossier.setup_named("s3") is None


def test_trials_and_outcomes_are_those_of_their_setup() -> None:
    elsewhere = STARTED.but(setup="s2"), FAILED.but(setup="s2")
    dossier = a_dossier(OPENED, STARTED, MEASURED, *elsewhere, FAILED)
    assert dossier.started("s1") == (STARTED,)
    assert dossier.outcomes("s1") == (MEASURED, FAILED)
    assert dossier.outcomes("s2") == (elsewhere[1],)
    assert dossier.outcomes("s3") == ()


def test_verdicts_are_found_by_their_gate() -> None:
    later = VERDICT.but(gate="answer")
    dossier = a_dossier(OPENED, VERDICT, later)
    assert dossier.verdicts() == (VERDICT, later)
    assert dossier.verdicts("answer") == (later,)
    assert dossier.verdicts("setup") == ()


def test_analyses_are_found_by_their_plan() -> None:
    other = ANALYSIS.but(plan="p2")
    dossier = a_dossier(OPENED, ANALYSIS, other)
    assert dossier.analyses() == (ANALYSIS, other)
    assert dossier.analyses("p2") == (other,)


def test_the_cost_is_the_sum_of_the_known_prices() -> None:
    dossier = a_dossier(OPENED, CALL, CALL.but(number=2, usd=0.5), CALL.but(number=3, usd=None))
    assert dossier.usd == pytest.approx(0.75)


def test_a_verdict_names_the_findings_that_stopped_it() -> None:
    assert [f.check for f in VERDICT.failures] == ["power", "budget"]
