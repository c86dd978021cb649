"""The levels that a question names for a factor, and those of a scan that names none."""

from typing import TypeVar

from curie.agents.builtin import lexicon
from curie.agents.builtin.match import Candidate, Mention
from curie.agents.builtin.text import Token
from curie.domain.errors import NotAnswerable
from curie.domain.setting import Level, level_text
from curie.domain.system import Factor

T = TypeVar("T")

Words = tuple[Token, ...]

LAW_LEVELS = 5
"""Levels of a scan that is to tell one functional form from another."""

SCAN_LEVELS = 3
"""Levels below which there is no scan, only a pair."""

_JOINTS = frozenset({"from", "to", "and", "of", "in", "at", "between", "or", "is", "for", "by"})
_ALONG = frozenset({"with", "along", "as", "over", "by", "how", "in"})
"""Between a verb and `from … to …` these make the verb one of the metric, not of the factor."""
_INSTEAD = frozenset({"instead", "rather", "than", "versu", "vs", "or", "and", "against", "of"})


def numbers_of(factor: Factor, best: Candidate, words: Words) -> tuple[Level, ...]:
    """Numbers that stand right behind the factor's name as its levels, else right before it."""
    if not factor.ordered:
        return ()
    places = [m for m in best.mentions if m.name == factor.name and m.kind == "factor"]
    found = [x for m in places for x in _behind(m.end, words, factor, _JOINTS)]
    if not found:
        found = [x for m in places for x in _before(m, words, factor)]
    return distinct(tuple(x for x in found if factor.allows(x)))


def _behind(start: int, words: Words, factor: Factor, joints: frozenset[str]) -> list[Level]:
    found: list[Level] = []
    for word in words[start:]:
        if word.value is not None and not word.percent:
            found.append(_typed(factor, word.value))
        elif word.stem not in joints:
            break
    return found


def _before(mention: Mention, words: Words, factor: Factor) -> list[Level]:
    """`2 threads`, `2 or 4 threads`, and `2 threads instead of 1`."""
    ahead = tuple(reversed(words[: mention.start]))
    if not ahead or ahead[0].value is None:
        return []
    found = list(reversed(_behind(0, ahead, factor, _JOINTS)))
    return found + _behind(mention.end, words, factor, _INSTEAD)


def span(factor: Factor, numbers: tuple[Level, ...], words: Words) -> tuple[Level, ...]:
    """The levels that some numbers stand for.

    `from 16 to 256` is a range and gets levels in between; `16 and 256` is a pair, and so is
    `raising it from 16 to 256`.
    """
    if len(numbers) == 1:
        return distinct((factor.baseline or factor.default, *numbers))
    low, high = numbers[0], numbers[-1]
    if isinstance(low, str) or isinstance(high, str):
        return numbers
    if len(numbers) > 2:
        return tuple(sorted(numbers))
    if not _ranged(words):
        return numbers
    inside = tuple(x for x in factor.levels if not isinstance(x, str) and low <= x <= high)
    if len(inside) >= SCAN_LEVELS:
        return inside
    between = grid(factor, low, high)
    return between if len(between) >= SCAN_LEVELS else numbers


def _ranged(words: Words) -> bool:
    stems = [w.stem for w in words]
    if "between" in stems:
        return True
    if "from" not in stems or "to" not in stems:
        return False
    before = stems[: stems.index("from")]
    moved = [i for i, s in enumerate(before) if s in lexicon.MOVES]
    return not moved or bool(_ALONG & set(before[moved[-1] :]))


def default_levels(factor: Factor, *, least: int = 1) -> tuple[Level, ...]:
    """The levels of a scan that names none: the manifest's, if they are enough; else a grid."""
    if factor.type == "bool":
        return (False, True)
    numbers = [float(x) for x in factor.levels if isinstance(x, int | float)]
    if factor.levels and (len(factor.levels) >= least or factor.low is None or not numbers):
        return factor.levels
    if factor.low is None or factor.high is None:
        raise NotAnswerable(f"the manifest gives no levels and no range for {factor.name}")
    if len(numbers) < SCAN_LEVELS:
        return grid(factor, factor.low, factor.high)
    return grid(factor, min(numbers), max(numbers))


def grid(factor: Factor, low: float, high: float, points: int = 5) -> tuple[Level, ...]:
    """Levels from `low` to `high`, evenly or, over a wide range, by equal ratios."""
    log = low > 0 and high / low >= 8
    steps = [i / (points - 1) for i in range(points)]
    values = [low * (high / low) ** s if log else low + (high - low) * s for s in steps]
    return distinct(tuple(_typed(factor, v) for v in values))


def _typed(factor: Factor, value: float) -> Level:
    if factor.type == "int":
        return round(value)
    return float(f"{value:.4g}")


def compared_with(
    factor: Factor, named: tuple[Mention, ...], levels: tuple[Level, ...], words: Words
) -> Level:
    """What named levels are compared with.

    The one that the question marks as the reference (`than …`, `compared with …`), else the second
    one, else the factor's baseline.
    """
    if len(levels) > 1:
        marked = [m.level for m in named if m.level is not None and _is_reference(m, words)]
        return marked[0] if marked else levels[1]
    for other in (factor.baseline, factor.default, *factor.levels):
        if other is not None and other != levels[0]:
            return other
    raise NotAnswerable(f"{factor.name} has no other level than {level_text(levels[0])}")


def _is_reference(mention: Mention, words: Words) -> bool:
    before = tuple(w.stem for w in words[max(0, mention.start - 3) : mention.start])
    return any(before[i : i + len(p)] == p for p in lexicon.REFERENCE for i in range(len(before)))


def distinct(items: tuple[T, ...]) -> tuple[T, ...]:
    """The items without repetitions, in their order."""
    return tuple(dict.fromkeys(items))
