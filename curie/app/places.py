"""Where things of a person lie. Light to import: shell completion waits for it."""

import os
from collections.abc import Mapping
from pathlib import Path

RUNS = "runs"
"""The folder below home with one folder a run."""


def data_home(environ: Mapping[str, str] = os.environ) -> Path:
    """Where data of a person's programs goes (XDG base directory specification)."""
    base = environ.get("XDG_DATA_HOME")
    return (Path(base) if base else Path.home() / ".local" / "share") / "curie"


def home_now(environ: Mapping[str, str] = os.environ) -> Path:
    """The home folder by the environment alone; files of settings are not read."""
    named = environ.get("CURIE_HOME")
    return Path(named) if named else data_home(environ)


def run_names(home: Path) -> tuple[str, ...]:
    """The runs that have a folder, newest first: enough to complete a word, no more."""
    try:
        return tuple(sorted((p.name for p in (home / RUNS).iterdir()), reverse=True))
    except OSError:
        return ()


def system_names() -> tuple[str, ...]:
    """The shipped systems that have a manifest; nothing of it is read."""
    folder = Path(__file__).resolve().parents[2] / "sandboxes"
    return tuple(sorted(p.parent.name for p in folder.glob("*/manifest.toml")))
