"""Finds a question's system, factors, levels and metrics by the words of the manifests."""

import math
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from curie.agents.builtin.text import Token, phrase
from curie.domain.setting import Level, level_text
from curie.domain.system import System

Kind = Literal["level", "factor", "metric", "system"]


@dataclass(frozen=True)
class Mention:
    """Words of the question that name something of the manifest: tokens [start, end)."""

    kind: Kind
    name: str
    start: int
    end: int
    level: Level | None = None


def mentions(question: tuple[Token, ...], system: System) -> tuple[Mention, ...]:
    """What the question names, in its order. The longest phrase wins; a word counts once."""
    stems = tuple(t.stem for t in question)
    taken: set[int] = set()
    found: list[Mention] = []
    for words, kind, name, level in sorted(
        _phrases(system), key=lambda p: (-len(p[0]), _RANK[p[1]])
    ):
        for start in _places(stems, words):
            span = range(start, start + len(words))
            if taken.isdisjoint(span):
                taken.update(span)
                found.append(Mention(kind, name, start, start + len(words), level))
    return tuple(sorted(found, key=lambda m: m.start))


_RANK: dict[Kind, int] = {"level": 0, "factor": 1, "metric": 2, "system": 3}


def _phrases(system: System) -> Iterator[tuple[tuple[str, ...], Kind, str, Level | None]]:
    for factor in system.factors:
        for words in (factor.name, *factor.words):
            yield phrase(words), "factor", factor.name, None
        named = tuple((level_text(x), x) for x in factor.levels if isinstance(x, str))
        for text, level in (*factor.level_words, *named):
            yield phrase(text), "level", factor.name, level
    for metric in system.metrics:
        for words in (metric.name, *metric.words):
            yield phrase(words), "metric", metric.name, None
    for words in (system.name, *system.words):
        yield phrase(words), "system", system.name, None


def _places(stems: tuple[str, ...], words: tuple[str, ...]) -> Iterator[int]:
    for start in range(len(stems) - len(words) + 1):
        if words and stems[start : start + len(words)] == words:
            yield start


@dataclass(frozen=True)
class Candidate:
    """How well a system fits a question."""

    system: System
    score: float
    mentions: tuple[Mention, ...]


def rank(question: tuple[Token, ...], systems: tuple[System, ...]) -> tuple[Candidate, ...]:
    """The systems that share words with the question, best first, by BM25 over their manifests.

    BM25 as in Robertson & Zaragoza 2009, with k1 = 1.2 and b = 0.75; words that the question does
    not use for a system, a factor, a level or a metric weigh nothing.
    """
    documents = [Counter(_words(s)) for s in systems]
    mean = sum(d.total() for d in documents) / max(1, len(documents))
    ranked = []
    for system, document in zip(systems, documents, strict=True):
        named = mentions(question, system)
        used = {question[i].stem for m in named for i in range(m.start, m.end)}
        score = sum(_bm25(stem, document, documents, mean) for stem in used)
        if score > 0:
            ranked.append(Candidate(system, score, named))
    return tuple(sorted(ranked, key=lambda c: -c.score))


def _words(system: System) -> Iterator[str]:
    for words, _, _, _ in _phrases(system):
        yield from words


def _bm25(stem: str, document: Counter[str], documents: list[Counter[str]], mean: float) -> float:
    k1, b = 1.2, 0.75
    holding = sum(1 for d in documents if stem in d)
    rarity = math.log(1 + (len(documents) - holding + 0.5) / (holding + 0.5))
    often = document[stem]
    return rarity * often * (k1 + 1) / (often + k1 * (1 - b + b * document.total() / mean))
