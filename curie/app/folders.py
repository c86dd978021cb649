"""Folders that a person hands in: read, copied and hashed, never written to."""

import hashlib
import os
from collections.abc import Iterable, Iterator
from pathlib import Path

from curie.domain.errors import UsageError
from curie.domain.question import FolderCopy
from curie.domain.setup import SourceFile

MAX_FILES = 500
MAX_FILE_BYTES = 1_000_000
MAX_TOTAL_BYTES = 20_000_000
_SKIPPED = frozenset({".git", "__pycache__", ".venv", "node_modules", ".mypy_cache"})


def read_workspace(folder: Path) -> tuple[FolderCopy, tuple[SourceFile, ...]]:
    """The text files of a workspace, as they will be in every box.

    UsageError for a folder with links, with files that are too large or too many, or not text: a
    workspace is a program, and data belongs into --dataset.
    """
    files: list[SourceFile] = []
    total = 0
    for path in _files(folder, "--workspace"):
        size = path.stat().st_size
        total += size
        if size > MAX_FILE_BYTES or total > MAX_TOTAL_BYTES or len(files) >= MAX_FILES:
            raise UsageError(
                f"--workspace {path}: more than a program may hold ({MAX_FILES} files, "
                f"{MAX_FILE_BYTES} bytes a file, {MAX_TOTAL_BYTES} in all); hand data in with "
                "--dataset"
            )
        files.append(_text_file(folder, path))
    return _copy(folder, ((f.path, f.sha256) for f in files), len(files), total), tuple(files)


def hash_dataset(folder: Path) -> FolderCopy:
    """A dataset's identity: a hash over the paths and contents of its files, of any size."""
    parts: list[tuple[str, str]] = []
    total = 0
    for path in _files(folder, "--dataset"):
        total += path.stat().st_size
        with path.open("rb") as stream:
            digest = hashlib.file_digest(stream, "sha256").hexdigest()
        parts.append((path.relative_to(folder).as_posix(), digest))
    return _copy(folder, parts, len(parts), total)


def _files(folder: Path, flag: str) -> Iterator[Path]:
    """The regular files of a folder, in the order of their paths; links are refused."""
    if not folder.is_dir():
        raise UsageError(f"{flag} {folder}: there is no such folder")
    found: list[Path] = []
    for root, folders, names in os.walk(folder):
        folders[:] = sorted(d for d in folders if d not in _SKIPPED)
        for name in [*folders, *names]:
            path = Path(root) / name
            if path.is_symlink():
                raise UsageError(
                    f"{flag} {path}: is a link, and could lead out of the folder; "
                    "replace it by what it points to"
                )
            if path.is_file():
                found.append(path)
            elif not path.is_dir():
                raise UsageError(f"{flag} {path}: is neither a file nor a folder")
    if not found:
        raise UsageError(f"{flag} {folder}: holds no file")
    yield from sorted(found)


def _text_file(folder: Path, path: Path) -> SourceFile:
    raw = path.read_bytes()
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError as error:
        raise UsageError(
            f"--workspace {path}: is not text (byte {error.start}); hand data in with --dataset"
        ) from error
    name = path.relative_to(folder).as_posix()
    return SourceFile(path=name, sha256=hashlib.sha256(raw).hexdigest(), text=text)


def _copy(folder: Path, parts: Iterable[tuple[str, str]], files: int, size: int) -> FolderCopy:
    whole = hashlib.sha256()
    for name, digest in parts:
        whole.update(f"{name}\0{digest}\n".encode())
    return FolderCopy(
        name=folder.resolve().name, sha256=whole.hexdigest(), files=files, size_bytes=size
    )
