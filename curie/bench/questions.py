"""Reads benchmark questions: one TOML file each, the answer key in it as typed claims.

text = "How does a wider search beam change the recall of an HNSW index?"
system = "vector_index"
difficulty = "easy"
trap = false
why = "where the truth comes from"

[[key]]
kind = "trend"
metric = "recall"
factor = "ef_search"
shape = "rises"
where = { index = "hnsw" }
"""

import tomllib
from pathlib import Path
from typing import Any, Literal

from pydantic import Field, ValidationError

from curie.domain.claim import Claim
from curie.domain.errors import UsageError
from curie.domain.fact import Fact
from curie.domain.spelling import spelled_out

Difficulty = Literal["easy", "medium", "hard"]


class BenchQuestion(Fact):
    """A question whose answer is known."""

    name: str = Field(min_length=1)
    """Its file below the questions' folder, without the ending: `systems/perseus/energy`."""
    text: str = Field(min_length=1)
    system: str = Field(min_length=1)
    difficulty: Difficulty
    trap: bool = False
    """Whether repeating the literature, or the obvious, gives the wrong answer."""
    why: str = Field(min_length=1)
    """Where the truth comes from."""
    key: tuple[Claim, ...] = Field(min_length=1)
    """The claims that a right answer makes."""


def load_questions(folder: Path) -> tuple[BenchQuestion, ...]:
    """All questions below a folder, by name. UsageError names the file and what is wrong in it."""
    if not folder.is_dir():
        raise UsageError(f"{folder}: no such folder; give the one that holds the questions")
    return tuple(load_question(path, folder) for path in sorted(folder.rglob("*.toml")))


def load_question(path: Path, folder: Path) -> BenchQuestion:
    """The question of one file, named by its place below `folder`."""
    name = path.relative_to(folder).with_suffix("").as_posix()
    try:
        return BenchQuestion.model_validate({**_read(path), "name": name})
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        raise UsageError(f"{path}: {where}: {first['msg']}; mend it there") from error


def _read(path: Path) -> dict[str, Any]:
    try:
        raw = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise UsageError(f"{path}: not valid TOML: {error}") from error
    return {key: spelled_out(value) for key, value in raw.items()}
