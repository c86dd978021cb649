"""What is known of a value without running the program: perhaps itself, and what it came from."""

import ast
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from enum import IntEnum
from typing import Any, Final

from curie.rigor.flow.marks import NO_MARKS, PASSING, factors
from curie.rigor.source import Source


class Grade(IntEnum):
    """How much lies behind a value; what is made of several has the highest of theirs."""

    WRITTEN = 0
    """Constants and settings, and arithmetic over them."""
    NOISE = 1
    """A draw of a generator, moved and stretched by what is written."""
    SHAPED = 2
    """What a curve or a question makes of a few draws."""
    WORK = 3
    """Anything that a reader cannot write down beforehand, and all that is not understood."""


class _Unknown:
    """The absence of a value; only its identity counts."""


UNKNOWN: Final = _Unknown()


@dataclass(frozen=True, slots=True, eq=False)
class Value:
    """A value as far as it is understood."""

    known: Any = UNKNOWN
    """A number, a text, None, or one of the shapes below; UNKNOWN: something."""
    grade: Grade = Grade.WRITTEN
    marks: frozenset[str] = NO_MARKS
    """Where it comes from: `factor:size`, `picked:size` (chosen by the level), `seed`, `clock`…"""

    @property
    def is_known(self) -> bool:
        """Whether the value itself is known."""
        return self.known is not UNKNOWN

    @property
    def is_plain(self) -> bool:
        """Whether it is a known number, text, truth value or None."""
        return self.known is None or isinstance(self.known, bool | int | float | str | bytes)

    def marked(self, marks: Iterable[str], grade: Grade = Grade.WRITTEN) -> "Value":
        """The same value, coming from more."""
        more = self.marks.union(marks)
        if more == self.marks and grade <= self.grade:
            return self
        return Value(self.known, max(grade, self.grade), more)

    def blurred(self) -> "Value":
        """The same origin, while the value itself is not known."""
        return Value(UNKNOWN, self.grade, self.marks) if self.is_plain else self


@dataclass(eq=False, slots=True)
class Items:
    """A sequence or a set: its cells one by one, or what all are like."""

    cells: list[Value] | None = None
    rest: Value = field(default_factory=Value)
    kind: str = "list"
    size: Value = field(default_factory=Value)
    """How many, where the cells are not known."""

    def like(self) -> Value:
        """What stands for any of the cells."""
        return joined(self.cells, self.rest) if self.cells is not None else self.rest


@dataclass(eq=False, slots=True)
class Table:
    """A dictionary: what is known by its key, and what all others are like."""

    cells: dict[Any, Value] = field(default_factory=dict)
    rest: Value | None = None
    kind: str = "dict"

    def like(self) -> Value:
        """What stands for any of the values."""
        every = [*self.cells.values(), *([self.rest] if self.rest is not None else [])]
        return joined(every, Value())


@dataclass(eq=False, slots=True)
class Thing:
    """An instance of one of the program's classes."""

    made_by: "Class"
    fields: dict[str, Value] = field(default_factory=dict)


@dataclass(eq=False, slots=True)
class Function:
    """A function of the program, with the names around it."""

    node: ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda
    source: Source
    scope: "Scope"
    owner: Value | None = None
    """The instance or class that it is bound to."""
    given: tuple[Value, ...] = ()
    """Arguments that it was handed before, by `partial`."""
    named: dict[str, Value] = field(default_factory=dict)
    defined_in: "Class | None" = None

    @property
    def name(self) -> str:
        """Its name; a lambda has none."""
        return "" if isinstance(self.node, ast.Lambda) else self.node.name


@dataclass(eq=False, slots=True)
class Class:
    """A class of the program."""

    node: ast.ClassDef
    source: Source
    scope: "Scope"
    bases: tuple[Value, ...] = ()

    def lookup(self, name: str) -> Value | None:
        """What the class or one of its bases has under a name."""
        if name in self.scope.names:
            return self.scope.names[name]
        for base in self.bases:
            if isinstance(base.known, Class) and base.known is not self:
                found = base.known.lookup(name)
                if found is not None:
                    return found
        return None


@dataclass(eq=False, slots=True)
class Library:
    """Something of a library, by its full name; `made` are the arguments it was made with."""

    name: str
    made: tuple[Value, ...] | None = None
    fields: dict[str, Value] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Reading:
    """What a clock showed, and at which event."""

    at: int
    clock: str
    node: ast.AST


@dataclass(eq=False, slots=True)
class Choice:
    """One of several things; which one is not known."""

    among: tuple[Value, ...]


@dataclass(eq=False, slots=True)
class Scope:
    """Names of a module, a class or a call."""

    source: Source
    parent: "Scope | None" = None
    names: dict[str, Value] = field(default_factory=dict)
    depth: int = 0
    """How many conditions it was made under."""
    outer: dict[str, "Scope"] = field(default_factory=dict)
    """Names that `global` or `nonlocal` hand to another scope."""

    def find(self, name: str) -> Value | None:
        """What a name stands for here."""
        scope: Scope | None = self.outer.get(name, self)
        while scope is not None:
            if name in scope.names:
                return scope.names[name]
            scope = scope.parent
        return None

    def top(self) -> "Scope":
        """The module's scope."""
        return self if self.parent is None else self.parent.top()


_MOST = 8


def join(one: Value, other: Value) -> Value:
    """What is left to say of a value that is one of two."""
    if one is other:
        return one
    grade, marks = max(one.grade, other.grade), one.marks | other.marks
    a, b = one.known, other.known
    if a is b or (one.is_plain and other.is_plain and type(a) is type(b) and a == b):
        return Value(a, grade, marks)
    if a is None and not other.is_plain and b is not UNKNOWN:
        return Value(b, grade, marks)
    if b is None and not one.is_plain and a is not UNKNOWN:
        return Value(a, grade, marks)
    if isinstance(a, Items) and isinstance(b, Items):
        return Value(Items(None, join(a.like(), b.like()), a.kind), grade, marks)
    if isinstance(a, Table) and isinstance(b, Table):
        return Value(_joined_tables(a, b), grade, marks)
    among = tuple(_choices(one)) + tuple(_choices(other))
    if among and len(among) <= _MOST and not one.is_plain and not other.is_plain:
        return Value(Choice(among), grade, marks)
    return Value(UNKNOWN, grade, marks)


def _joined_tables(a: Table, b: Table) -> Table:
    cells = dict(a.cells)
    for key, value in b.cells.items():
        cells[key] = join(cells[key], value) if key in cells else value
    rest = a.rest if b.rest is None else b.rest if a.rest is None else join(a.rest, b.rest)
    return Table(cells, rest, a.kind)


def _choices(value: Value) -> Iterator[Value]:
    if isinstance(value.known, Choice):
        yield from value.known.among
    elif isinstance(value.known, Function | Class | Thing | Library):
        yield value


def joined(values: Iterable[Value], otherwise: Value) -> Value:
    """What is left to say of one of several; `otherwise` where there is none."""
    found: Value | None = None
    for value in values:
        found = value if found is None else join(found, value)
    return otherwise if found is None else found


def origin(values: Iterable[Value]) -> Value:
    """Something unknown that was made of all these: the highest grade, all marks."""
    grade, marks = Grade.WRITTEN, NO_MARKS
    for value in values:
        deep = depths(value)
        grade, marks = max(grade, deep.grade), marks | deep.marks
    return Value(UNKNOWN, grade, marks)


def depths(value: Value, deep: int = 3) -> Value:
    """Grade and marks of a value and of all that it holds."""
    held: list[Value] = []
    match value.known:
        case Items(cells=cells, rest=rest):
            held = [rest] if cells is None else cells[:64]
        case Table(cells=cells, rest=rest):
            held = [*list(cells.values())[:64], *([rest] if rest else [])]
        case Thing(fields=fields):
            held = list(fields.values())
        case Choice(among=among):
            held = list(among)
        case _:
            held = []
    grade, marks = value.grade, value.marks
    for one in held if deep else ():
        below = depths(one, deep - 1)
        grade, marks = max(grade, below.grade), marks | below.marks
    return Value(UNKNOWN, grade, marks)


def worked(value: Value, control: frozenset[str] = NO_MARKS) -> Value:
    """A value that was just worked out: all factors behind it act through that work."""
    if value.grade is not Grade.WORK:
        return value
    marks = frozenset(m for m in value.marks if not m.startswith(PASSING)) | control
    acting = {f"work:{f}" for f in factors(marks)}
    return Value(value.known, value.grade, marks | acting)


def taken_out(whole: Value, cell: Value) -> Value:
    """Something that a collection or a thing holds; what chose the whole acts through it."""
    found = cell.marked(whole.marks, whole.grade)
    acting = {f"work:{f}" for f in factors(whole.marks)}
    return found.marked(acting) if found.grade is Grade.WORK else found
