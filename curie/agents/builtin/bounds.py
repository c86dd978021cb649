"""The numbers of a question that a metric has to meet."""

from dataclasses import dataclass
from typing import Literal

from curie.agents.builtin import lexicon
from curie.agents.builtin.levels import Words
from curie.agents.builtin.reading import Reading
from curie.domain.system import Metric

NEAR = 10
"""How many words may stand between a metric and the bound that it has to meet."""


@dataclass(frozen=True)
class Bound:
    """A number that a metric has to meet."""

    value: float
    side: Literal["at_least", "at_most"] | None
    """None: the question does not say."""
    share: bool
    """Whether it is relative: per cent of a metric that is not a share itself."""
    by: bool
    """Whether it bounds a change (`by at least …`), not the metric itself."""


def bound_of(reading: Reading, metric: Metric, at: int) -> Bound | None:
    """The number nearest to the metric that is not a level of a factor.

    A number between two metrics belongs to the nearer one, or to the first.
    """
    places = [i for i, w in enumerate(reading.words) if w.value is not None]
    mine = [
        (abs(i - at), i)
        for i in places
        if abs(i - at) <= NEAR and _is_bound(reading, i) and _owner(reading, i) == at
    ]
    if not mine:
        return None
    place = min(mine)[1]
    word = reading.words[place]
    assert word.value is not None
    value = word.value * 100 if word.percent and metric.unit == "%" else word.value
    share = word.percent and metric.unit not in ("%", "share")
    before = {w.stem for w in reading.words[max(0, place - 4) : place]}
    by = bool(before & {"by", "within"})
    return Bound(value, _side(reading.words, place), share, by)


def _is_bound(reading: Reading, place: int) -> bool:
    """Whether a number is said to bound something, and is not part of a name such as A100."""
    if place in reading.names or _is_level(reading, place):
        return False
    stated = _side(reading.words, place) is not None or reading.words[place].percent
    before = reading.words[place - 1].stem if place else ""
    return stated or before in ("of", "by", "reach", "is") or place - 1 in reading.names


def _is_level(reading: Reading, place: int) -> bool:
    word = reading.words[place]
    levels = [s.level for s in reading.hold] + list(reading.subject.levels)
    numbers = {float(x) for x in levels if isinstance(x, int | float) and not isinstance(x, bool)}
    return not word.percent and word.value in numbers


def _owner(reading: Reading, place: int) -> int:
    return min((abs(place - at), at) for _, at in reading.metrics)[1]


def _side(words: Words, place: int) -> Literal["at_least", "at_most"] | None:
    before = tuple(w.stem for w in words[max(0, place - 3) : place])
    if _holds(before, lexicon.BELOW):
        return "at_most"
    return "at_least" if _holds(before, lexicon.ABOVE) else None


def _holds(stems: tuple[str, ...], phrases: tuple[tuple[str, ...], ...]) -> bool:
    return any(stems[i : i + len(p)] == p for p in phrases for i in range(len(stems)))
