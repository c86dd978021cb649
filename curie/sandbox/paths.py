"""Paths inside a box's folder, as the host accepts them."""

import os
from pathlib import Path

from curie.domain.errors import UsageError

MAX_PATH_CHARS = 200
MAX_DEPTH = 8
MAX_FILES = 10_000


def box_path(path: str) -> str:
    """The path, if it names a file below the box's folder; UsageError otherwise."""
    parts = path.split("/")
    sound = (
        0 < len(path) <= MAX_PATH_CHARS
        and len(parts) <= MAX_DEPTH
        and path.isprintable()
        and all(part not in ("", ".", "..") for part in parts)
    )
    if not sound:
        raise UsageError(
            f"{path[:MAX_PATH_CHARS]!r} is no path inside the box: give a relative one, without "
            f"'..', at most {MAX_DEPTH} folders deep and {MAX_PATH_CHARS} characters long"
        )
    return path


def check_size(path: str, content: bytes, *, disk_mib: int) -> None:
    """UsageError if the file alone is larger than the box's folder may grow."""
    if len(content) > disk_mib * 1024 * 1024:
        raise UsageError(
            f"{path}: {len(content)} bytes do not fit into the box, which has {disk_mib} MiB; "
            "raise disk_mib under [resources] in the manifest"
        )


def folder_exceeds(folder: Path, limit_bytes: int) -> bool:
    """Whether a folder holds more than so many bytes, or too many files to count."""
    total = files = 0
    for root, _, names in os.walk(folder):
        for name in names:
            files += 1
            try:
                total += os.lstat(os.path.join(root, name)).st_size  # noqa: PTH118 - hot loop
            except OSError:
                continue
            if total > limit_bytes or files > MAX_FILES:
                return True
    return False
