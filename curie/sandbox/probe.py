"""Proof instead of promise: a hostile program tries, and the host notes what was stopped."""

import json
import secrets
import time
from pathlib import Path
from typing import Any

from curie.domain.setup import Guard
from curie.domain.system import Resources, System
from curie.sandbox.box import BoxSpec, Ran, Sandbox
from curie.sandbox.manifest import shipped_folder

RESOURCES = Resources(cpus=1.0, memory_mib=128, disk_mib=8, pids=64)
LIMIT_S = 30.0
SLEEP_LIMIT_S = 1.0
_PATIENCE_S = 5.0
"""How long a closed box may take to go; the daemon itself lives for ten seconds."""

PROBE = System(
    name="probe",
    title="Hostile probe",
    about="What does this sandbox stop?",
    real="attempts to leave the box",
    modelled="nothing",
    mode="measured",
    time_limit_s=LIMIT_S,
    resources=RESOURCES,
    brings_program=False,
)


def run_probe(sandbox: Sandbox) -> tuple[Guard, ...]:
    """What was tried in boxes of this sandbox; `on` where it was stopped.

    SandboxUnavailable if no box can be had.
    """
    run = f"probe-{secrets.token_hex(4)}"
    image = sandbox.build(PROBE, shipped_folder() / "probe")
    spec = BoxSpec(run=run, image=image, resources=RESOURCES, time_limit_s=LIMIT_S)
    return (
        *_gentle(sandbox, spec),
        _excess(sandbox, spec, "forks", RESOURCES.pids),
        _excess(sandbox, spec, "memory", RESOURCES.memory_mib),
        _excess(sandbox, spec, "disk", RESOURCES.disk_mib),
        _overtime(sandbox, spec),
        _daemon(sandbox, spec),
    )


def _exec(sandbox: Sandbox, spec: BoxSpec, *words: str) -> Ran:
    box = sandbox.open(spec)
    try:
        return box.exec(("python", "-m", "sandboxes.probe", *words), timeout_s=LIMIT_S)
    finally:
        box.close()


def _gentle(sandbox: Sandbox, spec: BoxSpec) -> tuple[Guard, ...]:
    ran = _exec(sandbox, spec, "gentle")
    if ran.exit_code != 0:
        # Which attempt it was cannot be told, so none of them is proved to be stopped.
        detail = f"the probe ended early (exit {ran.exit_code}): {ran.stderr[-300:]}"
        return (Guard(name="probe", on=False, detail=detail),)
    return tuple(_guard(attempt) for attempt in json.loads(ran.stdout))


def _guard(attempt: dict[str, Any]) -> Guard:
    got = str(attempt["got"])
    return Guard(name=str(attempt["name"]), on=not got, detail=got or "stopped")


def _excess(sandbox: Sandbox, spec: BoxSpec, what: str, limit: int) -> Guard:
    ran = _exec(sandbox, spec, what, str(limit))
    name = f"{what} beyond the limit"
    if ran.exit_code != 0:
        died = ran.oom or ran.exit_code is None
        how = "killed for it" if died else f"ended with exit {ran.exit_code}"
        return Guard(name=name, on=True, detail=how)
    return _guard({**json.loads(ran.stdout)[0], "name": name})


def _overtime(sandbox: Sandbox, spec: BoxSpec) -> Guard:
    box = sandbox.open(spec)
    try:
        ran = box.exec(("sleep", str(LIMIT_S)), timeout_s=SLEEP_LIMIT_S)
    finally:
        box.close()
    return Guard(
        name="time beyond the limit",
        on=ran.timed_out,
        detail=f"ended after {ran.wall_s:.1f} s of {SLEEP_LIMIT_S:g} s",
    )


def _daemon(sandbox: Sandbox, spec: BoxSpec) -> Guard:
    """A child that outlives its parent must be dead soon after the box is closed."""
    mark = secrets.token_hex(12)
    _exec(sandbox, spec, "daemon", "0", mark)
    until = time.monotonic() + _PATIENCE_S
    while (alive := marked(mark)) and time.monotonic() < until:
        time.sleep(0.05)
    detail = f"process {alive[0]} lives on" if alive else "gone with its box"
    return Guard(name="daemon past the end", on=not alive, detail=detail)


def marked(mark: str) -> tuple[int, ...]:
    """The processes of this host that have the mark in their command line."""
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                words = (entry / "cmdline").read_bytes()
            except OSError:
                continue
            if mark.encode() in words:
                found.append(int(entry.name))
    return tuple(found)
