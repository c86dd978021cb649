"""The same place of a program in several arms."""

from collections import defaultdict
from collections.abc import Iterator
from typing import NamedTuple

from curie.rigor.flow.machine import Event
from curie.rigor.flow.marks import picked
from curie.rigor.flow.reading import Flow, Walk
from curie.rigor.flow.value import Value


class Seen(NamedTuple):
    """An event of one arm."""

    walk: Walk
    event: Event


def places(told: Flow, *kinds: str) -> Iterator[tuple[Seen, ...]]:
    """Events of some kinds, those of one place together, over all arms that were followed."""
    found: dict[tuple[str, int], list[Seen]] = defaultdict(list)
    for walk in told.walks:
        if walk.ended:
            for event in walk.events:
                if event.kind in kinds:
                    found[event.kind, id(event.node)].append(Seen(walk, event))
    yield from (tuple(seen) for seen in found.values())


def amounts(seen: tuple[Seen, ...], at: int) -> dict[str, set[float]]:
    """The known numbers that stood at a place, by arm; one of the values of its events."""
    found: dict[str, set[float]] = defaultdict(set)
    for walk, event in seen:
        number = event.values[at].known if at < len(event.values) else None
        if isinstance(number, int | float) and not isinstance(number, bool):
            found[walk.arm].add(float(number))
    return dict(found)


def differ(numbers: dict[str, set[float]]) -> bool:
    """Whether arms have different numbers at a place."""
    return len({frozenset(n) for n in numbers.values()}) > 1


def chosen_by(seen: tuple[Seen, ...], at: int) -> frozenset[str]:
    """The varied factors whose level chose the number at a place."""
    values = [e.values[at] for _, e in seen if at < len(e.values)]
    return picks(values) & varied(seen)


def picks(values: list[Value]) -> frozenset[str]:
    """The factors whose level chose any of these values."""
    return frozenset[str]().union(*(picked(v.marks) for v in values))


def varied(seen: tuple[Seen, ...]) -> frozenset[str]:
    """The factors in which the arms of these events differ."""
    levels: dict[str, set[object]] = defaultdict(set)
    for walk, _ in seen:
        for factor, level in walk.settings.items():
            levels[factor].add(level)
    return frozenset(f for f, found in levels.items() if len(found) > 1)
