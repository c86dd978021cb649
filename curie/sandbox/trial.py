"""One trial: write the config, run the program, and believe nothing but a valid result."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from pydantic import ValidationError

from curie.domain.errors import SandboxUnavailable
from curie.domain.fact import canonical_json
from curie.domain.outcome import CONTRACT_VERSION, Conditions, Failed, Measured, Result, Usage
from curie.domain.setup import Setup, Started
from curie.domain.system import Metric
from curie.sandbox.box import Box, BoxUsage, Ran
from curie.sandbox.output import plain

RESULT_LIMIT_BYTES = 4 * 1024 * 1024
_SIGKILLED = 137

CHANGED = "what it left running changed its files after it had ended"

Why = Literal["timeout", "exit", "no_result", "bad_result", "oom", "killed"]


@dataclass(frozen=True)
class _Gap:
    """Why there is no result."""

    why: Why
    detail: str


def run_trial(
    box: Box,
    *,
    started: Started,
    setup: Setup,
    metrics: Sequence[Metric],
    at: datetime,
    load: float,
) -> Measured | Failed:
    """What became of a trial in a fresh box.

    `metrics` are those declared: all of them must come back, in their units, and no other. `load`
    is the host's load per core before the start. Energy is the caller's to add.
    """
    box.write("config.json", config_json(started, setup, dataset=box.dataset_path))
    before = box.usage()
    conditions = _conditions(box, setup)
    ran = box.exec(setup.argv, timeout_s=setup.time_limit_s)
    found = _found(ran, box, started, setup, metrics)
    usage = _usage(ran, before, box.usage(), load)
    output = ran.stdout + (f"\n[stderr]\n{ran.stderr}" if ran.stderr else "")
    if isinstance(found, Result):
        return Measured(
            trial=started.trial,
            setup=setup.id,
            box=box.id,
            started=at,
            result=found,
            usage=usage,
            output=output,
            conditions=conditions,
        )
    return Failed(
        trial=started.trial,
        setup=setup.id,
        box=box.id,
        started=at,
        why=found.why,
        detail=found.detail,
        exit_code=ran.exit_code,
        usage=usage,
        output=output,
        conditions=conditions,
    )


def config_json(started: Started, setup: Setup, *, dataset: str | None) -> bytes:
    """The content of config.json: all that the program is told."""
    config = {
        "version": CONTRACT_VERSION,
        "system": setup.system,
        "seed": started.seed,
        "nonce": started.nonce,
        "settings": {s.factor: s.level for s in started.settings},
        "dataset": dataset,
    }
    return canonical_json(config).encode()


def _conditions(box: Box, setup: Setup) -> Conditions:
    """What the box says of itself, with the shorter of the two time limits."""
    given = box.conditions()
    return given.but(time_limit_s=min(setup.time_limit_s, given.time_limit_s))


def _found(
    ran: Ran, box: Box, started: Started, setup: Setup, metrics: Sequence[Metric]
) -> Result | _Gap:
    """The result; where something still runs it is read twice, and has to stay as it is."""
    gap = _gap_of(ran, setup.time_limit_s)
    if gap is not None:
        return gap
    found = _read_result(box, started, setup, metrics)
    if ran.left and found != _read_result(box, started, setup, metrics):
        return _Gap("bad_result", CHANGED)
    return found


def _gap_of(ran: Ran, limit_s: float) -> _Gap | None:
    if ran.timed_out:
        return _Gap("timeout", f"it did not end within {limit_s:g} s")
    if ran.oom:
        return _Gap("oom", "it needed more memory than it was given")
    if ran.exit_code in (None, _SIGKILLED):
        return _Gap("killed", _last_line(ran) or "it was killed, and its box with it")
    if ran.exit_code != 0:
        return _Gap("exit", f"exit code {ran.exit_code}: {_last_line(ran)}")
    return _Gap("bad_result", CHANGED) if ran.rewritten else None


def _read_result(
    box: Box, started: Started, setup: Setup, metrics: Sequence[Metric]
) -> Result | _Gap:
    try:
        content = box.read("result.json", limit_bytes=RESULT_LIMIT_BYTES)
    except FileNotFoundError:
        return _Gap("no_result", "it exited with 0 but left no regular result.json of sane size")
    except SandboxUnavailable as error:
        return _Gap("killed", f"the box died before its result was read: {error}")
    try:
        result = Result.model_validate_json(content, strict=True)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        where = ".".join(str(part) for part in first["loc"])
        return _Gap("bad_result", plain(f"result.json: {where}: {first['msg']}")[:500])
    problem = _stranger(result, started, setup) or _metric_problem(result, metrics)
    return _Gap("bad_result", f"result.json: {plain(problem)[:500]}") if problem else result


def _stranger(result: Result, started: Started, setup: Setup) -> str:
    """Why this is not the result of this very trial."""
    expected = (("system", setup.system), ("seed", started.seed), ("nonce", started.nonce))
    for name, value in expected:
        if getattr(result, name) != value:
            return f"the {name} is not this trial's"
    return ""


def _metric_problem(result: Result, metrics: Sequence[Metric]) -> str:
    declared = {m.name: m.unit for m in metrics}
    given = {m.name: m.unit for m in result.metrics}
    missing = sorted(declared.keys() - given.keys())
    unknown = sorted(given.keys() - declared.keys())
    if missing:
        return f"declared but not measured: {', '.join(missing)}"
    if unknown:
        return f"measured but not declared: {', '.join(unknown)}"
    for name, unit in declared.items():
        if given[name] != unit:
            return f"{name} is in {given[name]!r}, declared in {unit!r}"
    return ""


def _last_line(ran: Ran) -> str:
    lines = [line for line in (ran.stderr or ran.stdout).splitlines() if line.strip()]
    return lines[-1].strip()[:500] if lines else ""


def _usage(ran: Ran, before: BoxUsage, after: BoxUsage, load: float) -> Usage:
    cpu_s = None
    if before.cpu_s is not None and after.cpu_s is not None:
        cpu_s = max(0.0, after.cpu_s - before.cpu_s)
    return Usage(
        wall_s=ran.wall_s,
        cpu_s=cpu_s,
        peak_memory_mib=after.peak_memory_mib,
        load_before=load,
        processes_left=ran.left,
    )
