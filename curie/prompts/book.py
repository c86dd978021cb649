"""Templates that turn a brief into a prompt.

A template is Markdown with Jinja2. Above the line `=== user ===` stands what the role is, below it
what it is asked now; each half is a template of its own. It sees the fields of its brief as names,
the filters of `FILTERS`, and nothing else: a field that is not there is an error, and no global,
file or private attribute can be reached.
"""

import hashlib
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from jinja2 import StrictUndefined, TemplateError, meta
from jinja2.sandbox import ImmutableSandboxedEnvironment
from pydantic_core import to_jsonable_python

from curie.domain.call import Message, Prompt
from curie.domain.errors import NotReady
from curie.domain.fact import Fact
from curie.domain.setting import settings_text
from curie.domain.wording import claim_text, number

SEPARATOR = "=== user ==="
"""The line between what the role is and what it is asked."""


class Brief(Fact):
    """All that a role is told. Each role has its own: what is not a field cannot reach a model."""


def _json(value: Any) -> str:
    """A value as JSON on one line, facts with their fields in order."""
    return json.dumps(to_jsonable_python(value), ensure_ascii=False, allow_nan=False)


FILTERS: dict[str, Callable[..., str]] = {
    "number": number,
    "settings_text": settings_text,
    "claim_text": claim_text,
    "json": _json,
}
"""What a template may apply to a field, beside Jinja2's own filters."""


class PromptBook:
    """The templates of one folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._env = ImmutableSandboxedEnvironment(
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._env.globals.clear()
        self._env.filters.update(FILTERS)

    def roles(self) -> tuple[str, ...]:
        """The roles that have a template."""
        return tuple(sorted(p.name.removesuffix(_SUFFIX) for p in self._folder.glob(f"*{_SUFFIX}")))

    def render(self, role: str, brief: Brief) -> Prompt:
        """The prompt for a role. NotReady where its template is missing or broken."""
        path, source = self._source(role)
        names = {name: getattr(brief, name) for name in type(brief).model_fields}
        try:
            texts = [self._env.from_string(half).render(names).strip() for half in _halves(source)]
        except (TemplateError, ValueError, TypeError) as error:
            fields = ", ".join(names) or "none"
            raise NotReady(f"{path}: {error}; a template may use the fields {fields}") from error
        if not all(texts):
            raise NotReady(f"{path}: one of its halves came out empty; mend the template")
        system, user = texts
        return Prompt(
            role=role,
            template_sha256=hashlib.sha256(source.encode()).hexdigest(),
            messages=(
                Message(role="system", content=system),
                Message(role="user", content=user),
            ),
        )

    def names(self, role: str) -> frozenset[str]:
        """The names that a role's template expects to be told."""
        path, source = self._source(role)
        try:
            halves = [self._env.parse(half) for half in _halves(source)]
        except (TemplateError, ValueError) as error:
            raise NotReady(f"{path}: {error}; mend the template") from error
        return frozenset(name for half in halves for name in meta.find_undeclared_variables(half))

    def _source(self, role: str) -> tuple[Path, str]:
        path = self._folder / f"{role}{_SUFFIX}"
        try:
            return path, path.read_bytes().decode()
        except (OSError, UnicodeDecodeError) as error:
            raise NotReady(f"{path}: no template for {role}: {error}; install again") from error


_SUFFIX = ".md.j2"


def _halves(source: str) -> tuple[str, str]:
    """System and user text. Split before rendering, so that no value of a brief can add a line."""
    lines = source.replace("\r\n", "\n").split("\n")
    if lines.count(SEPARATOR) != 1:
        raise ValueError(f"the line {SEPARATOR!r} must stand in it once")
    at = lines.index(SEPARATOR)
    return "\n".join(lines[:at]), "\n".join(lines[at + 1 :])


def prompts_folder() -> Path:
    """Where the templates lie: in the installed package, or beside it in a checkout."""
    package = Path(__file__).resolve().parents[1]
    for folder in (package / "_shipped" / "prompts", package.parent / "prompts"):
        if folder.is_dir():
            return folder
    raise NotReady(f"{package}: there is no prompts folder; install curie again")
