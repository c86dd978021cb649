"""Which factor a question asks about, where its words leave no doubt."""

from curie.agents.builtin.match import mentions
from curie.agents.builtin.reading import verb_place
from curie.agents.builtin.text import tokens
from curie.domain.system import System


def asked_factors(question: str, system: System) -> tuple[str, ...]:
    """The one factor that the question names and asks about; empty where that is not sure.

    It has to be the only factor called by its name, without a number or a level at its side (which
    would hold it), and to stand before the verb: behind it, it may be the scene.
    """
    words = tokens(question)
    named = mentions(words, system)
    levels = {(m.name, place) for m in named if m.kind == "level" for place in (m.start, m.end)}
    factors = [
        m
        for m in named
        if m.kind == "factor" and levels.isdisjoint({(m.name, m.start), (m.name, m.end)})
    ]
    if len({m.name for m in factors}) != 1:
        return ()
    first = factors[0]
    beside = words[max(0, first.start - 1) : first.end + 2]
    if any(word.value is not None for word in beside):
        return ()
    verb = verb_place(words)
    return (first.name,) if first.start < verb < len(words) else ()
