"""A shipped system with a few texts changed, as a person would bring it."""

import shutil
from pathlib import Path

from curie.app.audit.case import Case, Patch
from curie.app.shelves import shelf_of
from curie.domain.errors import UsageError
from curie.graph.state import Shelf
from curie.sandbox.manifest import find


def shelf_for(case: Case, folder: Path) -> Shelf:
    """The system of a case: the shipped one, or a changed copy of it in `folder`.

    A copy is a workspace: its files are read by every check. UsageError where a text that is to be
    changed does not stand in its file exactly once.
    """
    shipped = find(case.draft.system)
    if not case.patches:
        return shelf_of(shipped, shipped=True)
    copy = folder / case.draft.system
    shutil.copytree(shipped, copy, ignore=shutil.ignore_patterns("__pycache__"))
    for patch in case.patches:
        _apply(patch, case.name, copy)
    return shelf_of(copy, shipped=False)


def _apply(patch: Patch, case: str, folder: Path) -> None:
    path = folder / patch.file
    if not path.resolve().is_relative_to(folder.resolve()) or not path.is_file():
        raise UsageError(f"case {case}: patch: there is no file {patch.file!r} in {folder.name}")
    text = path.read_text(encoding="utf-8")
    count = text.count(patch.find)
    if count != 1:
        raise UsageError(
            f"case {case}: patch: {patch.find[:60]!r} stands {count} times in {patch.file}; "
            "give a text that stands there once"
        )
    path.write_text(text.replace(patch.find, patch.replace), encoding="utf-8")
