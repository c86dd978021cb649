from typing import get_args

import pytest

from curie.domain.dossier import AnyFact, Role
from curie.domain.errors import ForbiddenFact
from curie.store.ledger import Ledger
from curie.store.rights import RIGHTS
from tests.domain.samples import ANSWER, EVERY_KIND, STATED

MAY = {
    "user": {"approval"},
    "loop": {"opened", "chosen", "frozen", "answer", "closed"},
    "architect": {"plan", "call"},
    "technician": {"setup", "call"},
    "reviewer": {"opinion", "call"},
    "executor": {"started", "measured", "failed"},
    "gatekeeper": {"verdict"},
    "statistician": {"analysis"},
    "analyst": {"answer", "call"},
    "baseline": {"setup", "command", "answer", "call"},
}
"""Written down once more, by hand: the ledger has to agree with it pair by pair."""
VERDICTS = ("supported", "refuted", "mixed", "inconclusive", "gave_up")
ANSWERS = {
    **dict.fromkeys([("analyst", v, False) for v in VERDICTS], True),
    **dict.fromkeys([("baseline", v, states) for v in VERDICTS for states in (True, False)], True),
    ("loop", "gave_up", False): True,
}
"""(role, verdict, whether it states claims of its own) of every answer that may be written."""
GAVE_UP = ANSWER.but(verdict="gave_up")


def a_fact_for(role: Role, fact: AnyFact) -> AnyFact:
    return GAVE_UP if (role, fact.fact) == ("loop", "answer") else fact


@pytest.mark.parametrize("fact", EVERY_KIND, ids=lambda f: f.fact)
@pytest.mark.parametrize("role", get_args(Role))
def test_a_role_writes_its_own_kinds_of_facts_and_no_others(
    ledger: Ledger, role: Role, fact: AnyFact
) -> None:
    writer = ledger.writer("r1", role)
    if fact.fact in MAY[role]:
        assert writer.add(a_fact_for(role, fact)).author == role
    else:
        with pytest.raises(ForbiddenFact, match=f"the {role} may not write .*{fact.fact!r}"):
            writer.add(fact)
        assert ledger.entries("r1") == ()


def test_the_table_names_every_role_and_every_kind_of_fact() -> None:
    kinds = set(get_args(get_args(AnyFact)[0]))
    assert set(RIGHTS) == set(get_args(Role))
    assert {kind for allowed in RIGHTS.values() for kind in allowed} == kinds
    assert {type(fact) for fact in EVERY_KIND} == kinds


@pytest.mark.parametrize("states", [False, True])
@pytest.mark.parametrize("verdict", VERDICTS)
@pytest.mark.parametrize("role", get_args(Role))
def test_the_loop_can_only_give_up_and_only_the_baseline_states_claims(
    ledger: Ledger, role: Role, verdict: str, states: bool
) -> None:
    answer = ANSWER.but(verdict=verdict, stated=(STATED,) if states else ())
    writer = ledger.writer("r1", role)
    if ANSWERS.get((role, verdict, states)):
        assert writer.add(answer).body == answer
    else:
        with pytest.raises(ForbiddenFact, match=f"the {role} may not "):
            writer.add(answer)
        assert ledger.entries("r1") == ()


@pytest.mark.parametrize("fact", EVERY_KIND, ids=lambda f: f.fact)
def test_a_fact_is_checked_again_when_the_chain_is_verified(ledger: Ledger, fact: AnyFact) -> None:
    role = next(r for r, kinds in MAY.items() if fact.fact in kinds)
    ledger.writer("r1", role).add(a_fact_for(role, fact))
    assert ledger.verify("r1") == 1


def test_one_forbidden_fact_in_a_batch_keeps_the_whole_batch_out(ledger: Ledger) -> None:
    executor = ledger.writer("r1", "executor")
    started, verdict = EVERY_KIND[7], EVERY_KIND[10]
    with pytest.raises(ForbiddenFact):
        executor.add_all((started, verdict))
    assert ledger.entries("r1") == ()
