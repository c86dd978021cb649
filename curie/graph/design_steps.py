"""The steps from a question to a frozen plan."""

import statistics
from collections.abc import Mapping

from curie.agents.briefs import ArchitectBrief
from curie.agents.builtin.asked import asked_factors
from curie.agents.design import Circumstances, complete
from curie.agents.follow_up import follow_up
from curie.domain.dossier import Chosen, Dossier
from curie.domain.errors import NotAnswerable, UsageError
from curie.domain.outcome import Measured
from curie.domain.plan import Approval, Draft, Frozen, Plan
from curie.domain.setup import Started
from curie.domain.verdict import GateName, Verdict
from curie.graph.moves import after, back
from curie.graph.state import Cursor, Deps, Move
from curie.graph.trials import trials_left
from curie.rigor import judge, plan_evidence, switched_off
from curie.stats import TESTED


def plan(cursor: Cursor, deps: Deps) -> Move:
    """Have the architect draft, complete the draft to a plan, and write it down."""
    number = cursor["plan_no"] + 1
    dossier = deps.dossier()
    if dossier.plan(f"p{number}") is None:
        try:
            draft, because = _draft(deps, dossier)
        except NotAnswerable as error:
            if dossier.last(Plan) is None:
                raise
            deps.tell("plan", str(error))
            return Move(step="give_up")
        _choose(deps, dossier, draft.system)
        system = deps.shelf(draft.system).system
        given = _circumstances(deps, dossier, f"p{number}", because)
        deps.ledger.writer(deps.run, "architect").add(complete(draft, system, given))
    return Move(step="vet_plan", plan_no=number, look=1)


def vet_plan(cursor: Cursor, deps: Deps) -> Move:
    """Judge the newest plan."""
    dossier = deps.dossier()
    plan = current_plan(cursor, dossier)
    deps.tell("vet_plan", f"{plan.id}: {len(plan.arms)} arms x {len(plan.seeds)} seeds")
    verdict = verdict_on(dossier, "plan", plan.id)
    if verdict is None:
        evidence = plan_evidence(
            dossier, plan, tested_kinds=TESTED, wanted_factors=_asked(deps, dossier, plan)
        )
        verdict = judge("plan", evidence, subject=plan.id, round=1, unasked=off(dossier, "plan"))
        deps.ledger.writer(deps.run, "gatekeeper").add(verdict)
    return after(verdict, cursor)


def approve(cursor: Cursor, deps: Deps) -> Move:
    """Ask the person, where they wished to be asked."""
    plan = current_plan(cursor, deps.dossier())
    if deps.approve is None:
        return Move(step="freeze")
    approval = deps.approve(plan)
    deps.ledger.writer(deps.run, "user").add(approval)
    match approval.said:
        case "yes":
            return Move(step="freeze")
        case "no":
            return Move(step="give_up")
        case "comment":
            return back("plan", cursor)


def freeze(cursor: Cursor, deps: Deps) -> Move:
    """Promise the plan, word for word, before its first trial."""
    dossier = deps.dossier()
    plan = current_plan(cursor, dossier)
    if dossier.frozen(plan.id) is None:
        frozen = Frozen(plan=plan.id, sha256=plan.fingerprint())
        deps.ledger.writer(deps.run, "loop").add(frozen)
    return Move(step="prepare")


def current_plan(cursor: Cursor, dossier: Dossier) -> Plan:
    """The newest plan of the run."""
    found = dossier.plan(f"p{cursor['plan_no']}")
    assert found is not None, "the step 'plan' writes it"
    return found


def off(dossier: Dossier, gate: GateName) -> Mapping[str, str]:
    """The checks of a gate that the person switched off for this run, and what is said of them."""
    return switched_off(gate, dossier.opened.without)


def verdict_on(dossier: Dossier, gate: str, subject: str, *, look: int = 1) -> Verdict | None:
    """The verdict that was given before the run was interrupted, if it was.

    A setup is judged once for each look of its plan: that is the round of its verdict.
    """
    wanted = (gate, subject, look)
    return next((v for v in dossier.of(Verdict) if (v.gate, v.subject, v.round) == wanted), None)


def _asked(deps: Deps, dossier: Dossier, plan: Plan) -> tuple[str, ...]:
    """The factors that the question asks about, in the words of the system's manifest.

    Of a program to be written there are none: its factors have the names that the plan gave them.
    """
    return asked_factors(dossier.question.text, deps.shelf(plan.system).system)


def _draft(deps: Deps, dossier: Dossier) -> tuple[Draft, str]:
    """A second look by code where a plan was analysed, else the architect's draft."""
    last = dossier.last(Plan)
    if last is not None and dossier.analyses(last.id):
        second = follow_up(last, dossier.final_analyses(), trials_left=trials_left(deps))
        assert second is not None, "the step 'analyse' asks for a plan only if there is one"
        return second
    brief = ArchitectBrief(
        question=dossier.question,
        systems=tuple(s.system for s in deps.shelves),
        tested=tuple(sorted(TESTED)),
        earlier=dossier.of(Plan),
        verdicts=_rejections(dossier),
        comments=_comments(dossier),
        trials_left=trials_left(deps),
    )
    deps.tell("plan", "designing the experiment")
    draft = deps.crew.architect.draft(brief)
    if draft.system not in {s.system.name for s in deps.shelves}:
        known = ", ".join(s.system.name for s in deps.shelves)
        raise UsageError(f"the architect chose {draft.system!r}; on offer are {known}")
    return draft, "the plan before it was sent back" if last is not None else ""


def _choose(deps: Deps, dossier: Dossier, name: str) -> None:
    """Write down the manifest in force, once, and again if the architect turns to another."""
    chosen = dossier.last(Chosen)
    if chosen is None or chosen.system.name != name:
        shelf = deps.shelf(name)
        deps.ledger.writer(deps.run, "loop").add(
            Chosen(system=shelf.system, manifest_sha256=shelf.manifest_sha256)
        )


def _circumstances(deps: Deps, dossier: Dossier, plan_id: str, because: str) -> Circumstances:
    used = [seed for p in dossier.of(Plan) for seed in p.seeds]
    return Circumstances(
        plan_id=plan_id,
        question=dossier.question.text,
        first_seed=max(used, default=0) + 1,
        order_key=deps.run,
        after=dossier.last(Plan),
        because=because,
        pilot=_spreads(dossier),
    )


def _spreads(dossier: Dossier) -> tuple[tuple[str, float], ...]:
    """The noise of each metric over the newest control trials, as a share of the mean.

    Looking at the control's noise before the treatments run says nothing about an effect, so it
    costs no alpha.
    """
    arms = {s.trial: s for s in dossier.of(Started) if s.arm == "control"}
    values: dict[str, list[float]] = {}
    for outcome in dossier.of(Measured):
        if outcome.trial in arms:
            for m in outcome.result.metrics:
                values.setdefault(m.name, []).append(m.value)
    return tuple(
        sorted(
            (name, statistics.stdev(v) / abs(statistics.fmean(v)))
            for name, v in values.items()
            if len(v) >= 2 and statistics.fmean(v) != 0
        )
    )


def _rejections(dossier: Dossier) -> tuple[Verdict, ...]:
    return tuple(v for v in dossier.of(Verdict) if not v.accepted and v.gate != "answer")


def _comments(dossier: Dossier) -> tuple[str, ...]:
    return tuple(a.comment for a in dossier.of(Approval) if a.said == "comment")
