"""A sandbox with the tiny system's image, and trials in it from asking to outcome."""

import hashlib
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Generic, TypeVar

from curie.domain.outcome import Failed, Measured
from curie.domain.setting import Setting
from curie.domain.setup import Setup, SourceFile, Started
from curie.metering.machine import host
from curie.sandbox.box import BoxSpec, Sandbox
from curie.sandbox.manifest import load
from curie.sandbox.trial import run_trial

TINY = Path(__file__).parents[1] / "conformance" / "tiny"
RUN = "bench"
BURN_S = 0.15
BURNING = f"""
import time
from sandboxes.contract import read_config, write_result
config = read_config(".")
while time.process_time() < {BURN_S}:
    pass
x = int(config.settings["x"])
write_result(".", config, {{"total": (float(x), "1"), "twice": (2 * x, "1")}})
"""
"""Computes until it has used so much CPU time, its own start included."""


S = TypeVar("S", bound=Sandbox)


class NotMeasured(Exception):
    """A trial of the benchmark failed, so its time would mean nothing."""


@dataclass(frozen=True)
class Clocked:
    """A trial and where its time went."""

    wait_s: float
    """From asking for a box to having it."""
    wall_s: float
    """From asking for a box to the outcome."""
    program_s: float
    """The command alone, as the outcome says: the way into the box included."""
    cpu_s: float
    """CPU time of all that ran in the box for it."""


class Bench(Generic[S]):
    """Runs trials of the tiny system in one sandbox."""

    def __init__(self, sandbox: S) -> None:
        self.sandbox = sandbox
        self._system = load(TINY)
        self.image = sandbox.build(self._system, TINY)
        self._posture = sandbox.posture()
        self._host = host()

    def setup(self, program: str = "") -> Setup:
        """The tiny system itself, or a program in its place."""
        digest = hashlib.sha256(program.encode()).hexdigest()
        code = SourceFile(path="program.py", sha256=digest, text=program)
        return Setup(
            id="s1",
            plan="p1",
            system=self._system.name,
            argv=("python", *(("program.py",) if program else ("-m", "sandboxes.tiny")), "."),
            files=(code,) if program else (),
            image=self.image,
            posture=self._posture,
            host=self._host,
            time_limit_s=self._system.time_limit_s,
            written_by="technician" if program else "shipped",
        )

    def spec(self, setup: Setup, *, quiet: bool = False) -> BoxSpec:
        """The box of its trials; a quiet one comes from no pool and is removed at once."""
        return BoxSpec(
            run=RUN,
            image=self.image,
            resources=self._system.resources,
            time_limit_s=setup.time_limit_s,
            files=setup.files,
            quiet=quiet,
        )

    def trial(self, setup: Setup, spec: BoxSpec, *, name: str) -> tuple[Clocked, Measured | Failed]:
        """One trial in a box of its own."""
        start = time.perf_counter()
        box = self.sandbox.open(spec)
        got = time.perf_counter()
        try:
            outcome = run_trial(
                box,
                started=started(name),
                setup=setup,
                metrics=self._system.metrics,
                at=datetime.now(UTC),
                load=0.0,
            )
            end = time.perf_counter()
        finally:
            box.close()
        used = measured(outcome).usage
        clocked = Clocked(
            wait_s=got - start,
            wall_s=end - start,
            program_s=used.wall_s,
            cpu_s=used.cpu_s or 0.0,
        )
        return clocked, outcome


def started(name: str) -> Started:
    """The intent to run a trial of that name."""
    return Started(
        trial=name,
        setup="s1",
        arm="a",
        phase="treatment",
        seed=5,
        settings=(Setting(factor="x", level=4),),
        analysed=True,
        nonce="a-nonce",
    )


def measured(outcome: Measured | Failed) -> Measured:
    """The outcome if it is a measurement, else NotMeasured."""
    if isinstance(outcome, Failed):
        raise NotMeasured(f"{outcome.trial}: {outcome.why}: {outcome.detail}")
    return outcome
