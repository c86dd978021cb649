"""Whether this machine can answer questions, what it lacks, and how to get it."""

import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from curie.app.settings import Settings
from curie.app.wiring import Home, open_ledger
from curie.domain.errors import CurieError, SandboxUnavailable
from curie.metering.machine import gpu_names
from curie.sandbox.backends import EngineStatus, engine_status, open_sandbox
from curie.sandbox.probe import run_probe

OLDEST_PYTHON = (3, 11)
DISK_NEEDED_MIB = 200
"""Without so much the ledger and the packages of one system do not fit."""
DISK_WANTED_MIB = 2000
"""What images and packages of all shipped systems take, with room for runs."""
RUNC_FLOORS = {(1, 2): (1, 2, 8), (1, 3): (1, 3, 3)}
"""First versions of each line without CVE-2025-31133, -52565 and -52881; from 1.4 all are."""
GIT_LIMIT_S = 10.0


@dataclass(frozen=True)
class Check:
    """One thing that was looked at."""

    name: str
    ok: bool
    detail: str
    fix: str = ""
    required: bool = False
    """Whether nothing can be answered without it; the others are advice."""

    def as_json(self) -> dict[str, Any]:
        """As `curie doctor --json` prints it."""
        return {"name": self.name, "ok": self.ok, "detail": self.detail, "fix": self.fix}


@dataclass(frozen=True)
class Health:
    """All checks."""

    checks: tuple[Check, ...]

    @property
    def ok(self) -> bool:
        """Whether everything that is required is there."""
        return all(check.ok for check in self.checks if check.required)

    def as_json(self) -> dict[str, Any]:
        """The object of `curie doctor --json`."""
        return {"ok": self.ok, "checks": [check.as_json() for check in self.checks]}


def examine(settings: Settings, *, probe: bool, say: Callable[[str], None]) -> Health:
    """Look at everything once; with `probe`, let a hostile program try to leave its box."""
    engine = engine_status()
    home = Home(settings.home)
    checks = [
        _python(),
        _git(),
        _disk(home.root),
        _ledger(home),
        _engine(engine, required=settings.sandbox == "docker"),
        *_runc(engine),
        _model(settings),
        _gpus(),
    ]
    if probe:
        checks += _probed(settings, home, say)
    return Health(tuple(checks))


def runc_is_patched(version: str) -> bool | None:
    """Whether a runc of this version is past the escapes of November 2025; None: cannot be told."""
    found = re.match(r"(\d+)\.(\d+)\.(\d+)(-rc\.?(\d+))?", version)
    if found is None:
        return None
    major, minor, patch = (int(part) for part in found.groups()[:3])
    if (major, minor, patch) == (1, 4, 0) and found[5] is not None:
        return int(found[5]) >= 3
    if (major, minor) >= (1, 4):
        return True
    floor = RUNC_FLOORS.get((major, minor))
    return floor is not None and (major, minor, patch) >= floor


def _python() -> Check:
    here = ".".join(str(part) for part in sys.version_info[:3])
    least = ".".join(str(part) for part in OLDEST_PYTHON)
    ok = sys.version_info[:2] >= OLDEST_PYTHON
    return Check("python", ok, here, "" if ok else f"install Python {least} or newer", True)


def _git() -> Check:
    fix = "install git (Debian: apt-get install git); it is only needed to get new versions"
    try:
        done = subprocess.run(
            ["git", "--version"], capture_output=True, text=True, timeout=GIT_LIMIT_S, check=False
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        return Check("git", False, str(error), fix)
    return Check("git", done.returncode == 0, done.stdout.strip(), "" if done.stdout else fix)


def _disk(root: Path) -> Check:
    """Free space where the home folder is, or will be."""
    there = next(p for p in (root, *root.absolute().parents) if p.exists())
    free = shutil.disk_usage(there).free // 2**20
    detail = f"{free} MiB free at {root}"
    if free < DISK_NEEDED_MIB:
        fix = f"free at least {DISK_NEEDED_MIB} MiB, or choose another place with CURIE_HOME"
        return Check("disk", False, detail, fix, True)
    enough = free >= DISK_WANTED_MIB
    fix = "" if enough else f"images and packages of all systems take about {DISK_WANTED_MIB} MiB"
    return Check("disk", enough, detail, fix)


def _ledger(home: Home) -> Check:
    try:
        with open_ledger(home) as ledger:
            count = len(ledger.runs())
    except CurieError as error:
        fix = "mend or move the file, or choose another home with CURIE_HOME"
        return Check("ledger", False, str(error), fix, True)
    return Check("ledger", True, f"{home.ledger}, {count} runs", required=True)


def _engine(engine: EngineStatus, *, required: bool) -> Check:
    if engine.ok:
        return Check("docker", True, engine.detail, required=required)
    detail = engine.detail if required else f"{engine.detail}; trials run in the process sandbox"
    return Check("docker", False, detail, engine.fix, required)


def _runc(engine: EngineStatus) -> Iterator[Check]:
    """Advice only: distributions mend old versions without changing their number."""
    if not engine.ok:
        return
    patched = runc_is_patched(engine.runc)
    detail = f"runc {engine.runc or 'of unknown version'}"
    fix = (
        "runc before 1.2.8 and 1.3.3 lets a container out (CVE-2025-31133, -52565, -52881): "
        "upgrade it, or see in your distribution's security tracker that it has the patch"
    )
    yield Check("runc", bool(patched), detail, "" if patched else fix)


def _model(settings: Settings) -> Check:
    if not settings.model.startswith("openai/"):
        return Check("model", True, f"{settings.model}, needs no key", required=True)
    where = settings.openai_base_url or "the default endpoint"
    if settings.openai_api_key is None or not settings.openai_api_key.get_secret_value():
        fix = "set OPENAI_API_KEY (any word will do for a local server), or use --model builtin"
        return Check("model", False, f"{settings.model} at {where}: no key", fix, True)
    return Check("model", True, f"{settings.model} at {where}, key set", required=True)


def _gpus() -> Check:
    gpus = gpu_names()
    fix = "none is needed by the shipped systems; to see those of this machine, install curie[gpu]"
    return Check("gpus", bool(gpus), "; ".join(gpus) or "none seen", "" if gpus else fix)


def _probed(settings: Settings, home: Home, say: Callable[[str], None]) -> Iterator[Check]:
    """What the hostile probe was stopped from; all of it must be in containers."""
    try:
        sandbox = open_sandbox(settings.sandbox, state=home.sandbox, workers=1, say=say)
        try:
            posture = sandbox.posture()
            guards = run_probe(sandbox)
        finally:
            sandbox.close()
    except SandboxUnavailable as error:
        yield Check("probe", False, str(error), "see the other checks", True)
        return
    contained = posture.backend == "docker"
    yield Check("probe", True, f"{posture.backend} sandbox: {posture.engine}")
    for guard in guards:
        fix = "trials could do this: " + ("do not use this engine" if contained else "use Docker")
        detail = guard.detail if guard.on else f"not stopped: {guard.detail}"
        yield Check(f"probe: {guard.name}", guard.on, detail, "" if guard.on else fix, contained)
