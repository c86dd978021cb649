"""What each gate is shown, picked from a dossier."""

import pytest

from curie.domain.dossier import Chosen, Dossier, Entry, Opened
from curie.domain.errors import LedgerBroken
from curie.domain.plan import Frozen
from curie.domain.question import Budget, Question
from curie.domain.setup import Started
from curie.domain.verdict import Opinion
from curie.rigor import (
    answer_evidence,
    control_evidence,
    judge,
    plan_evidence,
    setup_evidence,
    trial_evidence,
)
from tests.rigor.build import analysis, plan, system
from tests.rigor.build import answer_evidence as sound_answer
from tests.rigor.trials import START, probe_trials, repeats, run, setup

PLAN, SETUP = plan(), setup()
OPENED = Opened(
    question=Question(text="Which sort?", budget=Budget(trials=50)),
    model="builtin",
    curie_version="0",
    secret="secret",
)
CHOSEN = Chosen(system=system(), manifest_sha256="0" * 64)
TRIALS = (*probe_trials(PLAN), *PLAN.trials("control"), *PLAN.trials("treatment"), *repeats(PLAN))
FROZEN = Frozen(plan="p1", sha256=PLAN.fingerprint())
WHOLE = (OPENED, CHOSEN, PLAN, FROZEN, SETUP, *run(TRIALS), analysis(), sound_answer().answer)


def dossier(*bodies):
    """A dossier of these facts, in this order."""
    return Dossier(
        run="r1",
        entries=tuple(
            Entry(seq=i, run="r1", at=START, author="loop", body=b, sha256="0", previous="0")
            for i, b in enumerate(bodies, start=1)
        ),
    )


def test_a_whole_run_is_accepted_by_every_gate_from_its_dossier_alone():
    whole = dossier(*WHOLE)
    shown = {
        "plan": plan_evidence(whole, PLAN, tested_kinds=["difference"]),
        "setup": setup_evidence(whole, PLAN, SETUP),
        "control": control_evidence(whole, PLAN, SETUP),
        "evidence": trial_evidence(whole, PLAN, SETUP),
        "answer": answer_evidence(whole),
    }
    verdicts = [judge(gate, evidence, subject="x", round=1) for gate, evidence in shown.items()]
    assert [v.failures for v in verdicts] == [()] * 5


def test_the_plan_gate_sees_what_was_spent_and_which_plans_were_analysed():
    draft = plan(id="p2")
    rejected = plan(id="p3")
    evidence = plan_evidence(dossier(*WHOLE, rejected, draft), draft, tested_kinds=["difference"])
    assert evidence.trials_spent == len(TRIALS)
    assert evidence.previous == (PLAN,)
    assert evidence.budget.trials == 50


def test_a_trial_that_was_begun_twice_is_counted_once():
    starts = [b for b in WHOLE if isinstance(b, Started)]
    evidence = plan_evidence(dossier(*WHOLE, *starts), plan(id="p2"), tested_kinds=[])
    assert evidence.trials_spent == len(TRIALS)


def test_the_log_keeps_the_ledgers_order_and_leaves_out_other_setups_and_plans():
    strangers = [e.but(setup="s9") for e in run(PLAN.trials("control"))]
    other = Frozen(plan="p9", sha256="0" * 64)
    log = trial_evidence(dossier(*WHOLE, *strangers, other), PLAN, SETUP).log
    assert log.events == (FROZEN, *run(TRIALS))


def test_the_setup_gate_sees_the_newest_opinion_of_this_very_setup():
    doubt = Opinion(setup="s1", trustworthy=False)
    trust, stranger = Opinion(setup="s1", trustworthy=True), Opinion(setup="s2", trustworthy=False)
    assert setup_evidence(dossier(*WHOLE, doubt, trust, stranger), PLAN, SETUP).opinion == trust
    assert setup_evidence(dossier(*WHOLE), PLAN, SETUP).opinion is None


def test_evidence_that_is_not_there_is_a_broken_ledger():
    with pytest.raises(LedgerBroken, match="no answer"):
        answer_evidence(dossier(OPENED, CHOSEN))
    with pytest.raises(LedgerBroken, match="no system"):
        setup_evidence(dossier(OPENED), PLAN, SETUP)
