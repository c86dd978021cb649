"""From what a model said to a value of the type that was asked for, or to what is wrong with it."""

import json
import re
from dataclasses import dataclass
from typing import Any, TypeVar

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from curie.domain.fact import Fact

T = TypeVar("T", bound=Fact)

_THINKING = re.compile(r"^\s*<think(?:ing)?>.*?</think(?:ing)?>", re.DOTALL)
_FENCE = re.compile(r"```[a-zA-Z0-9]*\s*\n(.*?)```", re.DOTALL)
_MOST_ERRORS = 12
_LONGEST = 300
_SHAPE_ERRORS = ("missing", "extra_forbidden", "union_tag_not_found", "model_type", "json_invalid")


@dataclass(frozen=True)
class Misread:
    """Why a text is no answer."""

    problem: str
    """Path, problem and allowed values of each mistake, a line each."""
    shape: bool
    """Whether it has not even the shape of an answer, as from one who never saw the schema."""


def read(text: str, want: type[T]) -> T | Misread:
    """The answer in the text: JSON by itself, in a code fence, or among words.

    Of several objects the last valid one counts; if none is valid, the mistakes are those of the
    longest.
    """
    if not text.strip():
        return Misread("the answer was empty", shape=True)
    objects, whole = _objects(_THINKING.sub("", text))
    if not objects:
        lacking = "there is no JSON object in the answer" if whole else "the JSON object never ends"
        return Misread(lacking, shape=whole)
    for candidate in reversed(objects):
        value = _validated(candidate, want)
        if not isinstance(value, Misread):
            return value
    return _validated(max(objects, key=len), want)


def _validated(text: str, want: type[T]) -> T | Misread:
    try:
        return want.model_validate_json(text)
    except ValidationError as error:
        return explained(error)


def explained(error: ValidationError) -> Misread:
    """The mistakes that a validation found, for the one who has to mend them."""
    details = error.errors(include_url=False, include_context=True)
    lines = list(dict.fromkeys(_line(detail) for detail in details))
    more = len(lines) - _MOST_ERRORS
    shown = lines[:_MOST_ERRORS] + ([f"and {more} more"] if more > 0 else [])
    return Misread("\n".join(shown), shape=any(d["type"] in _SHAPE_ERRORS for d in details))


def _line(detail: ErrorDetails) -> str:
    where = ".".join(str(part) for part in detail["loc"]) or "the whole"
    line = f"{where}: {detail['msg']}"
    if detail["type"] not in ("missing", "json_invalid") and not isinstance(detail["input"], dict):
        line += f", not {json.dumps(detail['input'], default=str, ensure_ascii=False)}"
    return line if len(line) <= _LONGEST else f"{line[:_LONGEST]}…"


def _objects(text: str) -> tuple[list[str], bool]:
    """The outermost JSON objects in the text, and whether the last one that began also ended."""
    fenced = [body for body in _FENCE.findall(text) if body.lstrip().startswith("{")]
    decoder = json.JSONDecoder()
    found: list[str] = []
    whole = True
    for part in fenced or [text]:
        inside, whole = _scan(part, decoder)
        found += inside
    return found, whole


def _scan(text: str, decoder: json.JSONDecoder) -> tuple[list[str], bool]:
    found: list[str] = []
    at = text.find("{")
    while at >= 0:
        end = _end(text, at, decoder)
        if end is None:
            return found, False
        if end > at:
            found.append(text[at:end])
        at = text.find("{", max(end, at + 1))
    return found, True


def _end(text: str, at: int, decoder: json.JSONDecoder) -> int | None:
    """Where the object that begins at `at` ends; `at` if it is none, None if the text ends first.

    What follows an unfinished object is inside it, so nothing after it is looked at.
    """
    value: Any
    try:
        value, end = decoder.raw_decode(text, at)
    except json.JSONDecodeError as error:
        ended = error.pos >= len(text.rstrip()) or error.msg.startswith("Unterminated string")
        return None if ended else at
    return end if isinstance(value, dict) else at
