"""One trial by hand, in the same box and by the same contract as every other; nothing is kept."""

import math
import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from curie.app.clock import SystemClock
from curie.app.home import Home
from curie.app.settings import Settings
from curie.app.shelves import shelf_of
from curie.app.systems import allowed_text
from curie.domain.errors import UsageError
from curie.domain.outcome import Failed, Measured
from curie.domain.plan import defaults_of
from curie.domain.setting import Level, Setting, overlay, settings_text
from curie.domain.setting import Settings as Levels
from curie.domain.setup import Posture, Setup, Started
from curie.domain.system import Factor, System
from curie.graph.state import Shelf
from curie.metering.machine import host, load_per_core
from curie.sandbox.backends import open_sandbox
from curie.sandbox.box import BoxSpec, Sandbox
from curie.sandbox.manifest import find, nearest
from curie.sandbox.trial import run_trial

_BOOLEANS = {"true": True, "yes": True, "1": True, "false": False, "no": False, "0": False}


@dataclass(frozen=True)
class Tried:
    """What became of the trial, and where it ran."""

    system: str
    seed: int
    settings: Levels
    outcome: Measured | Failed
    posture: Posture
    notes: tuple[str, ...]
    """What the person should know of the settings, such as a factor that does nothing here."""

    def as_json(self) -> dict[str, Any]:
        """The object of `curie run --json`."""
        return {
            "system": self.system,
            "seed": self.seed,
            "settings": {s.factor: s.level for s in self.settings},
            "sandbox": self.posture.backend,
            "notes": list(self.notes),
            "outcome": self.outcome.model_dump(mode="json"),
        }


def run_one(
    name: str,
    assignments: Sequence[str],
    settings: Settings,
    *,
    seed: int,
    say: Callable[[str], None],
) -> Tried:
    """Run one trial of a shipped system. A trial that fails is a value.

    UsageError for an unknown system or factor, or a level that cannot be; SandboxUnavailable.
    """
    shelf = shelf_of(find(name), shipped=True)
    if not shelf.system.brings_program:
        raise UsageError(
            f"system {name}: has no program of its own to run; ask a question with "
            f"`curie ask --system {name} --model openai/NAME`"
        )
    given = tuple(parse_setting(shelf.system, text) for text in assignments)
    levels = overlay(overlay((), defaults_of(shelf.system.factors)), given)
    sandbox = open_sandbox(settings.sandbox, state=Home(settings.home).sandbox, workers=1, say=say)
    try:
        outcome = _in_box(shelf, levels, seed, sandbox)
        posture = sandbox.posture()
    finally:
        sandbox.close()
    notes = _idle(shelf.system, given, levels)
    return Tried(name, seed, levels, outcome, posture, notes)


def parse_setting(system: System, text: str) -> Setting:
    """`ef_search=64` as a setting, typed by the factor. UsageError says what would be allowed."""
    name, equals, word = (part.strip() for part in text.partition("="))
    if not equals:
        raise UsageError(f"--set {text!r}: give FACTOR=LEVEL, as in {_example(system)}")
    factor = system.factor(name)
    if factor is None:
        near = nearest(name, (f.name for f in system.factors))
        raise UsageError(f"--set {text!r}: {system.name} has no factor {name!r}; {near}")
    level = _typed(factor, word)
    if level is None or not factor.allows(level):
        unit = f" ({factor.unit})" if factor.unit else ""
        raise UsageError(
            f"--set {text!r}: {word!r} is no level of {name}; "
            f"it takes {factor.type}{unit}: {allowed_text(factor)}"
        )
    return Setting(factor=name, level=level)


def _typed(factor: Factor, word: str) -> Level | None:
    """The word as the factor's type has it; None where it is not of that type."""
    try:
        match factor.type:
            case "int":
                return int(word)
            case "float":
                number = float(word)
                return number if math.isfinite(number) else None
            case "bool":
                return _BOOLEANS.get(word.lower())
            case "str":
                return word
    except ValueError:
        return None


def _example(system: System) -> str:
    factor = system.factors[0] if system.factors else None
    return f"{factor.name}={factor.default}" if factor else "factor=level"


def _idle(system: System, given: Levels, levels: Levels) -> tuple[str, ...]:
    """The factors that were set but do nothing at these levels."""
    notes = []
    for setting in given:
        factor = system.factor(setting.factor)
        missing = tuple(n for n in (factor.needs if factor else ()) if _off(system, n, levels))
        if missing:
            notes.append(f"{setting.factor} does nothing without, say, {settings_text(missing)}")
    return tuple(notes)


def _off(system: System, need: Setting, levels: Levels) -> bool:
    """Whether a need is at its default, so that what rests on it cannot show."""
    other = system.factor(need.factor)
    now = next((s.level for s in levels if s.factor == need.factor), None)
    return other is not None and now == other.default and now != need.level


def _in_box(shelf: Shelf, levels: Levels, seed: int, sandbox: Sandbox) -> Measured | Failed:
    system = shelf.system
    setup = _setup(shelf, sandbox)
    spec = BoxSpec(
        run=f"hand-{secrets.token_hex(4)}",
        image=setup.image,
        resources=system.resources,
        time_limit_s=system.time_limit_s,
    )
    load = load_per_core()
    box = sandbox.open(spec)
    try:
        return run_trial(
            box,
            started=_started(setup, levels, seed),
            setup=setup,
            metrics=system.metrics,
            at=SystemClock().now(),
            load=load,
        )
    finally:
        box.close()


def _setup(shelf: Shelf, sandbox: Sandbox) -> Setup:
    """What a trial of the shipped program needs; its image is made if it is not there."""
    system = shelf.system
    return Setup(
        id="s1",
        plan="p1",
        system=system.name,
        argv=("python", "-m", f"sandboxes.{system.name}", "."),
        files=(),
        image=sandbox.build(system, shelf.folder),
        posture=sandbox.posture(),
        host=host(),
        time_limit_s=system.time_limit_s,
        written_by="shipped",
    )


def _started(setup: Setup, levels: Levels, seed: int) -> Started:
    return Started(
        trial="by hand",
        setup=setup.id,
        arm="by hand",
        phase="treatment",
        seed=seed,
        settings=levels,
        analysed=False,
        nonce=secrets.token_hex(10),
    )
