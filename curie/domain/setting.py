"""A factor at a level: the atom of arms, claims and trial settings."""

from collections.abc import Iterable

from pydantic import Field

from curie.domain.fact import Fact

Level = bool | int | float | str
"""A level of a factor. Numbers keep their type: 1 and 1.0 are different spellings."""


class Setting(Fact):
    """One factor held at one level."""

    factor: str = Field(min_length=1)
    level: Level

    def __str__(self) -> str:
        return f"{self.factor}={level_text(self.level)}"


Settings = tuple[Setting, ...]


def level_text(level: Level) -> str:
    """A level as people write it: `true`, `64`, `0.5`, `perseus`."""
    if isinstance(level, bool):
        return "true" if level else "false"
    return f"{level:g}" if isinstance(level, float) else str(level)


def same_level(one: Level, other: Level) -> bool:
    """Whether two levels are equal, where 64 equals 64.0 but true does not equal 1."""
    return isinstance(one, bool) == isinstance(other, bool) and one == other


def level_of(settings: Iterable[Setting], factor: str) -> Level | None:
    """The level at which these settings hold a factor, if they do."""
    return next((s.level for s in settings if s.factor == factor), None)


def contains(settings: Settings, part: Settings) -> bool:
    """Whether every setting of `part` is among `settings`."""
    return all(
        any(s.factor == p.factor and same_level(s.level, p.level) for s in settings) for p in part
    )


def overlay(below: Settings, above: Settings) -> Settings:
    """Settings where those of `above` win, sorted by factor so that equal ones spell alike."""
    levels = {s.factor: s.level for s in (*below, *above)}
    return tuple(Setting(factor=name, level=levels[name]) for name in sorted(levels))


def settings_text(settings: Settings) -> str:
    """Settings in one line; `the defaults` when there are none."""
    return ", ".join(str(s) for s in settings) or "the defaults"
