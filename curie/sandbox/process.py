"""The process backend: no engine needed, and honest about what it cannot enforce.

With user namespaces a program sees a root of its own, made of read-only binds, no network, no
other process. Without them it runs with limits and a clean environment only.
"""

import hashlib
import json
import os
import platform
import secrets
import shutil
import sys
from collections.abc import Callable
from pathlib import Path

from curie.domain.errors import SandboxUnavailable
from curie.domain.setup import Image, Posture
from curie.domain.system import Resources, System
from curie.sandbox.box import BoxSpec
from curie.sandbox.packages import (
    HOST_PYTHON,
    Target,
    folder_key,
    install,
    move_into_place,
    pins,
    scratch_folder,
)
from curie.sandbox.process_box import Interpreter, Place, ProcessBox
from curie.sandbox.process_guards import process_guards
from curie.sandbox.process_tree import kill_tree
from curie.sandbox.staging import IMAGE_ROOT, environment, stage, tree_digest

_PATH = "/usr/local/bin:/usr/bin:/bin"
_ETC = ("ld.so.cache", "ld.so.conf", "ld.so.conf.d", "localtime", "alternatives")


def interpreter(root: Path) -> Interpreter:
    """A virtual environment of its own below `root`, bare, over the Python that runs curie.

    So a program sees neither curie's packages nor those of the host's Python.
    """
    name = f"python{HOST_PYTHON}"
    below = Path(sys.base_prefix) / "bin" / name
    executable = below if below.exists() else Path(sys.executable)
    binds = [("/usr", "/usr")]
    binds += [(f"/etc/{name}", f"/etc/{name}") for name in _ETC if Path("/etc", name).exists()]
    prefixes = {sys.base_prefix, str(executable.resolve().parent.parent)}
    binds += [(p, p) for p in sorted(prefixes) if not Path(p).is_relative_to("/usr")]
    bare = _bare_environment(root, executable)
    binds.append((str(bare), str(bare)))
    return Interpreter(executable=str(bare / "bin" / "python"), binds=tuple(binds))


def _bare_environment(root: Path, executable: Path) -> Path:
    """A folder that Python takes for a virtual environment without packages (PEP 405)."""
    key = hashlib.sha256(f"{executable}{sys.version}".encode()).hexdigest()[:16]
    done = root.resolve() / f"python-{key}"
    if done.is_dir():
        return done
    root.mkdir(parents=True, exist_ok=True)
    with scratch_folder(root) as draft:
        (draft / "bin").mkdir()
        (draft / "bin" / "python").symlink_to(executable)
        site_packages = draft / "lib" / f"python{HOST_PYTHON}" / "site-packages"
        site_packages.mkdir(parents=True)
        config = f"home = {executable.parent}\ninclude-system-site-packages = false\n"
        (draft / "pyvenv.cfg").write_text(config, encoding="utf-8")
        move_into_place(draft, done)
    return done


class ProcessSandbox:
    """Makes boxes that are process trees; with `isolate=False` without namespaces."""

    def __init__(
        self, *, state: Path, say: Callable[[str], None], isolate: bool | None = None
    ) -> None:
        self._state = state
        self._say = say
        self._interpreter = interpreter(state / "process")
        self._boxes: list[ProcessBox] = []
        self._owner = f"{os.getpid()}-{secrets.token_hex(4)}"
        self._why_not = "not asked for" if isolate is False else self._try_isolation()
        if isolate and self._why_not:
            raise SandboxUnavailable(f"namespaces cannot be had here: {self._why_not}")

    def posture(self) -> Posture:
        """What it enforces on this machine, as tried when it was made."""
        return Posture(
            backend="process",
            engine=f"kernel {platform.release()}, "
            + ("namespaces" if not self._why_not else f"no namespaces ({self._why_not})"),
            guards=process_guards(isolated=not self._why_not),
        )

    def build(self, system: System, folder: Path) -> Image:
        """Fetch the packages and stage the files; named by their content."""
        target = Target(python=HOST_PYTHON)
        requirements = folder / "requirements.txt"
        chosen = pins(requirements, target)
        root = self._state / "process"
        with scratch_folder(root) as draft:
            stage(system.name, folder, draft)
            key = folder_key(chosen, target)
            digest = tree_digest(draft) + key
            done = root / f"{system.name}-{digest[:16]}-{key}"
            packages = install(requirements, target, self._state / "packages")
            (draft / "packages.json").write_text(json.dumps(str(packages)), encoding="utf-8")
            move_into_place(draft, done)
        return Image(
            name=done.name,
            digest=f"process:{digest}",
            base=f"{platform.python_implementation()} {platform.python_version()} of the host",
            packages=tuple(pin.package for pin in chosen),
            python=HOST_PYTHON,
        )

    def open(self, spec: BoxSpec) -> ProcessBox:
        """A fresh folder."""
        if spec.resources.gpus:
            raise SandboxUnavailable(
                "a process box gives no GPU, because it could not keep a program to the one that "
                "is leased; use --sandbox docker"
            )
        box = ProcessBox(self._place(spec), spec)
        self._boxes.append(box)
        return box

    def expect(self, spec: BoxSpec, boxes: int) -> None:
        """Nothing to prepare: a folder is made at once."""

    def reap(self, run: str) -> int:
        """Remove folders of this run whose curie is dead, and what still runs in them."""
        left = [p for p in self._run_folder(run).glob("*/") if not _owner_lives(p.name)]
        for home in left:
            _kill_those_in(home)
            shutil.rmtree(home, ignore_errors=True)
        return len(left)

    def close(self) -> None:
        """Remove every box."""
        for box in self._boxes:
            box.close()
        self._boxes.clear()

    def _run_folder(self, run: str) -> Path:
        return self._state / "boxes" / run

    def _place(self, spec: BoxSpec) -> Place:
        home = self._run_folder(spec.run) / f"{self._owner}-{secrets.token_hex(4)}"
        staged = self._state / "process" / spec.image.name
        try:
            packages = json.loads((staged / "packages.json").read_text(encoding="utf-8"))
        except OSError as error:
            raise SandboxUnavailable(
                f"{staged}: the files of {spec.image.name} are gone; run `curie sandbox build`"
            ) from error
        return self._compose(home.resolve(), staged, packages, spec.resources)

    def _compose(self, home: Path, staged: Path, packages: str, resources: Resources) -> Place:
        isolate = not self._why_not
        inner = environment(resources, root=IMAGE_ROOT if isolate else str(staged), path=_PATH)
        if not isolate:
            inner["PYTHONPATH"] = f"{packages}:{staged}"
        sources = (
            (str((staged / "sandboxes").resolve()), f"{IMAGE_ROOT}/sandboxes"),
            (str(Path(packages).resolve()), f"{IMAGE_ROOT}/packages"),
        )
        return Place(
            home=home,
            isolate=isolate,
            interpreter=self._interpreter,
            binds=(*self._interpreter.binds, *sources),
            environment=inner,
        )

    def _try_isolation(self) -> str:
        """Run something in full confinement; why it did not work, or nothing."""
        self._why_not = ""
        home = self._state / "boxes" / f".trial-{self._owner}"
        image = Image(name="none", digest="none", base="", python=HOST_PYTHON)
        spec = BoxSpec(run="none", image=image, resources=Resources(), time_limit_s=20.0)
        (home / "empty" / "sandboxes").mkdir(parents=True)
        place = self._compose(
            (home / "box").resolve(), home / "empty", str(home / "empty"), spec.resources
        )
        try:
            ran = ProcessBox(place, spec).exec(("python", "-c", "print(6 * 7)"), timeout_s=20.0)
        except SandboxUnavailable as error:
            return str(error)
        finally:
            shutil.rmtree(home, ignore_errors=True)
        return "" if ran.stdout.strip() == "42" else f"a test command failed: {ran.stderr[-200:]}"


def _owner_lives(name: str) -> bool:
    return Path(f"/proc/{name.split('-')[0]}").exists()


def _kill_those_in(home: Path) -> None:
    """Kill processes whose working directory is below a dead box."""
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                inside = (entry / "cwd").resolve().is_relative_to(home.resolve())
            except OSError:
                continue
            if inside:
                kill_tree(int(entry.name))
