"""The steps from a frozen plan to accepted evidence."""

import json
from dataclasses import replace

from curie.agents.briefs import ReviewerBrief, TechnicianBrief
from curie.agents.technician import COMMAND_LIMIT_S, source_file
from curie.domain.dossier import Dossier
from curie.domain.errors import NotAnswerable
from curie.domain.outcome import Failed
from curie.domain.plan import Plan
from curie.domain.setup import Setup, SourceFile
from curie.domain.verdict import Opinion, Verdict
from curie.graph.design_steps import current_plan, off, verdict_on
from curie.graph.moves import after
from curie.graph.state import Cursor, Deps, Move, Shelf
from curie.graph.trials import TRY_SEED, probes, reexecutions, run_trials
from curie.rigor import control_evidence, judge, setup_evidence, trial_evidence, unprobed
from curie.sandbox.box import BoxSpec
from curie.sandbox.lasting import LastingBox

SOURCE_SUFFIXES = (".py", ".toml", ".txt", ".json", ".csv")
"""Files of a system that decide what a trial does."""


def prepare(cursor: Cursor, deps: Deps) -> Move:
    """Build the image, and have the program written where none is shipped."""
    dossier = deps.dossier()
    plan = current_plan(cursor, dossier)
    number = cursor["setup_no"] + 1
    if dossier.setup_named(f"s{number}") is None:
        shelf = deps.shelf(plan.system)
        deps.tell("prepare", f"building what {plan.system} runs in")
        image = deps.sandbox.build(shelf.system, shelf.folder)
        brings = shelf.system.brings_program
        setup = Setup(
            id=f"s{number}",
            plan=plan.id,
            system=plan.system,
            argv=("python", "-m", f"sandboxes.{plan.system}", ".")
            if brings
            else ("python", "program.py", "."),
            files=_brought(shelf),
            image=image,
            posture=deps.sandbox.posture(),
            host=deps.host,
            time_limit_s=shelf.system.time_limit_s,
            written_by=shelf.written_by,
            dataset_sha256=_dataset(dossier),
        )
        if not brings:
            setup = setup.but(files=_written(deps, dossier, plan, setup))
        deps.ledger.writer(deps.run, "technician").add(setup)
    return Move(step="probe", setup_no=number)


def probe(cursor: Cursor, deps: Deps) -> Move:
    """Run the trials that show whether the program can be trusted, if it reads well."""
    dossier = deps.dossier()
    plan, setup = current(cursor, dossier)
    if "inter" not in dossier.opened.without and not refused_as_read(dossier, plan, setup):
        run_trials(deps, "probe", plan, setup, probes(plan, setup))
    return Move(step="vet_setup")


def vet_setup(cursor: Cursor, deps: Deps) -> Move:
    """Judge the program: by reading it, by its probes, and by the reviewer's opinion.

    What the checks refuse is mended first: the reviewer reads what the checks let pass.
    """
    dossier = deps.dossier()
    plan, setup = current(cursor, dossier)
    verdict = verdict_on(dossier, "setup", setup.id)
    if verdict is None:
        verdict = _judged(dossier, plan, setup)
        if verdict.accepted and _reviewed(deps, dossier, plan, setup):
            verdict = _judged(deps.dossier(), plan, setup)
        deps.ledger.writer(deps.run, "gatekeeper").add(verdict)
    if verdict.remedy == "rebuild" and setup.written_by != "technician":
        return Move(step="give_up")  # nobody in a run rewrites what a system brings
    return after(verdict, cursor)


def control(cursor: Cursor, deps: Deps) -> Move:
    """Measure the control, alone, as far as the look asks; a rebuilt program from the start."""
    plan, setup = current(cursor, deps.dossier())
    run_trials(deps, "control", plan, setup, plan.due(cursor["look"], "control"))
    return Move(step="vet_control")


def vet_control(cursor: Cursor, deps: Deps) -> Move:
    """No treatment before its control is accepted."""
    dossier = deps.dossier()
    plan, setup = current(cursor, dossier)
    look = cursor["look"]
    verdict = verdict_on(dossier, "control", setup.id, look=look)
    if verdict is None:
        evidence = control_evidence(dossier, plan, setup, look=look)
        unasked = off(dossier, "control")
        verdict = judge("control", evidence, subject=setup.id, round=look, unasked=unasked)
        deps.ledger.writer(deps.run, "gatekeeper").add(verdict)
    return after(verdict, cursor)


def treat(cursor: Cursor, deps: Deps) -> Move:
    """Measure the treatments."""
    plan, setup = current(cursor, deps.dossier())
    run_trials(deps, "treat", plan, setup, plan.due(cursor["look"], "treatment"))
    return Move(step="reexecute")


def reexecute(cursor: Cursor, deps: Deps) -> Move:
    """Measure a sample again, in fresh boxes."""
    dossier = deps.dossier()
    plan, setup = current(cursor, dossier)
    if "inter" not in dossier.opened.without:
        sample = reexecutions(plan, dossier.outcomes(setup.id), dossier.started(setup.id))
        run_trials(deps, "reexecute", plan, setup, sample)
    return Move(step="vet_evidence")


def vet_evidence(cursor: Cursor, deps: Deps) -> Move:
    """No analysis on evidence that is not accepted."""
    dossier = deps.dossier()
    plan, setup = current(cursor, dossier)
    look = cursor["look"]
    verdict = verdict_on(dossier, "evidence", setup.id, look=look)
    if verdict is None:
        evidence = trial_evidence(dossier, plan, setup, look=look)
        unasked = off(dossier, "evidence")
        verdict = judge("evidence", evidence, subject=setup.id, round=look, unasked=unasked)
        deps.ledger.writer(deps.run, "gatekeeper").add(verdict)
    return after(verdict, cursor)


def current(cursor: Cursor, dossier: Dossier) -> tuple[Plan, Setup]:
    """The plan and the setup that the run is at."""
    setup = dossier.setup_named(f"s{cursor['setup_no']}")
    assert setup is not None, "the step 'prepare' writes it"
    return current_plan(cursor, dossier), setup


def refused_as_read(dossier: Dossier, plan: Plan, setup: Setup) -> bool:
    """Whether the checks refuse the program by reading it: then no trial is spent on it."""
    evidence = replace(setup_evidence(dossier, plan, setup), opinion=None)
    unasked = {**unprobed(), **off(dossier, "setup")}
    return not judge("setup", evidence, subject=setup.id, round=1, unasked=unasked).accepted


def _judged(dossier: Dossier, plan: Plan, setup: Setup) -> Verdict:
    """What the setup gate says; probes that were never run say nothing."""
    unasked = off(dossier, "setup")
    if refused_as_read(dossier, plan, setup):
        unasked = {**unprobed(), **unasked}
    evidence = setup_evidence(dossier, plan, setup)
    return judge("setup", evidence, subject=setup.id, round=1, unasked=unasked)


def _brought(shelf: Shelf) -> tuple[SourceFile, ...]:
    """The files that a system brings, for the checks, the report, and for judging it again."""
    paths = sorted(
        p
        for p in shelf.folder.rglob("*")
        if p.is_file() and p.suffix in SOURCE_SUFFIXES and "__pycache__" not in p.parts
    )
    return tuple(
        source_file(p.relative_to(shelf.folder).as_posix(), p.read_text("utf-8")) for p in paths
    )


def _dataset(dossier: Dossier) -> str | None:
    dataset = dossier.question.dataset
    return dataset.sha256 if dataset else None


def _written(deps: Deps, dossier: Dossier, plan: Plan, setup: Setup) -> tuple[SourceFile, ...]:
    """A program of the technician's, written and tried in a box of its own."""
    technician = deps.crew.technician
    if technician is None:
        raise NotAnswerable(
            f"{plan.system} needs a program to be written, and the built-in scientist writes none; "
            "ask with --model openai/<name>"
        )
    system = deps.shelf(plan.system).system
    last = dossier.last(Setup)
    files = last.files if last is not None and last.plan == plan.id else deps.workspace
    brief = TechnicianBrief(
        plan=plan,
        system=system,
        files=files,
        actions_left=1,
        dataset=deps.dataset is not None,
        verdicts=tuple(
            v
            for v in dossier.of(Verdict)
            if not v.accepted and last is not None and v.subject == last.id
        ),
        failures=_failures(dossier, last),
    )
    spec = BoxSpec(
        run=deps.run,
        image=setup.image,
        resources=system.resources,
        time_limit_s=max(setup.time_limit_s, COMMAND_LIMIT_S),
        files=files,
        dataset=deps.dataset,
    )
    box = LastingBox(lambda: deps.sandbox.open(spec))
    try:
        config = _trial_config(plan, box.dataset_path)
        box.write("config.json", config)
        return technician.write(brief.but(config=config.decode()), box)
    finally:
        box.close()


def _trial_config(plan: Plan, dataset: str | None) -> bytes:
    """A config.json to try the program with: the control, with a seed that is no trial's."""
    control_arm = next(a for a in plan.arms if a.role == "control")
    settings = {s.factor: s.level for s in plan.full_settings(control_arm)}
    config = {
        "version": 1,
        "system": plan.system,
        "seed": TRY_SEED,
        "nonce": "try",
        "settings": settings,
        "dataset": dataset,
    }
    return json.dumps(config).encode()


def _failures(dossier: Dossier, last: Setup | None) -> tuple[Failed, ...]:
    if last is None:
        return ()
    meant = {s.trial for s in dossier.started(last.id) if s.phase == "refusal"}
    found = (o for o in dossier.outcomes(last.id) if isinstance(o, Failed))
    return tuple(o for o in found if o.trial not in meant)[-3:]


def _reviewed(deps: Deps, dossier: Dossier, plan: Plan, setup: Setup) -> bool:
    """Have the reviewer read a program that was written for this run; whether it did so now."""
    given = any(o.setup == setup.id for o in dossier.of(Opinion))
    silent = "reviewer_trusts" in off(dossier, "setup")
    if given or silent or deps.crew.reviewer is None or setup.written_by == "shipped":
        return False
    deps.tell("vet_setup", "having the program reviewed")
    brief = ReviewerBrief(plan=plan, system=deps.shelf(plan.system).system, setup=setup)
    opinion = deps.crew.reviewer.review(brief)
    deps.ledger.writer(deps.run, "reviewer").add(opinion)
    return True
