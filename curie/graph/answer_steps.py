"""The steps from accepted evidence to the end of a run."""

from curie.agents.briefs import AnalystBrief
from curie.agents.design import LOOKS
from curie.agents.follow_up import all_clear, follow_up
from curie.domain.analysis import Analysis
from curie.domain.answer import Answer, Sentence
from curie.domain.binding import FIELDS
from curie.domain.dossier import Closed, Dossier
from curie.domain.errors import REJECTED
from curie.domain.outcome import Measured
from curie.domain.plan import Approval, Frozen, Plan
from curie.domain.verdict import Verdict
from curie.graph.design_steps import off, verdict_on
from curie.graph.moves import after
from curie.graph.state import Cursor, Deps, Move
from curie.graph.trial_steps import current
from curie.graph.trials import trials_left
from curie.rigor import answer_evidence, judge
from curie.stats import analyse as analyse_trials


def analyse(cursor: Cursor, deps: Deps) -> Move:
    """Test every hypothesis; then go on to the plan's next look, take a second plan, or conclude.

    At an early look that does not settle everything the next seeds are measured, control first.
    """
    dossier = deps.dossier()
    plan, setup = current(cursor, dossier)
    look = cursor["look"]
    if not _analyses(dossier, plan, look):
        deps.tell("analyse", f"testing {len(plan.hypotheses)} hypotheses")
        writer = deps.ledger.writer(deps.run, "statistician")
        started, outcomes = dossier.started(setup.id), dossier.outcomes(setup.id)
        for analysis in analyse_trials(plan, started, outcomes, look=look):
            writer.add(analysis)
        dossier = deps.dossier()
    if look < plan.last_look and not all_clear(plan, _analyses(dossier, plan, look)):
        return Move(step="control", look=look + 1)
    looks = cursor["looks"] + 1
    again = looks < LOOKS and follow_up(
        plan, dossier.final_analyses(), trials_left=trials_left(deps)
    )
    return Move(step="plan" if again else "conclude", looks=looks)


def conclude(cursor: Cursor, deps: Deps) -> Move:
    """Have the analyst put the analyses into words."""
    dossier = deps.dossier()
    number = cursor["answer_no"] + 1
    if not any(a.id == f"a{number}" for a in dossier.of(Answer)):
        deps.tell("conclude", "writing the answer")
        system = dossier.system
        assert system is not None, "a plan was made, so a system was chosen"
        brief = AnalystBrief(
            question=dossier.question,
            system=system,
            plans=_analysed_plans(dossier),
            analyses=dossier.final_analyses(),
            fields=FIELDS,
            warnings=_confessions(dossier),
            verdicts=tuple(v for v in dossier.verdicts("answer") if not v.accepted),
        )
        answer = deps.crew.analyst.answer(brief, answer_id=f"a{number}")
        deps.ledger.writer(deps.run, "analyst").add(answer)
    return Move(step="vet_answer", answer_no=number)


def vet_answer(cursor: Cursor, deps: Deps) -> Move:
    """Judge the answer: bound numbers, honest words."""
    dossier = deps.dossier()
    answer = next(a for a in dossier.of(Answer) if a.id == f"a{cursor['answer_no']}")
    verdict = verdict_on(dossier, "answer", answer.id)
    if verdict is None:
        evidence = answer_evidence(dossier)
        unasked = off(dossier, "answer")
        verdict = judge("answer", evidence, subject=answer.id, round=1, unasked=unasked)
        deps.ledger.writer(deps.run, "gatekeeper").add(verdict)
    return after(verdict, cursor)


def close(cursor: Cursor, deps: Deps) -> Move:
    """End an answered run."""
    deps.ledger.writer(deps.run, "loop").add(Closed(how="answered", exit_code=0))
    return Move(step="end")


def give_up(cursor: Cursor, deps: Deps) -> Move:
    """End a run without a validated answer, saying what is missing and claiming nothing."""
    dossier = deps.dossier()
    writer = deps.ledger.writer(deps.run, "loop")
    writer.add(
        Answer(
            id=f"a{cursor['answer_no'] + 1}",
            verdict="gave_up",
            limits=_reasons(dossier),
            sentences=(
                Sentence(
                    text="No validated answer: the run was given up, and nothing is "
                    "claimed. The limits say what is missing."
                ),
            ),
        )
    )
    writer.add(Closed(how="gave_up", exit_code=REJECTED))
    return Move(step="end")


def _analyses(dossier: Dossier, plan: Plan, look: int) -> tuple[Analysis, ...]:
    return tuple(a for a in dossier.analyses(plan.id) if a.look == look)


def _analysed_plans(dossier: Dossier) -> tuple[Plan, ...]:
    frozen = {f.plan for f in dossier.of(Frozen)}
    return tuple(p for p in dossier.of(Plan) if p.id in frozen and dossier.analyses(p.id))


def _confessions(dossier: Dossier) -> tuple[str, ...]:
    """What the programs under test warned of, once each."""
    return tuple(dict.fromkeys(w for o in dossier.of(Measured) for w in o.result.warnings))


def _reasons(dossier: Dossier) -> tuple[str, ...]:
    """Why: the person's no, and the findings of the verdict that nothing could mend."""
    said = tuple(
        f"The person said no to plan {a.plan}." for a in dossier.of(Approval) if a.said == "no"
    )
    last = next((v for v in reversed(dossier.of(Verdict)) if not v.accepted), None)
    if last is None:
        return said or ("No way back was left.",)
    found = tuple(f"{last.gate} gate, {f.check}: {f.detail}" for f in last.failures)
    return said + found
