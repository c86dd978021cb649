"""The files that go into an image: `sandboxes/` with the contract and the one system."""

import hashlib
import shutil
import stat
from collections.abc import Iterator
from pathlib import Path

from curie.domain.errors import UsageError
from curie.domain.system import Resources
from curie.sandbox.manifest import shipped_folder

IMAGE_ROOT = "/opt/curie"
"""Where packages and sandboxes lie, as seen from inside a box."""

MAX_FILES = 2000
MAX_TOTAL_BYTES = 64 * 1024 * 1024

_SKIPPED = {"__pycache__", "node_modules"}


def stage(name: str, folder: Path, into: Path) -> None:
    """Copy the contract and the system to `into/sandboxes`. UsageError for links and giants."""
    sandboxes = into / "sandboxes"
    shipped = shipped_folder()
    for source, target in (
        (shipped / "contract", sandboxes / "contract"),
        (folder, sandboxes / name),
    ):
        for path in system_files(source):
            copy = target / path
            copy.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(source / path, copy)
    shutil.copyfile(shipped / "__init__.py", sandboxes / "__init__.py")


def tree_digest(root: Path) -> str:
    """The SHA-256 over sorted relative paths and contents of the regular files below `root`."""
    total = hashlib.sha256()
    for path in sorted(p for p in root.rglob("*") if p.is_file()):
        content = hashlib.sha256(path.read_bytes()).hexdigest()
        total.update(f"{path.relative_to(root).as_posix()}\0{content}\n".encode())
    return total.hexdigest()


def system_files(folder: Path) -> tuple[Path, ...]:
    """The regular files of a system's folder, relative and sorted; hidden ones are left out."""
    found = []
    total = 0
    for path, size in _walk(folder):
        found.append(path.relative_to(folder))
        total += size
        if len(found) > MAX_FILES or total > MAX_TOTAL_BYTES:
            raise UsageError(
                f"{folder}: more than {MAX_FILES} files or {MAX_TOTAL_BYTES // 2**20} MiB; a "
                "system is a program, its data belongs into --dataset"
            )
    return tuple(sorted(found))


def _walk(folder: Path) -> Iterator[tuple[Path, int]]:
    for path in sorted(folder.iterdir()):
        if path.name.startswith(".") or path.name in _SKIPPED:
            continue
        seen = path.lstat()
        if stat.S_ISDIR(seen.st_mode):
            yield from _walk(path)
        elif stat.S_ISREG(seen.st_mode):
            yield path, seen.st_size
        else:
            raise UsageError(f"{path}: a link or a special file; a system holds plain files only")


def environment(resources: Resources, *, root: str, path: str) -> dict[str, str]:
    """All the environment that a command in a box gets: nothing of the host's."""
    threads = str(max(1, int(resources.cpus)))
    return {
        "PATH": path,
        "PYTHONPATH": f"{root}/packages:{root}",
        "PYTHONDONTWRITEBYTECODE": "1",
        "PYTHONHASHSEED": "0",
        "PYTHONNOUSERSITE": "1",
        "LANG": "C.UTF-8",
        "HOME": "/tmp",  # noqa: S108 - inside the box, where it is private
        "TMPDIR": "/tmp",  # noqa: S108
        "OMP_NUM_THREADS": threads,
        "OPENBLAS_NUM_THREADS": threads,
    }
