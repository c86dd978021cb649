"""Puts a report into a folder: the one place of the package that writes."""

import os
import tempfile
from pathlib import Path

from curie.domain.errors import NotReady
from curie.report.report import Report


def write(report: Report, folder: Path) -> Path:
    """Write `report.md` and `figures/*.svg, *.png`; the path of report.md.

    Each file appears whole or not at all, and report.md comes last, so that a reader never meets
    half a report. Figures of an earlier rendering that this one lacks are removed. Raises NotReady
    where the folder cannot be written.
    """
    wanted = {f"{f.name}.svg": f.svg for f in report.figures}
    wanted |= {f"{f.name}.png": f.png for f in report.figures}
    pictures = folder / "figures"
    target = folder / "report.md"
    try:
        pictures.mkdir(parents=True, exist_ok=True)
        for name, content in wanted.items():
            _replace(pictures / name, content)
        _replace(target, report.markdown.encode())
        for stale in sorted(pictures.iterdir()):
            if stale.suffix in (".svg", ".png") and stale.name not in wanted:
                stale.unlink()
    except OSError as error:
        raise NotReady(
            f"{folder}: the report cannot be written: {error.strerror or error}; free some space "
            "or name another folder, then render it again: nothing of the run is lost"
        ) from error
    return target


def _replace(path: Path, content: bytes) -> None:
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    draft = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        draft.chmod(0o644)  # mkstemp makes files that only their owner can read
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)
