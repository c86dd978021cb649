"""Does each level run what it is called? Asked at the setup gate."""

import re
from collections.abc import Iterator

from curie.domain.verdict import Finding
from curie.rigor.evidence import SetupEvidence
from curie.rigor.finding import failed, listed, passed, skipped
from curie.rigor.flow import Flow, Walk, flow
from curie.rigor.flow.value import Function
from curie.rigor.source import SHIPPED

_PARTS = re.compile(r"[A-Z]+(?=[A-Z][a-z])|[A-Z]?[a-z]+|\d+")


def levels_named_right(evidence: SetupEvidence) -> Finding:
    """Fail when a level runs the code that bears another level's name, and none of its own.

    A table with two entries crossed turns the verdict round without a single wrong number. A level
    that uses another's code beside its own is fine. Mended by putting the names right.
    """
    setup = evidence.setup
    if setup.written_by == "shipped":
        return skipped(SHIPPED)
    told = flow(evidence.plan, setup)
    wrong = list(dict.fromkeys(_crossed(told)))
    if wrong:
        return failed(listed(wrong), remedy="rebuild")
    return passed("no level runs under another one's name")


def _crossed(told: Flow) -> Iterator[str]:
    for varied in told.plan.vary:
        levels = [x for x in varied.levels if isinstance(x, str)]
        runs = {x: _run(told, varied.factor, x) for x in levels}
        for level in levels:
            others = [x for x in levels if x != level and not _words(x) & _words(level)]
            mine = {n for n in runs[level] if _words(level) & _words(n)}
            for other in others:
                theirs = {n for n in runs[level] if _words(other) <= _words(n)}
                alone = theirs and not mine and not theirs & runs[other]
                same = theirs and not mine and runs[level] == runs[other]
                if alone or same:
                    named = ", ".join(sorted(theirs))
                    yield f"{varied.factor}={level} runs {named}, which is named for {other}"


def _run(told: Flow, factor: str, level: str) -> frozenset[str]:
    """The functions and classes that the arms of a level go through."""
    return frozenset[str]().union(
        *(_names(w) for w in told.walks if w.ended and w.settings.get(factor) == level)
    )


def _names(walk: Walk) -> frozenset[str]:
    names: set[str] = set()
    for event in walk.events:
        if event.kind == "call" and event.name:
            names.add(event.name)
            own = event.values[0].known
            if isinstance(own, Function) and own.defined_in is not None:
                names.add(own.defined_in.node.name)
    return frozenset(names)


def _words(name: str) -> frozenset[str]:
    return frozenset(p.lower() for p in _PARTS.findall(name))
