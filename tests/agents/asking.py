"""Asks the built-in architect, with the shipped systems at hand."""

from functools import cache

from curie.agents.briefs import ArchitectBrief
from curie.agents.builtin.architect import BuiltinArchitect
from curie.domain.plan import Draft
from curie.domain.question import Question
from curie.domain.system import System
from curie.sandbox.manifest import find, load
from curie.stats import TESTED

SHELF = ("perseus", "vector_index", "workbench")


@cache
def systems() -> tuple[System, ...]:
    """Two systems with programs, and the workbench."""
    return tuple(load(find(name)) for name in SHELF)


def brief(text: str, **changes: object) -> ArchitectBrief:
    told = ArchitectBrief(
        question=Question(text=text), systems=systems(), tested=tuple(sorted(TESTED))
    )
    return told.but(**changes)


def draft(text: str) -> Draft:
    """What the built-in architect makes of a question."""
    return BuiltinArchitect().draft(brief(text))
