from typing import get_args

import pytest

from curie.domain.dossier import AnyFact, Role
from curie.domain.errors import ForbiddenFact
from curie.store.ledger import Ledger
from curie.store.rights import RIGHTS
from tests.domain.samples import ANSWER, EVERY_KIND

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
}
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


@pytest.mark.parametrize("verdict", ["supported", "refuted", "mixed", "inconclusive"])
def test_the_loop_can_give_up_but_not_answer(ledger: Ledger, verdict: str) -> None:
    loop = ledger.writer("r1", "loop")
    with pytest.raises(ForbiddenFact, match="only the analyst answers"):
        loop.add(ANSWER.but(verdict=verdict))
    assert loop.add(GAVE_UP).seq == 1


def test_one_forbidden_fact_in_a_batch_keeps_the_whole_batch_out(ledger: Ledger) -> None:
    executor = ledger.writer("r1", "executor")
    started, verdict = EVERY_KIND[7], EVERY_KIND[10]
    with pytest.raises(ForbiddenFact):
        executor.add_all((started, verdict))
    assert ledger.entries("r1") == ()
