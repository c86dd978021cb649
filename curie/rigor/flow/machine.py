"""The state of one walk through a program: what is decided, what was seen, what may still be."""

import ast
from abc import ABC, abstractmethod
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field

from curie.rigor.flow.marks import LOOPED, NO_MARKS, factors, picked
from curie.rigor.flow.value import Class, Function, Grade, Scope, Thing, Value, worked
from curie.rigor.source import Source

Args = list[Value]
"""Arguments by position."""
Named = dict[str, Value]
"""Arguments by name."""

STEPS = 30_000
"""Nodes that one walk looks at before it gives up and says that it cannot tell."""
DEEPEST = 24
"""Calls within calls."""


class OutOfSteps(Exception):
    """The program is too large to be followed to its end."""


class Raised(Exception):
    """The program raises here, for certain."""


@dataclass(frozen=True, slots=True)
class Control:
    """A condition under which statements run."""

    marks: frozenset[str]
    grade: Grade
    sure: bool
    """Whether the walk knows that they run, and just this often."""
    loop: bool = False
    round: bool = False
    """Whether it is one round of a loop whose rounds are walked one by one."""


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happens on the way, in order."""

    kind: str
    """call, library, loop, slice, draw, generator, clock, sleep, span, raise or write."""
    name: str
    node: ast.AST
    source: Source
    values: tuple[Value, ...] = ()
    control: frozenset[str] = NO_MARKS
    sure: bool = True
    thread: bool = False
    calls: tuple[str, ...] = ()
    """The functions of the program that it happens in, the outermost first."""
    loops: int = 0
    """The loops that it happens in."""
    chosen: frozenset[str] = NO_MARKS
    """The factors by whose level this very function chose to do it."""

    @property
    def where(self) -> str:
        """Its place, for a finding."""
        return self.source.at(self.node)


@dataclass
class Frame:
    """A call that is going on."""

    scope: Scope
    name: str
    owner: Value | None = None
    defined_in: Class | None = None
    node: ast.AST | None = None
    returns: list[Value] = field(default_factory=list)
    yields: list[Value] = field(default_factory=list)


class Machine(ABC):
    """What all parts of the walk share."""

    def __init__(
        self, files: Mapping[str, Source], texts: Mapping[str, str], settings: Mapping[str, Value]
    ) -> None:
        self.files = files
        self.texts = texts
        self.settings = settings
        self.steps = STEPS
        self.control: list[Control] = []
        self.events: list[Event] = []
        self.frames: list[Frame] = []
        self.modules: dict[str, Value] = {}
        self.reported: dict[str, list[tuple[Value, Value, Event]]] = defaultdict(list)
        """By metric: its value, its unit, and where it was written."""
        self.threads = 0
        self.counts: set[object] = set()
        """How many rounds loops have, where that is known."""
        self.instead = 0
        """Blocks that run only where something went wrong, or was not found."""
        self.classes: list[Class] = []

    @abstractmethod
    def evaluate(self, node: ast.expr, scope: Scope) -> Value:
        """The value of an expression."""

    @abstractmethod
    def execute(self, body: Sequence[ast.stmt], scope: Scope) -> str:
        """Run statements; how they end: next, return, break, continue or raise."""

    @abstractmethod
    def call(self, func: Value, args: list[Value], named: dict[str, Value], node: ast.AST) -> Value:
        """What a call gives."""

    @abstractmethod
    def assign(self, target: ast.expr, value: Value, scope: Scope) -> None:
        """Bind a target."""

    @abstractmethod
    def attribute(self, value: Value, name: str, node: ast.AST) -> Value:
        """What a value has under a name."""

    @abstractmethod
    def cells(self, value: Value) -> list[Value] | None:
        """The cells of something that is looped over, where they are known one by one."""

    @abstractmethod
    def each(self, value: Value) -> Value:
        """What stands for any cell of something that is looped over."""

    @abstractmethod
    def module(self, name: str) -> Value:
        """What an import gives."""

    @abstractmethod
    def method(self, thing: Thing, name: str) -> Function | None:
        """A method of an instance, bound to it."""

    def step(self) -> None:
        """One node more."""
        self.steps -= 1
        if self.steps <= 0:
            raise OutOfSteps

    def note(
        self, kind: str, name: str, node: ast.AST, source: Source, values: Sequence[Value] = ()
    ) -> Event:
        """Add an event."""
        event = Event(
            kind,
            name,
            node,
            source,
            tuple(values),
            self.control_marks,
            self.sure,
            bool(self.threads),
            tuple(f.name for f in self.frames),
            sum(c.loop for c in self.control),
            self._chosen(),
        )
        self.events.append(event)
        return event

    def _chosen(self) -> frozenset[str]:
        own = self.control[self.frames[-1].scope.depth :] if self.frames else self.control
        told = (c for c in own if c.sure and c.grade is Grade.WRITTEN)
        return picked(m for c in told for m in c.marks)

    @property
    def source(self) -> Source:
        """The file that the walk is in."""
        return self.frames[-1].scope.source

    @property
    def sure(self) -> bool:
        """Whether what is walked through now runs for certain, and once."""
        return all(c.sure for c in self.control)

    @property
    def control_marks(self) -> frozenset[str]:
        """Where the conditions come from under which this runs."""
        return NO_MARKS.union(*(c.marks for c in self.control)) if self.control else NO_MARKS

    @property
    def looping(self) -> bool:
        """Whether this runs in a loop whose rounds are not told apart."""
        return any(c.loop for c in self.control)

    @contextmanager
    def under(
        self,
        condition: Value,
        *,
        sure: bool,
        loop: bool = False,
        choice: bool = True,
        one_round: bool = False,
    ) -> Iterator[None]:
        """Walk on under a condition; what is chosen by a level is marked as picked."""
        marks = condition.marks
        if choice:
            marks = marks | {f"picked:{f}" for f in factors(marks)}
        grade = Grade.SHAPED if condition.grade is Grade.NOISE and not loop else condition.grade
        if loop and grade < Grade.SHAPED:
            grade = Grade.WRITTEN
        self.control.append(Control(marks, grade, sure, loop, one_round))
        try:
            yield
        finally:
            self.control.pop()

    def governed(self, value: Value) -> Value:
        """A value that came about under the conditions of the moment."""
        repeated = False
        for control in self.control:
            lower = value.grade < Grade.WORK
            value = value.marked(control.marks, control.grade)
            repeated = repeated or control.loop
            # Asking anew in each round, of what the rounds before left, is work.
            if lower and repeated and control.grade >= Grade.SHAPED and LOOPED in value.marks:
                value = worked(value.marked((), Grade.WORK))
        return value
