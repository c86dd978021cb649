"""Marks: where a value comes from, as words that travel with it."""

from collections.abc import Iterable
from typing import Final

LOOPED: Final = "looped"
"""The mark of what was gathered in a loop, though over nothing but what is written."""
NO_MARKS: Final[frozenset[str]] = frozenset()
PASSING = "~"
"""Marks that begin so tell how a number was last handled; work on it makes them void."""


def handled(marks: Iterable[str]) -> frozenset[str]:
    """The marks of handling among these, without their sign."""
    return frozenset(m.removeprefix(PASSING) for m in marks if m.startswith(PASSING))


def factors(marks: Iterable[str]) -> frozenset[str]:
    """The factors that marks name."""
    return frozenset(m.removeprefix("factor:") for m in marks if m.startswith("factor:"))


def picked(marks: Iterable[str]) -> frozenset[str]:
    """The factors by whose level something was chosen."""
    return frozenset(m.removeprefix("picked:") for m in marks if m.startswith("picked:"))
