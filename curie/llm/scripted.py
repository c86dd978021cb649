"""`scripted/<file>`: answers from a file, in order, for tests and demos without a network.

The file is TOML or JSON: for each role a list with one entry a call. An entry has `answer` (a
table: the value) or `text` (said word for word, valid or not), and may name the type that it
answers as `want`; or it has `tries`, a list of such entries, one for each try of this call.

    [[architect]]
    want = "Draft"
    answer = { system = "perseus", … }

    [[architect]]
    tries = [{ text = "Certainly!" }, { answer = { … } }]
"""

import json
import tomllib
from pathlib import Path
from typing import Any, Self

from pydantic import TypeAdapter, ValidationError, model_validator

from curie.domain.errors import ModelMisbehaved, UsageError
from curie.domain.fact import Fact
from curie.llm.prices import FREE
from curie.llm.voice import TRIES, Asked, Said


class _Line(Fact):
    want: str | None = None
    answer: dict[str, Any] | None = None
    text: str | None = None
    tries: tuple["_Line", ...] = ()

    @model_validator(mode="after")
    def _one_kind(self) -> Self:
        if sum((self.answer is not None, self.text is not None, bool(self.tries))) != 1:
            raise ValueError("give exactly one of answer, text and tries")
        return self

    def spoken(self) -> str:
        if self.text is not None:
            return self.text
        return json.dumps(self.answer, ensure_ascii=False, default=str)  # TOML has dates


_Script = dict[str, tuple[_Line, ...]]


class ScriptedVoice:
    """Says what its script says: entry n to call n of a role, so that a resumed run goes on."""

    tries = TRIES
    max_tokens = 0
    price = FREE

    def __init__(self, path: Path) -> None:
        self.name = f"scripted/{path}"
        self._path = path
        self._script = _load(path)

    def say(self, asked: Asked) -> Said:
        """The entry for this call and try; ModelMisbehaved where the script has none."""
        line, problem = self._line(asked)
        messages = (*asked.prompt.messages, *asked.corrections)
        if line is None:
            return Said("", "scripted", messages, error=ModelMisbehaved(problem))
        return Said(line.spoken(), "scripted", messages)

    def _line(self, asked: Asked) -> tuple[_Line | None, str]:
        role, want = asked.prompt.role, asked.want.__name__
        lines = self._script.get(role, ())
        at = f"{self._path}, {role}"
        if asked.number > len(lines):
            return None, f"{at}: {len(lines)} answers, and call {asked.number} has none; add one"
        line = lines[asked.number - 1]
        tries = line.tries or (line,)
        if asked.attempt > len(tries):
            at_end = f"its {len(tries)} answers are used up"
            return None, f"{at}, call {asked.number}: {at_end}; the last mistake: {asked.mistake}"
        chosen = tries[asked.attempt - 1]
        expected = chosen.want or line.want
        if expected not in (None, want):
            return None, f"{at}, call {asked.number}: has a {expected}, but a {want} is asked for"
        return chosen, ""


def _load(path: Path) -> _Script:
    try:
        text = path.read_text(encoding="utf-8")
        raw = json.loads(text) if path.suffix == ".json" else tomllib.loads(text)
        return TypeAdapter(_Script).validate_python(raw)
    except FileNotFoundError:
        raise UsageError(f"{path}: there is no such script; give --model scripted/FILE") from None
    except (OSError, ValueError) as error:  # not JSON, not TOML, not text, not a script
        first = error.errors()[0] if isinstance(error, ValidationError) else None
        where = ".".join(str(part) for part in first["loc"]) if first else ""
        what = f"{where}: {first['msg']}" if first else str(error)
        raise UsageError(f"{path}: not a script: {what}; see curie.llm.scripted") from error
