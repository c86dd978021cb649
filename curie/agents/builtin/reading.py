"""What the built-in scientist understood of a question, before it designs anything."""

from dataclasses import dataclass
from typing import TypeVar

from curie.agents.builtin import lexicon
from curie.agents.builtin.match import Candidate, Mention, rank
from curie.agents.builtin.text import Token, tokens
from curie.domain.errors import NotAnswerable
from curie.domain.setting import Level, Setting, Settings, level_text
from curie.domain.system import Factor, Metric, System

T = TypeVar("T")

MARGIN = 1.1
"""A system is chosen when its score is this much above the next one's."""


@dataclass(frozen=True)
class Subject:
    """What is varied: a factor, the levels asked for, and the level they are held against."""

    factor: Factor
    levels: tuple[Level, ...]
    against: Level
    named: bool
    """Whether the question named levels (then pairs are compared), or just the factor."""


@dataclass(frozen=True)
class Reading:
    """A question, understood."""

    system: System
    words: tuple[Token, ...]
    subject: Subject
    hold: Settings
    metrics: tuple[tuple[Metric, int], ...]
    """The metrics asked for, with the place in the question where each is named."""
    assumed: tuple[str, ...] = ()
    """What the question did not say and the reader filled in."""


def read(text: str, systems: tuple[System, ...]) -> Reading:
    """The question as understood; NotAnswerable says what was and what was not."""
    words = tokens(text)
    best = _choose(words, systems)
    verb = verb_place(words)
    subject_at = _subject_mention(best, verb)
    subject = _subject(best, subject_at, words)
    metrics = tuple(
        (metric, m.start)
        for m in best.mentions
        if m.kind == "metric"
        if (metric := best.system.metric(m.name)) is not None
    )
    assumed: tuple[str, ...] = ()
    if not metrics:
        if not best.system.metrics:
            raise NotAnswerable(_no_metrics(best.system))
        metrics = ((best.system.metrics[0], len(words)),)
        assumed = (f"no metric was named, so {metrics[0][0].name} was measured",)
    return Reading(
        best.system, words, subject, _hold(best, subject.factor, words), _distinct(metrics), assumed
    )


def verb_place(words: tuple[Token, ...]) -> int:
    """Where the question's verb of effect stands; its end if it has none."""
    return next((i for i, w in enumerate(words) if w.stem in lexicon.EFFECT_VERBS), len(words))


def _choose(words: tuple[Token, ...], systems: tuple[System, ...]) -> Candidate:
    answering = tuple(s for s in systems if s.brings_program)
    ranked = rank(words, answering)
    names = ", ".join(s.name for s in answering)
    if not ranked:
        raise NotAnswerable(
            "the built-in scientist found no word of a shipped system in the question; it knows "
            f"{names} (see `curie systems`). Name a factor and a metric of one of them, or ask "
            "with a language model: --model openai/<name>"
        )
    if len(ranked) > 1 and ranked[0].score < MARGIN * ranked[1].score:
        raise NotAnswerable(
            f"the question fits {ranked[0].system.name} and {ranked[1].system.name} equally well; "
            f"say which with --system {ranked[0].system.name} or --system {ranked[1].system.name}"
        )
    return ranked[0]


def _subject_mention(best: Candidate, verb: int) -> Mention:
    """The factor or level that the question is about: before the verb if any is, else the first.

    A factor named as such is asked about; a level named beside it only sets the scene.
    """
    named = [m for m in best.mentions if m.kind in ("factor", "level")]
    if not named:
        system = best.system
        factors = ", ".join(f.name for f in system.factors)
        raise NotAnswerable(
            f"the question is about {system.name}, but names none of the factors that can be "
            f"varied there: {factors} (see `curie systems {system.name}`)"
        )
    before = [m for m in named if m.start < verb]
    pool = before or named
    factors_first = [m for m in pool if m.kind == "factor"] or pool
    return factors_first[0]


def _subject(best: Candidate, mention: Mention, words: tuple[Token, ...]) -> Subject:
    factor = best.system.factor(mention.name)
    assert factor is not None
    named = [m.level for m in best.mentions if m.kind == "level" and m.name == factor.name]
    levels = [x for x in dict.fromkeys(named) if x is not None]
    numbers = _numbers_of(factor, best, words)
    if levels:
        against = _against(factor, levels)
        return Subject(factor, _distinct((*levels, against)), against, named=True)
    if numbers:
        chosen = _span(factor, numbers, words)
        return Subject(factor, chosen, chosen[0], named=len(chosen) == 2)
    scan = default_levels(factor)
    baseline = factor.baseline if factor.baseline in scan else scan[0]
    assert baseline is not None
    return Subject(factor, scan, baseline, named=factor.type == "bool")


def _against(factor: Factor, levels: list[Level]) -> Level:
    """What the named levels are compared with: another named one, or the factor's baseline."""
    if len(levels) > 1:
        return levels[1]
    for other in (factor.baseline, factor.default, *factor.levels):
        if other is not None and other != levels[0]:
            return other
    raise NotAnswerable(f"{factor.name} has no other level than {level_text(levels[0])}")


def default_levels(factor: Factor) -> tuple[Level, ...]:
    """The levels of a scan that names none: the manifest's, else five over the range."""
    if factor.levels:
        return factor.levels
    if factor.type == "bool":
        return (False, True)
    if factor.low is None or factor.high is None:
        raise NotAnswerable(f"the manifest gives no levels and no range for {factor.name}")
    return _grid(factor, factor.low, factor.high)


def _grid(factor: Factor, low: float, high: float, points: int = 5) -> tuple[Level, ...]:
    log = low > 0 and high / low >= 20
    steps = [i / (points - 1) for i in range(points)]
    values = [low * (high / low) ** s if log else low + (high - low) * s for s in steps]
    return _distinct(tuple(_typed(factor, v) for v in values))


def _typed(factor: Factor, value: float) -> Level:
    return round(value) if factor.type == "int" else float(f"{value:.4g}")


def _numbers_of(factor: Factor, best: Candidate, words: tuple[Token, ...]) -> tuple[Level, ...]:
    """Numbers that stand right behind the factor's name, as its levels."""
    if not factor.ordered:
        return ()
    found: list[Level] = []
    for mention in (m for m in best.mentions if m.name == factor.name and m.kind == "factor"):
        found += [x for x in _run_of_numbers(mention.end, words, factor) if factor.allows(x)]
    return _distinct(tuple(found))


_JOINTS = frozenset({"from", "to", "and", "of", "in", "at", "between", "or", "is", "for", "by"})


def _run_of_numbers(start: int, words: tuple[Token, ...], factor: Factor) -> list[Level]:
    found: list[Level] = []
    for word in words[start:]:
        if word.value is not None:
            found.append(_typed(factor, word.value))
        elif word.stem not in _JOINTS:
            break
    return found


def _span(
    factor: Factor, numbers: tuple[Level, ...], words: tuple[Token, ...]
) -> tuple[Level, ...]:
    """`from 16 to 256` is a range and gets levels in between; `16 and 256` is a pair."""
    stems = {w.stem for w in words}
    low, high = numbers[0], numbers[-1]
    ranged = len(numbers) == 2 and ({"from", "to"} <= stems or "between" in stems)
    if ranged and not isinstance(low, str) and not isinstance(high, str):
        inside = tuple(x for x in factor.levels if not isinstance(x, str) and low <= x <= high)
        return inside if len(inside) >= 3 else _grid(factor, low, high)
    return numbers if len(numbers) > 1 else _distinct((factor.baseline or factor.default, *numbers))


def _hold(best: Candidate, subject: Factor, words: tuple[Token, ...]) -> Settings:
    """Levels named for other factors: the scene of the experiment."""
    held: dict[str, Level] = {}
    for mention in best.mentions:
        factor = best.system.factor(mention.name)
        if factor is None or factor.name == subject.name:
            continue
        if mention.kind == "level" and mention.level is not None:
            held.setdefault(factor.name, mention.level)
        elif mention.kind == "factor":
            numbers = _numbers_of(factor, best, words)
            if len(numbers) == 1:
                held.setdefault(factor.name, numbers[0])
    return tuple(Setting(factor=f, level=held[f]) for f in sorted(held))


def _distinct(items: tuple[T, ...]) -> tuple[T, ...]:
    return tuple(dict.fromkeys(items))


def _no_metrics(system: System) -> str:
    return f"the manifest of {system.name} names no metric, so nothing can be measured"
