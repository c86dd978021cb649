"""Setups and trials with good defaults, run by a little law of sorting."""

import hashlib
import json
import math
import random
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from curie.domain.outcome import Conditions, Failed, Measured, MetricValue, Result, Usage
from curie.domain.plan import Frozen, Plan, Trial
from curie.domain.setting import Setting, overlay
from curie.domain.setup import Host, Image, Posture, Setup, SourceFile, Started, tree_sha256
from curie.domain.verdict import Opinion
from curie.rigor import ControlEvidence, SetupEvidence, TrialEvidence, TrialLog
from curie.rigor.evidence import Event
from tests.rigor.build import COMPARISONS, DEPTH, SORT_MS, plan, system

START = datetime(2026, 1, 1, tzinfo=UTC)
SHA = hashlib.sha256(b"").hexdigest()

Values = dict[str, float]
Tamper = Callable[[Started, Values], Values]
"""What a trial reports instead of the truth."""


def source(text: str, path: str = "program.py") -> SourceFile:
    """A pinned file."""
    return SourceFile(path=path, sha256=hashlib.sha256(text.encode()).hexdigest(), text=text)


def setup(**changes: Any) -> Setup:
    """A shipped setup in a container."""
    sound = Setup(
        id="s1",
        plan="p1",
        system="sorting",
        argv=("python", "-m", "sandboxes.sorting", "."),
        files=(source("print()\n"),),
        image=Image(name="sorting", digest=f"sha256:{SHA}", base="debian", python="3.11"),
        posture=Posture(backend="docker", engine="24", guards=()),
        host=Host(cpu="cpu", cores=2, memory_mib=4096, kernel="6.1", python="3.11"),
        time_limit_s=10.0,
        written_by="shipped",
    )
    return sound.but(**changes)


def program(text: str, *more: SourceFile, **changes: Any) -> SetupEvidence:
    """The setup of a program that the technician wrote."""
    written = setup(files=(source(text), *more), **{"written_by": "technician", **changes})
    return SetupEvidence(plan=plan(), system=system(), setup=written)


def truth(started: Started) -> Values:
    """What a trial reports: a law of the settings, moved by its seed, timed by a machine."""
    levels = {s.factor: s.level for s in started.settings}
    size = float(levels["size"])
    grows = size**2 / 4 if levels["algorithm"] == "insertion" else size * math.log2(size + 1)
    moved = grows * (1 + 0.02 * _jitter(f"{started.seed}"))
    timed = moved * 1e-4 * (1 + 0.02 * _jitter(f"{started.trial}"))
    return {"comparisons": moved, "sort_ms": timed, "depth": float(len(str(levels["algorithm"])))}


def _jitter(name: str) -> float:
    return max(-1.5, min(1.5, random.Random(name).gauss(0.0, 1.0)))


def started(trial: Trial, **changes: Any) -> Started:
    """The intent to run a trial."""
    sound = Started(
        trial=trial.id,
        setup="s1",
        arm=trial.arm,
        phase=trial.phase,
        seed=trial.seed,
        settings=trial.settings,
        analysed=trial.analysed,
        nonce=f"nonce-{trial.id}",
    )
    return sound.but(**changes)


def measured(start: Started, values: Values | None = None, **changes: Any) -> Measured:
    """A measured trial; without values it tells the truth."""
    units = {m.name: m.unit for m in (COMPARISONS, SORT_MS, DEPTH)}
    told = truth(start) if values is None else values
    sound = Measured(
        trial=start.trial,
        setup=start.setup,
        box=f"box-{start.trial}",
        started=START,
        result=Result(
            version=1,
            system="sorting",
            seed=start.seed,
            nonce=start.nonce,
            metrics=tuple(MetricValue(name=n, value=v, unit=units[n]) for n, v in told.items()),
        ),
        usage=Usage(wall_s=0.1, cpu_s=0.1, processes_left=0),
        conditions=conditions(start),
    )
    return sound.but(**changes)


def conditions(start: Started, **changes: Any) -> Conditions:
    """What the box of a trial was, when all goes well."""
    told = {
        "system": "sorting",
        "seed": start.seed,
        "nonce": start.nonce,
        "settings": {s.factor: s.level for s in start.settings},
    }
    sound = Conditions(
        image=f"sha256:{SHA}",
        program_sha256=tree_sha256(()),
        config=json.dumps(told),
        cpus=1.0,
        memory_mib=512.0,
        pids=64,
        time_limit_s=10.0,
        network="none",
    )
    return sound.but(**changes)


def failed(start: Started, **changes: Any) -> Failed:
    """A trial that ended in an error."""
    sound = Failed(
        trial=start.trial,
        setup=start.setup,
        box=f"box-{start.trial}",
        started=START,
        why="exit",
        detail="exit code 1",
        usage=Usage(wall_s=0.1, cpu_s=0.1, processes_left=0),
        conditions=conditions(start),
        output="Traceback: KeyError: 'size'",
    )
    return sound.but(**changes)


def run(trials: tuple[Trial, ...], tamper: Tamper | None = None) -> list[Event]:
    """The events of trials that run one after the other."""
    events: list[Event] = []
    for trial in trials:
        start = started(trial)
        values = truth(start)
        events += [start, measured(start, tamper(start, values) if tamper else values)]
    return events


def later(events: list[Event], *, gap_s: float) -> list[Event]:
    """The same events with their trials one after the other, so many seconds apart."""
    at, told = START, []
    for event in events:
        if isinstance(event, Measured):
            event = event.but(started=at)
            at += timedelta(seconds=event.usage.wall_s + gap_s)
        told.append(event)
    return told


def probe_trials(of: Plan) -> tuple[Trial, ...]:
    """The probes that the setup gate asks for."""
    control = next(a for a in of.arms if a.role == "control")
    base = of.full_settings(control)
    cells = [("base", 91, base), ("again", 91, base), ("seed", 92, base)]
    for varied in of.vary:
        moved = (Setting(factor=varied.factor, level=varied.levels[-1]),)
        cells.append((varied.factor, 91, overlay(base, moved)))
    return tuple(
        Trial(
            id=f"{of.id}/probe:{name}",
            plan=of.id,
            arm=f"probe:{name}",
            phase="probe",
            seed=seed,
            settings=settings,
            analysed=False,
        )
        for name, seed, settings in cells
    )


def repeats(of: Plan, count: int = 2) -> tuple[Trial, ...]:
    """The first analysed treatments, to be run once more."""
    analysed = [t for t in of.trials("treatment") if t.analysed]
    again = {"phase": "reexecution", "analysed": False}
    return tuple(t.but(id=f"{t.id}/again", **again) for t in analysed[:count])


def setup_evidence(
    of: Plan | None = None, *, tamper: Tamper | None = None, **changes: Any
) -> SetupEvidence:
    """A setup whose probes were all measured."""
    asked = of or plan()
    log = TrialLog(tuple(run(probe_trials(asked), tamper)))
    trusted = Opinion(setup="s1", trustworthy=True)
    fields = {"system": system(), "setup": setup(), "log": log, "opinion": trusted}
    return SetupEvidence(plan=asked, **{**fields, **changes})


def control_evidence(of: Plan | None = None, *, tamper: Tamper | None = None) -> ControlEvidence:
    """The control phase, all measured."""
    asked = of or plan()
    log = TrialLog(tuple(run(asked.trials("control"), tamper)))
    return ControlEvidence(plan=asked, system=system(), setup=setup(), log=log)


def trial_evidence(
    of: Plan | None = None,
    *,
    tamper: Tamper | None = None,
    change: Callable[[list[Event]], list[Event]] | None = None,
    **changes: Any,
) -> TrialEvidence:
    """A whole experiment, promised, measured and sampled again."""
    asked = of or plan()
    events: list[Event] = [Frozen(plan=asked.id, sha256=asked.fingerprint())]
    for trials in (asked.trials("control"), asked.trials("treatment"), repeats(asked)):
        events += run(trials, tamper)
    fields = {"plan": asked, "system": system(), "setup": setup()}
    log = TrialLog(tuple(change(events) if change else events))
    return TrialEvidence(**{**fields, "log": log, **changes})
