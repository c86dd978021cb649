"""Runs trials: intent, box, outcome, each a fact before the next begins."""

import hashlib
import random
from collections.abc import Sequence
from dataclasses import replace

from curie.agents.design import other_level
from curie.domain.errors import BudgetSpent
from curie.domain.outcome import Failed, Measured
from curie.domain.plan import Phase, Plan, Trial
from curie.domain.setting import Setting, Settings, overlay
from curie.domain.setup import Setup, Started
from curie.graph.state import Deps, StepName
from curie.rigor.probing import (
    AGAIN,
    BASE,
    NO_DATA,
    NONSENSE,
    SEED,
    SEED_TOO,
    USED,
    factor_probe,
    missing_probe,
    nonsense_probe,
    refusals,
    sample_size,
)
from curie.sandbox.box import BoxSpec
from curie.sandbox.trial import run_trial

TRY_SEED = 900_001
"""The seed with which a program is tried while it is written: far from any plan's."""


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
        return _in_box(deps, plan, setup, trial, started)

    finished = len(trials) - len(todo)
    deps.tell(step, plan.id, done=finished, total=len(trials))
    for outcome in deps.fleet.run(todo, do, alone=plan.timed):
        writer.add(outcome)
        finished += 1
        deps.tell(step, outcome.trial, done=finished, total=len(trials))


def _in_box(
    deps: Deps, plan: Plan, setup: Setup, trial: Trial, started: Started
) -> Measured | Failed:
    """The trial in a box of its own, which is closed afterwards."""

    def once(what: Started) -> Measured | Failed:
        return run_trial(
            box,
            started=what,
            setup=setup,
            metrics=plan.metrics,
            at=deps.clock.now(),
            load=load,
        )

    load = deps.load()
    boxed = spec(deps, setup, plan)
    box = deps.sandbox.open(replace(boxed, dataset=None) if trial.arm == NO_DATA else boxed)
    try:
        for other in before(plan, trial, setup):
            first = once(intent(other, setup, deps.run, deps.dossier().opened.secret))
            if isinstance(first, Failed) and first.why in ("timeout", "oom", "killed"):
                return first.but(trial=trial.id)  # the box died with it
        return once(started)
    finally:
        box.close()


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


def probes(plan: Plan, setup: Setup) -> tuple[Trial, ...]:
    """The trials that show whether the program can be trusted, before any is measured.

    The control twice in fresh boxes, once with another seed, and once for each varied factor with
    that factor moved and all else as the control. Their seeds are those of the plan, so that a
    program cannot know a probe when it sees one. A program that was written or brought for this run
    has to give the same in a used box, too, and to refuse what it cannot do.
    """
    control = next(a for a in plan.arms if a.role == "control")
    settings = plan.full_settings(control)
    first, second, third = probe_seeds(plan)
    cells = [(BASE, first, settings), (AGAIN, first, settings), (SEED, second, settings)]
    cells += [
        (factor_probe(v.factor), first, overlay(settings, (Setting(factor=v.factor, level=level),)))
        for v in plan.vary
        if (level := other_level(plan, v.factor)) is not None
    ]
    tried = tuple(_probe(plan, *cell) for cell in cells)
    if setup.written_by == "shipped":
        return tried
    refused = refusals(plan, data=setup.dataset_sha256 is not None)
    return (
        *tried,
        _probe(plan, SEED_TOO, third, settings),
        _probe(plan, USED, first, settings),
        *(_probe(plan, arm, first, _spoilt(plan, arm, settings), "refusal") for arm in refused),
    )


def probe_seeds(plan: Plan) -> tuple[int, int, int]:
    """Three seeds of the plan; if it has fewer, those after its last."""
    last = max(plan.seeds)
    first, second, third, *_ = (*plan.seeds, last + 1, last + 2)
    return first, second, third


def _probe(plan: Plan, arm: str, seed: int, settings: Settings, phase: Phase = "probe") -> Trial:
    return Trial(
        id=f"{plan.id}/{arm}",
        plan=plan.id,
        arm=arm,
        phase=phase,
        seed=seed,
        settings=settings,
        analysed=False,
    )


def _spoilt(plan: Plan, arm: str, settings: Settings) -> Settings:
    """The settings of a probe that the program has to refuse."""
    for varied in plan.vary:
        if arm == missing_probe(varied.factor):
            return tuple(s for s in settings if s.factor != varied.factor)
        if arm == nonsense_probe(varied.factor):
            return overlay(settings, (Setting(factor=varied.factor, level=NONSENSE),))
    return settings


def before(plan: Plan, trial: Trial, setup: Setup) -> tuple[Trial, ...]:
    """What runs in a trial's box ahead of it: nothing, but for the probe of a used box.

    There another seed and a moved factor come first, so that whatever the program keeps from one
    trial for the next lies ready.
    """
    if trial.arm != USED:
        return ()
    known = [t for t in probes(plan, setup) if t.arm not in (BASE, AGAIN, SEED_TOO, USED)]
    return tuple(t.but(id=f"{trial.id}/after {t.arm}") for t in known[:2] if t.phase == "probe")


def reexecutions(
    plan: Plan, outcomes: Sequence[Measured | Failed], analysed: Sequence[Started]
) -> tuple[Trial, ...]:
    """A sample of the measured trials, to be run again; which ones, the plan's order seed says.

    One of each arm, so that no arm escapes, and then any until the sample is large enough.
    """
    measured = {o.trial for o in outcomes if isinstance(o, Measured)}
    pool = sorted(
        (s for s in analysed if s.trial in measured and s.analysed), key=lambda s: s.trial
    )
    dice = random.Random(plan.order_seed + 1)
    dice.shuffle(pool)
    one_each = list({s.arm: s for s in reversed(pool)}.values())
    rest = [s for s in pool if s not in one_each]
    sample = sorted(
        (one_each + rest)[: max(len(one_each), sample_size(plan))], key=lambda s: s.trial
    )
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
