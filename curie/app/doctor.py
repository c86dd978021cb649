"""Whether this machine can answer questions, what it lacks, and how to get it."""

import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from curie.app.home import Home, open_ledger
from curie.app.settings import Settings
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


def _have(name: str, detail: str) -> Check:
    return Check(name=name, ok=True, detail=detail)


def _advise(name: str, detail: str, fix: str) -> Check:
    return Check(name=name, ok=False, detail=detail, fix=fix)


def _lack(name: str, detail: str, fix: str) -> Check:
    return Check(name=name, ok=False, detail=detail, fix=fix, required=True)


def _python() -> Check:
    here = ".".join(str(part) for part in sys.version_info[:3])
    if sys.version_info[:2] >= OLDEST_PYTHON:
        return _have("python", here)
    least = ".".join(str(part) for part in OLDEST_PYTHON)
    return _lack("python", here, f"install Python {least} or newer")


def _git() -> Check:
    fix = "install git (Debian: apt-get install git); it is only needed to get new versions"
    try:
        done = subprocess.run(
            ["git", "--version"], capture_output=True, text=True, timeout=GIT_LIMIT_S, check=False
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        return _advise("git", str(error), fix)
    if done.returncode == 0:
        return _have("git", done.stdout.strip())
    return _advise("git", f"ended with exit {done.returncode}", fix)


def _disk(root: Path) -> Check:
    """Free space where the home folder is, or will be."""
    there = next(p for p in (root, *root.absolute().parents) if p.exists())
    free = shutil.disk_usage(there).free // 2**20
    detail = f"{free} MiB free at {root}"
    if free < DISK_NEEDED_MIB:
        fix = f"free at least {DISK_NEEDED_MIB} MiB, or choose another place with CURIE_HOME"
        return _lack("disk", detail, fix)
    if free < DISK_WANTED_MIB:
        fix = f"images and packages of all systems take about {DISK_WANTED_MIB} MiB"
        return _advise("disk", detail, fix)
    return _have("disk", detail)


def _ledger(home: Home) -> Check:
    try:
        with open_ledger(home) as ledger:
            count = len(ledger.runs())
    except CurieError as error:
        fix = "mend or move the file, or choose another home with CURIE_HOME"
        return _lack("ledger", str(error), fix)
    return _have("ledger", f"{home.ledger}, {count} run{'' if count == 1 else 's'}")


def _engine(engine: EngineStatus, *, required: bool) -> Check:
    if engine.ok:
        return _have("docker", engine.detail)
    if required:
        return _lack("docker", engine.detail, engine.fix)
    return _advise(
        "docker", f"{engine.detail}; until then trials run in the process sandbox", engine.fix
    )


def _runc(engine: EngineStatus) -> Iterator[Check]:
    """Advice only: distributions mend old versions without changing their number."""
    if not engine.ok:
        return
    detail = f"runc {engine.runc or 'of unknown version'}"
    if runc_is_patched(engine.runc):
        yield _have("runc", detail)
        return
    yield _advise(
        "runc",
        detail,
        "runc before 1.2.8 and 1.3.3 lets a container out (CVE-2025-31133, -52565, -52881): "
        "upgrade it, or see in your distribution's security tracker that it has the patch",
    )


def _model(settings: Settings) -> Check:
    if not settings.model.startswith("openai/"):
        return _have("model", f"{settings.model}, needs no key")
    where = settings.openai_base_url or "the default endpoint"
    if settings.openai_api_key is None or not settings.openai_api_key.get_secret_value():
        fix = "set OPENAI_API_KEY (any word will do for a local server), or use --model builtin"
        return _lack("model", f"{settings.model} at {where}: no key", fix)
    return _have("model", f"{settings.model} at {where}, key set")


def _gpus() -> Check:
    gpus = gpu_names()
    if gpus or not list(Path("/dev").glob("nvidia[0-9]*")):
        return _have("gpus", "; ".join(gpus) or "none, and no shipped system needs one")
    fix = "install curie-experiments[gpu], which asks the driver about them"
    return _advise("gpus", "there are some, but curie cannot see them", fix)


def _probed(settings: Settings, home: Home, say: Callable[[str], None]) -> Iterator[Check]:
    """What the hostile probe was stopped from; in containers nothing of it may pass."""
    try:
        sandbox = open_sandbox(settings.sandbox, state=home.sandbox, workers=1, say=say)
        try:
            posture = sandbox.posture()
            guards = run_probe(sandbox)
        finally:
            sandbox.close()
    except SandboxUnavailable as error:
        yield _lack("probe", str(error), "mend what the message names")
        return
    yield _have("probe", f"{posture.backend} sandbox: {posture.engine}")
    for guard in guards:
        name = f"probe: {guard.name}"
        if guard.on:
            yield _have(name, guard.detail)
        elif posture.backend == "docker":
            yield _lack(name, f"not stopped: {guard.detail}", "do not use this engine")
        else:
            yield _advise(name, f"not stopped: {guard.detail}", "use --sandbox docker")
