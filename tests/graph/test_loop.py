"""The real loop in a small world: moods at random, and what must hold of every ledger."""

import tempfile
from collections.abc import Iterable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from curie.domain.analysis import Analysis
from curie.domain.answer import Answer
from curie.domain.clock import StoppedClock
from curie.domain.dossier import Closed, Dossier
from curie.domain.errors import REJECTED
from curie.domain.plan import Approval, Frozen
from curie.domain.setup import Setup, Started
from curie.domain.verdict import Opinion, Verdict
from curie.graph.loop import STEPS, build, run
from curie.graph.state import WAYS_BACK, Cursor, Deps, Move, start
from curie.store import Ledger
from tests.domain.samples import AT
from tests.graph.world import BOX_MOODS, World, deps

MOODS = {
    "architect": ("sound", "open", "too few levels", "out of ideas"),
    "person": ("yes", "comment", "no"),
    "technician": ("new", "same", "typed"),
    "box": BOX_MOODS,
    "reviewer": ("trusts", "mistrusts"),
    "analyst": ("honest", "types numbers"),
}


def usually(moods: tuple[str, ...]) -> st.SearchStrategy[list[str]]:
    """Moods in turn, of which the first is the likeliest; a run goes far only if most are well."""
    usual = "right" if "right" in moods else moods[0]
    return st.lists(st.just(usual) | st.just(usual) | st.sampled_from(moods), max_size=12)


def played(**moods: Iterable[str]) -> Dossier:
    """The ledger of a whole run."""
    world = World({who: iter(list(said)) for who, said in moods.items()})
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        with Ledger.open(home / "ledger.db", StoppedClock(AT)) as ledger:
            run(deps(world, ledger), home / "checkpoints.db")
            ledger.verify("r1")
            return ledger.dossier("r1")


def told(dossier: Dossier) -> list[object]:
    return [entry.body for entry in dossier.entries]


def accepted(facts: list[object], gate: str, subject: str) -> bool:
    return any(
        isinstance(f, Verdict) and (f.gate, f.subject, f.accepted) == (gate, subject, True)
        for f in facts
    )


def hold_to_the_rules(dossier: Dossier) -> None:
    """What must be true of any run, at each of its facts."""
    facts = told(dossier)
    for place, fact in enumerate(facts):
        before = facts[:place]
        match fact:
            case Started(phase="treatment", setup=setup):
                assert accepted(before, "control", setup)
            case Started(phase="control", setup=setup):
                assert accepted(before, "setup", setup)
            case Started(phase="probe", setup=setup):
                found = dossier.setup_named(setup)
                assert found is not None
                assert accepted(before, "plan", found.plan)
                assert any(isinstance(f, Frozen) and f.plan == found.plan for f in before)
            case Analysis(plan=plan):
                setups = [s.id for s in before if isinstance(s, Setup) and s.plan == plan]
                assert accepted(before, "evidence", setups[-1])
            case Opinion(setup=setup):
                refused = {f.check for v in judged(before, setup) for f in v.failures}
                assert not refused - {"reviewer_trusts"}
    hold_to_the_end(dossier)


def judged(facts: list[object], subject: str) -> list[Verdict]:
    return [f for f in facts if isinstance(f, Verdict) and f.subject == subject]


def hold_to_the_end(dossier: Dossier) -> None:
    """What must be true of how a run ends."""
    closed, answer = told(dossier)[-1], dossier.last(Answer)
    assert isinstance(closed, Closed)
    assert answer is not None
    if closed.how == "answered":
        assert accepted(told(dossier), "answer", answer.id)
        assert answer.verdict != "gave_up"
    else:
        assert closed.exit_code == REJECTED
        assert answer.verdict == "gave_up"
        assert [s.claims for s in answer.sentences] == [()]
        assert not any(c.isdigit() for s in answer.sentences for c in s.text)
        assert answer.limits
    refused = [v for v in dossier.of(Verdict) if not v.accepted]
    comments = [a for a in dossier.of(Approval) if a.said == "comment"]
    assert len(refused) + len(comments) <= WAYS_BACK + 1


@settings(max_examples=25)
@given(moods=st.fixed_dictionaries({who: usually(moods) for who, moods in MOODS.items()}))
def test_whatever_the_world_does_a_run_keeps_the_rules_and_ends(moods):
    hold_to_the_rules(played(**moods))


def test_a_world_without_trouble_is_answered_in_one_pass():
    dossier = played()
    hold_to_the_rules(dossier)
    assert told(dossier)[-1] == Closed(how="answered", exit_code=0)
    assert [v.accepted for v in dossier.of(Verdict)] == [True] * 5
    assert [a.verdict for a in dossier.of(Analysis)] == ["supported"]


@pytest.mark.parametrize("mood", [m for m in BOX_MOODS if m not in ("right", "vague")])
def test_probes_in_any_bad_mood_are_sent_back_and_a_better_program_is_measured(mood):
    dossier = played(box=[mood])
    hold_to_the_rules(dossier)
    setup = [v for v in dossier.of(Verdict) if v.gate == "setup"]
    assert [v.accepted for v in setup] == [False, True]
    assert dossier.last(Closed) == Closed(how="answered", exit_code=0)


def test_a_sandbox_that_never_recovers_spends_all_ways_back_and_nothing_is_claimed():
    dossier = played(box=["dies"] * 100)
    hold_to_the_rules(dossier)
    assert len([v for v in dossier.of(Verdict) if not v.accepted]) == WAYS_BACK + 1
    assert any("probes_measured" in limit for limit in dossier.of(Answer)[-1].limits)


def test_the_same_program_handed_in_again_ends_the_run_and_the_report_says_why():
    dossier = played(technician=["typed", "same"])
    hold_to_the_rules(dossier)
    assert [s.id for s in dossier.of(Setup)] == ["s1", "s2"]
    answer = dossier.of(Answer)[-1]
    assert answer.verdict == "gave_up"
    assert any("s2 has the very files of setup s1" in limit for limit in answer.limits)


def test_the_reviewer_is_not_asked_about_a_program_that_the_checks_refuse():
    dossier = played(technician=["typed"], reviewer=["mistrusts"])
    opinions = dossier.of(Opinion)
    assert [(o.setup, o.trustworthy) for o in opinions] == [("s2", False), ("s3", True)]
    first, second, third = (v for v in dossier.of(Verdict) if v.gate == "setup")
    assert {"seeds_obeyed", "factors_read"} & {f.check for f in first.failures}
    assert [f.check for f in second.failures] == ["reviewer_trusts"]
    asked = {f.check: f.status for f in first.findings}
    assert asked["reviewer_trusts"] == "skipped"
    assert set(asked) == {f.check for f in third.findings}, "every verdict is complete"


def test_a_comment_is_a_way_back_and_a_no_is_the_end():
    dossier = played(person=["comment", "no"])
    hold_to_the_rules(dossier)
    assert [a.said for a in dossier.of(Approval)] == ["comment", "no"]
    assert dossier.of(Setup) == ()
    assert "The person said no to plan p2." in dossier.of(Answer)[-1].limits


def test_an_undecided_claim_gets_one_second_look_and_no_third():
    dossier = played(box=["vague"] * 100)
    hold_to_the_rules(dossier)
    looked = [(a.plan, a.verdict) for a in dossier.of(Analysis)]
    assert [plan for plan, _ in looked] == ["p1", "p2"]
    assert looked[0] == ("p1", "inconclusive")
    assert dossier.last(Closed) == Closed(how="answered", exit_code=0)


def test_a_step_that_leads_where_the_table_does_not_is_stopped(tmp_path):
    def stray(cursor: Cursor, deps: Deps) -> Move:
        return Move(step="treat")

    graph = build({**STEPS, "probe": stray}).compile()
    with Ledger.open(tmp_path / "l.db", StoppedClock(AT)) as ledger:
        with pytest.raises(KeyError, match="treat"):
            graph.invoke(start(WAYS_BACK), context=deps(World({}), ledger))
        assert ledger.dossier("r1").of(Started) == ()
