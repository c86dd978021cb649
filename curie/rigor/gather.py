"""The evidence of a gate, picked from a dossier. What is judged today can be judged again later."""

from collections.abc import Iterable
from itertools import takewhile

from curie.domain.analysis import Analysis
from curie.domain.answer import Answer
from curie.domain.dossier import Dossier
from curie.domain.errors import LedgerBroken
from curie.domain.outcome import Failed, Measured
from curie.domain.plan import Frozen, Plan
from curie.domain.setup import Setup, Started
from curie.domain.system import System
from curie.domain.verdict import Opinion
from curie.rigor.evidence import (
    AnswerEvidence,
    ControlEvidence,
    Event,
    PlanEvidence,
    SetupEvidence,
    TrialEvidence,
    TrialLog,
)


def plan_evidence(
    dossier: Dossier,
    plan: Plan,
    *,
    tested_kinds: Iterable[str],
    wanted_factors: tuple[str, ...] = (),
) -> PlanEvidence:
    """For the plan gate; earlier plans count once they were analysed."""
    analysed = {a.plan for a in dossier.of(Analysis)} - {plan.id}
    system, question = _system(dossier), dossier.question
    return PlanEvidence(
        plan=plan,
        system=system,
        budget=question.budget,
        trials_spent=len({(s.setup, s.trial) for s in dossier.of(Started)}),
        tested_kinds=frozenset(tested_kinds),
        wanted_factors=wanted_factors,
        own_program=not system.brings_program or question.workspace is not None,
        data=question.dataset is not None,
        previous=tuple(p for name in sorted(analysed) if (p := dossier.plan(name)) is not None),
    )


def setup_evidence(dossier: Dossier, plan: Plan, setup: Setup) -> SetupEvidence:
    """For the setup gate, with the reviewer's newest opinion of this setup."""
    opinions = [o for o in dossier.of(Opinion) if o.setup == setup.id]
    earlier = takewhile(lambda s: s.id != setup.id, dossier.of(Setup))
    sent_back = {v.subject for v in dossier.verdicts("setup") if v.remedy == "rebuild"}
    return SetupEvidence(
        plan=plan,
        system=_system(dossier),
        setup=setup,
        log=trial_log(dossier, plan, setup),
        opinion=opinions[-1] if opinions else None,
        refused=tuple(s for s in earlier if s.plan == plan.id and s.id in sent_back),
    )


def control_evidence(
    dossier: Dossier, plan: Plan, setup: Setup, *, look: int | None = None
) -> ControlEvidence:
    """For the control gate, at a look of the plan (None: its last)."""
    log = trial_log(dossier, plan, setup)
    return ControlEvidence(plan, _system(dossier), setup, log, look)


def trial_evidence(
    dossier: Dossier, plan: Plan, setup: Setup, *, look: int | None = None
) -> TrialEvidence:
    """For the evidence gate, at a look of the plan (None: its last)."""
    log = trial_log(dossier, plan, setup)
    return TrialEvidence(plan, _system(dossier), setup, log, look)


def answer_evidence(dossier: Dossier) -> AnswerEvidence:
    """For the answer gate: the newest answer, over all plans that were analysed."""
    answer = dossier.last(Answer)
    if answer is None:
        raise LedgerBroken(f"run {dossier.run}: there is no answer to judge; run it again")
    analyses = dossier.analyses()
    names = dict.fromkeys(a.plan for a in analyses)
    plans = tuple(p for name in names if (p := dossier.plan(name)) is not None)
    return AnswerEvidence(
        plans=plans, analyses=analyses, answer=answer, said_before=_said_before(dossier)
    )


def _said_before(dossier: Dossier) -> tuple[str, ...]:
    """What an analyst may repeat as a limit word for word, numbers included."""
    limits = [limit for plan in dossier.of(Plan) for limit in plan.limits]
    warnings = [w for m in dossier.of(Measured) for w in m.result.warnings]
    modelled = dossier.system.modelled if dossier.system else ""
    return tuple(dict.fromkeys(text for text in (*limits, modelled, *warnings) if text.strip()))


def trial_log(dossier: Dossier, plan: Plan, setup: Setup) -> TrialLog:
    """The events of one setup and the promise of its plan, in the ledger's order."""
    events: list[Event] = []
    for entry in dossier.entries:
        match entry.body:
            case Frozen(plan=name) as event if name == plan.id:
                events.append(event)
            case (Started(setup=name) | Measured(setup=name) | Failed(setup=name)) as event:
                if name == setup.id:
                    events.append(event)
            case _:
                continue
    return TrialLog(tuple(events))


def _system(dossier: Dossier) -> System:
    system = dossier.system
    if system is None:
        raise LedgerBroken(f"run {dossier.run}: no system was chosen before its gate; start again")
    return system
