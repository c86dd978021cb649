"""What the built-in scientist understood of a question, before it designs anything."""

from dataclasses import dataclass

from curie.agents.builtin import lexicon
from curie.agents.builtin.levels import (
    LAW_LEVELS,
    SCAN_LEVELS,
    Words,
    compared_with,
    default_levels,
    distinct,
    numbers_of,
    span,
)
from curie.agents.builtin.match import Candidate, Mention, rank
from curie.agents.builtin.text import tokens
from curie.domain.errors import NotAnswerable
from curie.domain.setting import Level, Setting, Settings, settings_text
from curie.domain.system import Factor, Metric, System

MARGIN = 1.1
"""A system is chosen when its score is this much above the next one's."""


@dataclass(frozen=True)
class Subject:
    """What is varied: a factor, the levels asked for, and the level they are held against."""

    factor: Factor
    levels: tuple[Level, ...]
    against: Level
    named: bool
    """Whether levels are compared by name or in a pair, rather than scanned."""


@dataclass(frozen=True)
class Reading:
    """A question, understood."""

    system: System
    words: Words
    subject: Subject
    hold: Settings
    metrics: tuple[tuple[Metric, int], ...]
    """The metrics asked for, with the place in the question where each is named."""
    names: frozenset[int] = frozenset()
    """The places of words that name something of the system."""
    assumed: tuple[str, ...] = ()
    """What the question did not say and the reader filled in."""


def read(text: str, systems: tuple[System, ...]) -> Reading:
    """The question as understood; NotAnswerable says what was and what was not."""
    words = tokens(text)
    best = _choose(words, systems)
    mention = _subject_mention(best, words)
    _refuse_two_factors(best, mention, words)
    subject = _subject(best, mention, words)
    metrics, assumed = _metrics(best, words)
    said = _hold(best, subject.factor, words)
    hold, needed = _with_needs(best.system, subject.factor, said)
    return Reading(
        system=best.system,
        words=words,
        subject=subject,
        hold=hold,
        metrics=metrics,
        names=frozenset(i for m in best.mentions for i in range(m.start, m.end)),
        assumed=(*assumed, *needed),
    )


def verb_place(words: Words) -> int:
    """Where the question's verb of effect stands; its end if it has none."""
    return next((i for i, w in enumerate(words) if w.stem in lexicon.EFFECT_VERBS), len(words))


def _choose(words: Words, systems: tuple[System, ...]) -> Candidate:
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


def _subject_mention(best: Candidate, words: Words) -> Mention:
    """The factor or level that the question is about: before the verb if any is, else the first.

    A factor named as such is asked about; a level beside it, or a factor with its level, as in
    `an HNSW index` or `when efSearch is 256`, only sets the scene.
    """
    named = [m for m in best.mentions if m.kind in ("factor", "level")]
    if not named:
        system = best.system
        factors = ", ".join(f.name for f in system.factors)
        raise NotAnswerable(
            f"the question is about {system.name}, but names none of the factors that can be "
            f"varied there: {factors} (see `curie systems {system.name}`)"
        )
    verb = verb_place(words)
    pool = [m for m in named if m.start < verb] or named
    asked = [m for m in pool if m.kind == "factor" and not _at_a_level(m, best, words)]
    levels = [m for m in pool if m.kind == "level"]
    return (asked or levels or pool)[0]


def _at_a_level(mention: Mention, best: Candidate, words: Words) -> bool:
    factor = best.system.factor(mention.name)
    beside = any(
        m.kind == "level" and m.name == mention.name and mention.start - 1 <= m.end <= mention.start
        for m in best.mentions
    )
    return beside or (factor is not None and len(numbers_of(factor, best, words)) == 1)


def _refuse_two_factors(best: Candidate, subject: Mention, words: Words) -> None:
    """NotAnswerable where two factors are asked about at once.

    Reading one of them only would answer another question.
    """
    stems = {w.stem for w in words}
    others = [m for m in best.mentions if m.kind == "factor" and m.name != subject.name]
    joined = [
        m.name
        for m in others
        if abs(m.start - subject.end) == 1 and words[subject.end].stem in ("and", "or")
    ]
    crossed = "interact" in stems or {"effect", "depend"} <= stems
    second = joined or ([m.name for m in others] if crossed else [])
    if second:
        raise NotAnswerable(
            f"the question asks about {subject.name} and {second[0]} at once; the built-in "
            "scientist varies one factor: ask about each by itself, give one of them a level "
            f"({second[0]} = …), or ask with --model openai/<name>"
        )


def _subject(best: Candidate, mention: Mention, words: Words) -> Subject:
    factor = best.system.factor(mention.name)
    assert factor is not None
    named = tuple(m for m in best.mentions if m.kind == "level" and m.name == factor.name)
    levels = distinct(tuple(m.level for m in named if m.level is not None))
    if levels:
        against = compared_with(factor, named, levels, words)
        return Subject(factor, distinct((*levels, against)), against, named=True)
    numbers = numbers_of(factor, best, words)
    if numbers:
        return _of_numbers(factor, numbers, words)
    law = bool({w.stem for w in words} & lexicon.ANY_LAW)
    scan = default_levels(factor, least=LAW_LEVELS if law else 1)
    baseline = factor.baseline if factor.baseline in scan else scan[0]
    assert baseline is not None
    pair = factor.type == "bool" or (factor.ordered and len(scan) < SCAN_LEVELS)
    return Subject(factor, scan, baseline, named=pair)


def _of_numbers(factor: Factor, numbers: tuple[Level, ...], words: Words) -> Subject:
    chosen = span(factor, numbers, words)
    pair = len(chosen) < SCAN_LEVELS
    instead = pair and any(w.stem in ("instead", "rather", "than") for w in words)
    return Subject(factor, chosen, chosen[-1] if instead else chosen[0], named=pair)


def _metrics(
    best: Candidate, words: Words
) -> tuple[tuple[tuple[Metric, int], ...], tuple[str, ...]]:
    """The metrics that are named; the system's first where something else shows the intent."""
    system = best.system
    named: dict[str, tuple[Metric, int]] = {}
    for mention in best.mentions:
        metric = system.metric(mention.name) if mention.kind == "metric" else None
        if metric is not None:
            named.setdefault(metric.name, (metric, mention.start))
    if named:
        return tuple(named.values()), ()
    if not system.metrics or not {w.stem for w in words} & lexicon.INTENT:
        metrics = ", ".join(m.name for m in system.metrics) or "none"
        raise NotAnswerable(
            f"the question is about {system.name}, but names nothing that is measured there: "
            f"{metrics} (see `curie systems {system.name}`)"
        )
    first = system.metrics[0]
    return ((first, len(words)),), (f"No metric was named, so {first.name} was measured.",)


def _hold(best: Candidate, subject: Factor, words: Words) -> dict[str, Level]:
    """Levels named for other factors: the scene of the experiment."""
    held: dict[str, Level] = {}
    for mention in best.mentions:
        factor = best.system.factor(mention.name)
        if factor is None or factor.name == subject.name:
            continue
        if mention.kind == "level" and mention.level is not None:
            held.setdefault(factor.name, mention.level)
        elif mention.kind == "factor":
            numbers = numbers_of(factor, best, words)
            if len(numbers) == 1:
                held.setdefault(factor.name, numbers[0])
    return held


def _with_needs(
    system: System, subject: Factor, said: dict[str, Level]
) -> tuple[Settings, tuple[str, ...]]:
    """The held levels with what the factors need to do anything, where the question is silent."""
    held = dict(said)
    assumed: list[str] = []
    factors = (subject, *(f for name in said if (f := system.factor(name)) is not None))
    for factor in factors:
        missing = tuple(
            n for n in factor.needs if n.factor not in held and n.factor != subject.name
        )
        if missing:
            held.update({n.factor: n.level for n in missing})
            assumed.append(
                f"{settings_text(missing)} was held, since {factor.name} does nothing without it."
            )
    hold = tuple(Setting(factor=name, level=held[name]) for name in sorted(held))
    return hold, tuple(assumed)
