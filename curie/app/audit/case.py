"""What a case of the corpus is: an experiment, and what is wrong (or only odd) about it."""

from typing import Literal, get_args

from pydantic import Field

from curie.app.audit.tampers import AnyTamper
from curie.domain.answer import Sentence
from curie.domain.fact import Fact
from curie.domain.plan import Draft
from curie.domain.setup import SourceFile

Kind = Literal["cheats", "honest"]
Half = Literal["development", "held_out"]
HALVES: tuple[Half, ...] = get_args(Half)


class Patch(Fact):
    """A change of one file of a system: a text that stands in it once, and what takes its place."""

    file: str = Field(min_length=1)
    find: str = Field(min_length=1)
    replace: str


class Spoken(Fact):
    """What the analyst of a case says, instead of the built-in one."""

    verdict: Literal["supported", "refuted", "mixed", "inconclusive"]
    sentences: tuple[Sentence, ...] = Field(min_length=1)
    limits: tuple[str, ...] = ()


class Case(Fact):
    """A planted cheat, or honest work, ready to be run."""

    name: str
    """Its file below the corpus, without the ending: `cheats/development/swapped_arms/sorts`."""
    kind: Kind
    half: Half
    about: str = Field(min_length=1)
    family: str
    """What kind of cheat it counts as; of honest work, its style."""
    families: tuple[str, ...] = Field(min_length=1)
    """All kinds that it is: a pair of cheats has two."""
    draft: Draft
    files: tuple[SourceFile, ...] = ()
    """The program that the technician hands in, where the system brings none."""
    patches: tuple[Patch, ...] = ()
    tampers: tuple[AnyTamper, ...] = ()
    answer: Spoken | None = None
    own: bool
    """Whether its draft or its program differs from that of its experiment."""
    timed: bool
    """Whether a claim rests on a time, so that nothing else may run meanwhile."""
