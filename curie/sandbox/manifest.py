"""Reads `manifest.toml` into a `System`.

The file format is the fields of `System`, with `[factors.NAME]`, `[metrics.NAME]` and `[claims.ID]`
as tables, and settings as inline tables: `a = { planner = "perseus" }`.
"""

import difflib
import tomllib
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from curie.domain.errors import UsageError
from curie.domain.spelling import named_tables, spelled_out
from curie.domain.system import System


def shipped_folder() -> Path:
    """Where the shipped systems lie: beside the package, in a checkout and when installed."""
    return Path(__file__).resolve().parents[2] / "sandboxes"


def load(folder: Path) -> System:
    """The system of one folder. UsageError names the file, the key and what is wrong."""
    path = folder / "manifest.toml"
    try:
        raw = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise UsageError(f"{path}: there is no manifest; see the README, 'Add a system'") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise UsageError(f"{path}: not valid TOML: {error}") from error
    try:
        return System.model_validate(_shape(raw))
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        raise UsageError(f"{path}: {where}: {first['msg']}") from error


def shipped() -> dict[str, Path]:
    """The folders of the shipped systems, by name."""
    return {p.parent.name: p.parent for p in sorted(shipped_folder().glob("*/manifest.toml"))}


def find(name: str) -> Path:
    """The folder of a shipped system; UsageError with the nearest names if there is none."""
    known = shipped()
    if name not in known:
        raise UsageError(f"system {name!r} is not shipped; {nearest(name, known)}")
    return known[name]


def nearest(name: str, known: Iterable[str]) -> str:
    """`did you mean …?` or the whole list, for an error message."""
    names = sorted(known)
    close = difflib.get_close_matches(name, names, n=3, cutoff=0.5)
    if close:
        return f"did you mean {' or '.join(close)}?"
    return f"known: {', '.join(names)}"


def _shape(raw: dict[str, Any]) -> dict[str, Any]:
    """The TOML document with named tables as lists and setting tables as settings."""
    shaped = dict(raw)
    for key, name in (("factors", "name"), ("metrics", "name"), ("claims", "id")):
        shaped[key] = spelled_out(named_tables(raw.get(key, {}), name))
    return shaped
