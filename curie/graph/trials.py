"""Runs trials: intent, box, outcome, each a fact before the next begins."""

import hashlib
import random
from collections.abc import Sequence

from curie.agents.design import other_level
from curie.domain.errors import BudgetSpent
from curie.domain.outcome import Failed, Measured
from curie.domain.plan import Plan, Trial
from curie.domain.setting import Setting, overlay
from curie.domain.setup import Setup, Started
from curie.graph.state import Deps, StepName
from curie.rigor.probing import AGAIN, BASE, SAMPLE, SEED, factor_probe
from curie.sandbox.box import BoxSpec
from curie.sandbox.trial import run_trial

PROBE_SEEDS = (900_001, 900_002)
"""Seeds of probes: far from any plan's, so that no probe is a replicate."""


def run_trials(
    deps: Deps, step: StepName, plan: Plan, setup: Setup, trials: Sequence[Trial]
) -> None:
    """Run what is not yet done of these trials; every intent and outcome becomes a fact.

    Raises BudgetSpent before a trial that the budget does not cover, SandboxUnavailable when boxes
    cannot be had; what was measured until then stays measured.
    """
    dossier = deps.dossier()
    done = {o.trial for o in dossier.outcomes(setup.id)}
    begun = {s.trial: s for s in dossier.started(setup.id)}
    todo = [t for t in trials if t.id not in done]
    _reserve(deps, len([t for t in todo if t.id not in begun]))
    deps.sandbox.expect(spec(deps, setup, plan), len(todo))
    writer = deps.ledger.writer(deps.run, "executor")
    secret = dossier.opened.secret

    def do(trial: Trial) -> Measured | Failed:
        check_time(deps)
        started = begun.get(trial.id)
        if started is None:
            started = intent(trial, setup, deps.run, secret)
            writer.add(started)
        load = deps.load()
        box = deps.sandbox.open(spec(deps, setup, plan))
        try:
            return run_trial(
                box,
                started=started,
                setup=setup,
                metrics=plan.metrics,
                at=deps.clock.now(),
                load=load,
            )
        finally:
            box.close()

    finished = len(trials) - len(todo)
    deps.tell(step, plan.id, done=finished, total=len(trials))
    for outcome in deps.fleet.run(todo, do, alone=plan.timed):
        writer.add(outcome)
        finished += 1
        deps.tell(step, outcome.trial, done=finished, total=len(trials))


def intent(trial: Trial, setup: Setup, run: str, secret: str) -> Started:
    """The intent to run a trial, with the nonce that its result must bring back."""
    nonce = hashlib.sha256(f"{secret}:{run}:{setup.id}:{trial.id}".encode()).hexdigest()[:20]
    return Started(
        trial=trial.id,
        setup=setup.id,
        arm=trial.arm,
        phase=trial.phase,
        seed=trial.seed,
        settings=trial.settings,
        analysed=trial.analysed,
        nonce=nonce,
    )


def spec(deps: Deps, setup: Setup, plan: Plan) -> BoxSpec:
    """The box of every trial of a setup: equal for all arms."""
    system = deps.shelf(plan.system).system
    # A system that brings its program has it in its image.
    files = setup.files if setup.written_by == "technician" else ()
    return BoxSpec(
        run=deps.run,
        image=setup.image,
        resources=system.resources,
        time_limit_s=setup.time_limit_s,
        files=files,
        dataset=deps.dataset,
        quiet=plan.timed,
    )


def probes(plan: Plan) -> tuple[Trial, ...]:
    """The trials that show whether the program can be trusted, before any is measured.

    The control twice in fresh boxes, once with another seed, and once for each varied factor with
    that factor moved and all else as the control.
    """
    control = next(a for a in plan.arms if a.role == "control")
    settings = plan.full_settings(control)
    moved = [
        (v.factor, level) for v in plan.vary if (level := other_level(plan, v.factor)) is not None
    ]
    first, second = PROBE_SEEDS
    cells = [(BASE, first, settings), (AGAIN, first, settings), (SEED, second, settings)]
    cells += [
        (factor_probe(name), first, overlay(settings, (Setting(factor=name, level=level),)))
        for name, level in moved
    ]
    return tuple(
        Trial(
            id=f"{plan.id}/{name}",
            plan=plan.id,
            arm=name,
            phase="probe",
            seed=seed,
            settings=cell,
            analysed=False,
        )
        for name, seed, cell in cells
    )


def reexecutions(
    plan: Plan, outcomes: Sequence[Measured | Failed], analysed: Sequence[Started]
) -> tuple[Trial, ...]:
    """A sample of the measured trials, to be run again; which ones, the plan's order seed says."""
    measured = {o.trial for o in outcomes if isinstance(o, Measured)}
    pool = sorted(
        (s for s in analysed if s.trial in measured and s.analysed), key=lambda s: s.trial
    )
    sample = random.Random(plan.order_seed + 1).sample(pool, min(SAMPLE, len(pool)))
    return tuple(
        Trial(
            id=f"{s.trial}/again",
            plan=plan.id,
            arm=s.arm,
            phase="reexecution",
            seed=s.seed,
            settings=s.settings,
            analysed=False,
        )
        for s in sample
    )


def trials_left(deps: Deps) -> int | None:
    """How many more trials the budget has; None without a limit."""
    dossier = deps.dossier()
    limit = dossier.question.budget.trials
    return None if limit is None else limit - len(dossier.of(Started))


def _reserve(deps: Deps, count: int) -> None:
    left = trials_left(deps)
    if left is not None and count > left:
        raise BudgetSpent(
            f"run {deps.run}: {count} more trials are needed and {left} are left of the budget; "
            "ask again with a larger --budget-trials"
        )


def check_time(deps: Deps) -> None:
    """BudgetSpent once the run's minutes are over."""
    if deps.deadline is not None and deps.clock.now() > deps.deadline:
        raise BudgetSpent(
            f"run {deps.run}: its minutes are over; ask again with a larger --budget-minutes"
        )
