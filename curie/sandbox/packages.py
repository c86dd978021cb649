"""Python packages of a system, fetched by the host's pip into a folder named by its content.

Every package is a wheel, pinned and hashed in the system's `requirements.txt`
(`uv pip compile --universal --generate-hashes`), so that the images need neither pip nor network.
"""

import hashlib
import importlib.util
import platform
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from packaging.markers import default_environment
from packaging.requirements import InvalidRequirement, Requirement

from curie.domain.errors import SandboxUnavailable, UsageError
from curie.domain.setup import Package

HOST_PYTHON = f"{sys.version_info.major}.{sys.version_info.minor}"

_INSTALL_LIMIT_S = 900.0


@dataclass(frozen=True)
class Target:
    """The Python for which wheels are chosen."""

    python: str
    """`3.11`."""
    glibc_minor: int | None = None
    """Newest glibc 2.x that the wheels may need; None: whatever runs on this host."""

    @property
    def key(self) -> str:
        """One spelling, for the name of the folder."""
        glibc = "host" if self.glibc_minor is None else f"2.{self.glibc_minor}"
        return f"py{self.python}-{glibc}-{sys.platform}-{platform.machine()}"

    def pip_options(self) -> list[str]:
        """What tells pip to choose wheels for this target."""
        if self.glibc_minor is None:
            return []
        arch = platform.machine()
        tags = [f"manylinux_2_{minor}_{arch}" for minor in range(self.glibc_minor, 4, -1)]
        tags += [f"{old}_{arch}" for old in ("manylinux2014", "manylinux2010", "manylinux1")]
        options = ["--python-version", self.python, "--implementation", "cp"]
        return options + [word for tag in tags for word in ("--platform", tag)]


@dataclass(frozen=True)
class Pin:
    """One line of a requirements file that holds for a target."""

    package: Package
    line: str


def pins(requirements: Path, target: Target) -> tuple[Pin, ...]:
    """The pinned packages whose markers hold for the target; none if there is no such file."""
    if not requirements.is_file():
        return ()
    environment = {k: str(v) for k, v in default_environment().items()}
    if target.python != HOST_PYTHON:
        environment |= {"python_version": target.python, "python_full_version": target.python}
    found = []
    for line in _logical_lines(requirements.read_text(encoding="utf-8")):
        spec, _, hashes = line.partition(" --hash=")
        try:
            need = Requirement(spec.strip())
        except InvalidRequirement as error:
            raise UsageError(f"{requirements}: {spec.strip()!r}: {error}") from error
        version = _exact_version(need)
        if version is None or not hashes:
            raise UsageError(
                f"{requirements}: {need.name} is not pinned with == and hashed; make the file with "
                "`uv pip compile --universal --generate-hashes`"
            )
        if need.marker is None or need.marker.evaluate(environment):
            exact = f"{need.name}=={version} --hash={hashes}"
            found.append(Pin(Package(name=need.name, version=version), exact))
    return tuple(sorted(found, key=lambda pin: pin.package.name.lower()))


def folder_key(chosen: tuple[Pin, ...], target: Target) -> str:
    """What names the folder: equal pins for an equal target make an equal folder."""
    text = "\n".join([target.key, *(pin.line for pin in chosen)])
    return hashlib.sha256(text.encode()).hexdigest()[:24]


def install(requirements: Path, target: Target, into: Path) -> Path:
    """The folder with the packages, below `into`; made on the first call, found on the next.

    SandboxUnavailable when pip cannot fetch them.
    """
    chosen = pins(requirements, target)
    done = into / folder_key(chosen, target)
    if done.is_dir():
        return done
    with scratch_folder(into) as draft:
        if chosen:
            _pip(requirements, chosen, target, draft)
        move_into_place(draft, done)
    return done


@contextmanager
def scratch_folder(parent: Path) -> Iterator[Path]:
    """A folder on the same file system, to be filled and moved; removed if it was not."""
    parent.mkdir(parents=True, exist_ok=True)
    draft = Path(tempfile.mkdtemp(dir=parent, prefix=".part-"))
    try:
        yield draft
    finally:
        shutil.rmtree(draft, ignore_errors=True)


def move_into_place(draft: Path, done: Path) -> None:
    """Give a finished folder its name, which is of its content: whoever is first, all agree."""
    draft.chmod(0o755)
    try:
        draft.rename(done)
    except OSError:
        if not done.is_dir():
            raise


def _pip(requirements: Path, chosen: tuple[Pin, ...], target: Target, draft: Path) -> None:
    if importlib.util.find_spec("pip") is None:
        raise SandboxUnavailable(
            f"{sys.executable} has no pip, which fetches the packages of the systems; "
            "run `python -m ensurepip` (Debian: apt-get install python3-venv)"
        )
    with tempfile.TemporaryDirectory() as scratch:
        exact = Path(scratch) / "requirements.txt"
        exact.write_text("".join(f"{pin.line}\n" for pin in chosen), encoding="utf-8")
        options = ["--quiet", "--no-input", "--disable-pip-version-check", "--no-compile"]
        options += ["--only-binary=:all:", "--require-hashes", "--no-deps"]
        options += ["--target", str(draft), *target.pip_options(), "-r", str(exact)]
        try:
            done = subprocess.run(
                [sys.executable, "-m", "pip", "install", *options],
                capture_output=True,
                text=True,
                timeout=_INSTALL_LIMIT_S,
                check=False,
            )
        except subprocess.TimeoutExpired as error:
            raise SandboxUnavailable(
                f"{requirements}: pip took longer than {error.timeout:.0f} s; try again"
            ) from error
    if done.returncode != 0:
        tail = "\n".join(done.stderr.strip().splitlines()[-8:])
        raise SandboxUnavailable(
            f"{requirements}: pip could not fetch the packages; is its index reachable "
            f"(`pip config list`)?\n{tail}"
        )


def _logical_lines(text: str) -> list[str]:
    joined = text.replace("\\\n", " ")
    lines = (line.split(" #")[0].strip() for line in joined.splitlines())
    return [" ".join(line.split()) for line in lines if line and not line.startswith("#")]


def _exact_version(need: Requirement) -> str | None:
    specs = list(need.specifier)
    if len(specs) != 1 or specs[0].operator != "==" or "*" in specs[0].version:
        return None
    return specs[0].version
