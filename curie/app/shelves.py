"""The systems that a run may ask: those shipped, or the one in the person's workspace."""

import hashlib
from pathlib import Path

from curie.domain.errors import UsageError
from curie.graph.state import Shelf
from curie.sandbox.manifest import find, load, shipped


def shelf_of(folder: Path, *, shipped: bool) -> Shelf:
    """One system from its folder; `shipped` says whether it is one of curie's own."""
    manifest = (
        (folder / "manifest.toml").read_bytes() if (folder / "manifest.toml").exists() else b""
    )
    return Shelf(
        system=load(folder),
        folder=folder,
        manifest_sha256=hashlib.sha256(manifest).hexdigest(),
        shipped=shipped,
    )


def shelves(name: str | None, workspace: Path | None) -> tuple[Shelf, ...]:
    """What a question may be asked of: the named system, the workspace's own, or all shipped.

    A workspace with a manifest is a system by itself; one without is material for a program that
    the technician writes, on the system named or on the workbench.
    """
    if workspace is not None and (workspace / "manifest.toml").is_file():
        own = shelf_of(workspace, shipped=False)
        if name is not None and name != own.system.name:
            raise UsageError(
                f"--system {name}: the workspace holds {own.system.name}; leave --system out"
            )
        if own.system.name in shipped():
            raise UsageError(
                f"{workspace}: a system named {own.system.name} is shipped; choose another name"
            )
        return (own,)
    if name is not None:
        return (shelf_of(find(name), shipped=True),)
    if workspace is not None:
        return (shelf_of(find("workbench"), shipped=True),)
    return tuple(shelf_of(folder, shipped=True) for folder in shipped().values())
