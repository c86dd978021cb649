"""Loops: round by round where there are few, else once for all rounds."""

import ast
from collections.abc import Callable, Iterator, Sequence

from curie.rigor.flow.clocks import Clocks
from curie.rigor.flow.marks import LOOPED, factors
from curie.rigor.flow.operations import gathered, truth
from curie.rigor.flow.value import (
    Function,
    Grade,
    Items,
    Scope,
    Table,
    Thing,
    Value,
    depths,
    join,
    joined,
    origin,
    taken_out,
    worked,
)

UNROLLED = 24
"""Rounds of a loop over a list that are walked one by one."""
UNROLLED_COUNT = 3
"""The same for a loop over a range."""
_TWICE = 2
"""Rounds that stand for all: in the second one, what the first changed is no longer known."""

Comprehension = ast.ListComp | ast.SetComp | ast.GeneratorExp | ast.DictComp


class Loops(Clocks):
    """The part of the walk that goes round."""

    def __init__(self, *args: object, **named: object) -> None:
        super().__init__(*args, **named)  # type: ignore[arg-type]
        self.ends: list[list[Value]] = []
        """Of each loop that is going on: what its breaks depend on."""
        self.ended = Value()
        """What the end of the last loop depended on."""

    def cells(self, value: Value) -> list[Value] | None:
        """The cells of something that is looped over, where they are few and known."""
        match value.known:
            case Items(cells=list(cells)):
                return cells
            case Table(cells=cells, rest=None):
                return [Value(k, v.grade if k is None else Grade.WRITTEN) for k, v in cells.items()]
            case str() if len(value.known) <= UNROLLED:
                return [Value(c, value.grade, value.marks) for c in value.known]
            case _:
                return None

    def each(self, value: Value) -> Value:
        """What stands for any cell of something that is looped over."""
        match value.known:
            case Items():
                return taken_out(value, value.known.like())
            case Table(cells=cells):
                keys = [Value(k) for k in cells]
                return joined(keys, Value()).blurred().marked(value.marks)
            case Thing():
                return self._from_thing(value.known)
            case Function():
                return Value(grade=Grade.WORK)
            case _:
                return value.blurred()

    def _from_thing(self, thing: Thing) -> Value:
        own = self.method(thing, "__iter__") or self.method(thing, "__getitem__")
        if own is None:
            return Value(grade=Grade.WORK)
        made = self.call(Value(own), [], {}, own.node)
        return self.each(made) if not isinstance(made.known, Thing) else Value(grade=Grade.WORK)

    def count(self, value: Value) -> Value:
        """How many rounds a loop over this has."""
        match value.known:
            case Items(cells=list(cells)):
                return Value(len(cells), marks=value.marks)
            case Items(size=size):
                return size.marked(value.marks)
            case Table(cells=cells, rest=None):
                return Value(len(cells), marks=value.marks)
            case str() | bytes():
                return Value(len(value.known), value.grade, value.marks)
            case _:
                return Value(grade=value.grade, marks=value.marks)

    def rounds(
        self, over: Value, node: ast.AST, body: Callable[[Value], str], names: Sequence[str] = ()
    ) -> str:
        """Walk a body for each cell of something."""
        counted = self.count(over)
        self.note("loop", "for", node, self.source, [counted, over])
        if counted.is_plain:
            self.counts.add(counted.known)
        cells = self.cells(over)
        if cells is not None and self.few(over):
            marks = over.marks | counted.marks
            with self.under(Value(marks=marks), sure=True, choice=False, one_round=True):
                return self._one_by_one(cells, body)
        cell = self.each(over).marked({LOOPED} if names else ())
        return self.repeated(counted, lambda: body(cell))

    def few(self, over: Value) -> bool:
        """Whether a loop over this is walked round by round."""
        cells = self.cells(over)
        counts = getattr(over.known, "kind", "") in ("range", "steps")
        most = UNROLLED_COUNT if counts else UNROLLED
        return cells is not None and len(cells) <= most

    def _one_by_one(self, cells: list[Value], body: Callable[[Value], str]) -> str:
        self.ends.append([])
        for cell in list(cells):
            end = body(cell)
            if end in ("break", "return"):
                break
        self.ended = origin(self.ends.pop())
        return "return" if cells and end == "return" else "next"

    def repeated(self, condition: Value, body: Callable[[], str]) -> str:
        """Walk a body as often as it takes to know what any round does."""
        self.ends.append([])
        marks = condition.marks
        for _ in range(_TWICE):
            ended = origin(self.ends[-1])
            grade = max(condition.grade, ended.grade)
            both = Value(grade=grade, marks=marks | ended.marks)
            with self.under(both, sure=False, loop=True, choice=False):
                end = body()
        self.ended = origin(self.ends.pop())
        return end

    def widen(self, body: Sequence[ast.AST], scope: Scope) -> list[str]:
        """Forget what a loop changes, before its first round; the names that it changes."""
        names = list(dict.fromkeys(stored(body)))
        summed = frozenset(_summed(body))
        for name in names:
            home = scope.outer.get(name, scope)
            if name in home.names:
                value = home.names[name]
                known = value.known
                if isinstance(known, Items) and known.cells is not None:
                    value = Value(Items(None, known.like(), known.kind), value.grade, value.marks)
                marks = () if name in summed else (LOOPED,)
                home.names[name] = value.blurred().marked(marks)
        return names

    def settle(self, names: Sequence[str], scope: Scope) -> None:
        """After a loop: what it changed depends on what ended it."""
        ended = self.ended
        for name in names:
            value = scope.names.get(name)
            if value is not None and value.grade is Grade.SHAPED and LOOPED in value.marks:
                scope.names[name] = worked(value.marked((), Grade.WORK), self.control_marks)
        if ended.grade < Grade.SHAPED and not ended.marks:
            return
        for name in names:
            if name in scope.names:
                scope.names[name] = scope.names[name].marked(ended.marks, ended.grade)

    def comprehension(self, node: Comprehension, scope: Scope) -> Value:
        """A list, set, dictionary or generator that is made in a loop."""
        inner = Scope(scope.source, scope)
        made: list[tuple[Value | None, Value]] = []
        sizes: list[Value] = []
        exact = [True]

        def element() -> str:
            if isinstance(node, ast.DictComp):
                key = self.evaluate(node.key, inner)
                made.append((key, self.governed(self.evaluate(node.value, inner))))
            else:
                made.append((None, self.governed(self.evaluate(node.elt, inner))))
            return "next"

        self._generate(node.generators, inner, element, sizes, exact)
        return self._made(node, made, sizes, exact=exact[0])

    def _generate(
        self,
        generators: list[ast.comprehension],
        scope: Scope,
        element: Callable[[], str],
        sizes: list[Value],
        exact: list[bool],
    ) -> None:
        first, *more = generators
        over = self.evaluate(first.iter, scope)
        sizes.append(self.count(over))
        exact[0] = exact[0] and self.few(over)

        def body(cell: Value) -> str:
            self.assign(first.target, cell, scope)
            asked = [self.evaluate(test, scope) for test in first.ifs]
            if any(truth(a) is False for a in asked):
                return "next"
            condition = origin(asked)
            sure = all(truth(a) for a in asked)
            exact[0] = exact[0] and sure
            if asked:
                sizes.append(condition if not sure else Value())
            with self.under(condition, sure=sure):
                if more:
                    self._generate(more, scope, element, sizes, exact)
                else:
                    element()
            return "next"

        self.rounds(over, first, body, ["it"])

    def _made(
        self,
        node: Comprehension,
        made: list[tuple[Value | None, Value]],
        sizes: list[Value],
        *,
        exact: bool,
    ) -> Value:
        kind = {ast.SetComp: "set", ast.GeneratorExp: "generator"}.get(type(node), "list")
        size = sizes[0] if len(sizes) == 1 else Value(None).marked(origin(sizes).marks)
        values = [v for _, v in made]
        if isinstance(node, ast.DictComp):
            table = Table()
            for key, value in made:
                if key is not None and key.is_plain and exact:
                    table.cells[key.known] = value
                else:
                    table.rest = value if table.rest is None else join(table.rest, value)
            return Value(table)
        if exact:
            told = {LOOPED} if LOOPED in size.marks or factors(size.marks) else set()
            counted = Value(len(values), marks=size.marks | told)
            return Value(Items(values, kind=kind, size=counted), marks=size.marks)
        size = size if len(sizes) == 1 else origin(sizes)
        return Value(Items(None, joined(values, Value()), kind, size))

    def accumulated(self, old: Value, more: Value) -> Value:
        """A sum that grows in a loop."""
        asked = max((c.grade for c in self.control), default=Grade.WRITTEN)
        counts = origin([Value(grade=c.grade, marks=c.marks) for c in self.control if c.loop])
        if asked >= Grade.SHAPED:
            more = more.marked((), Grade.WORK)
        grown = gathered(more, counts, self.varied)
        if depths(more).grade is Grade.WRITTEN and not self._many(more, counts):
            grown = Value(grade=grown.grade, marks=grown.marks - {LOOPED})
        made = Value(grade=max(old.grade, grown.grade), marks=old.marks | grown.marks)
        if asked >= Grade.SHAPED or depths(more).grade < Grade.WORK:
            return worked(made, self.control_marks)
        return made

    def summed_up(self, each: Value, counted: Value) -> Value:
        """What a sum or a mean makes of many; where it is work, it is done under what holds now."""
        made = gathered(each, counted, self.varied)
        if made.grade is not Grade.WORK or depths(each).grade is Grade.WORK:
            return made
        acting = {f"work:{f}" for f in factors(self.control_marks)}
        return made.marked(self.control_marks | acting)

    def counted_up(self, value: Value, more: Value) -> Value:
        """A sum that grows in the rounds of a loop that are walked one by one."""
        rounds = origin([Value(marks=c.marks) for c in self.control if c.round])
        return value.marked({LOOPED}) if self._many(more, rounds) else value

    def _many(self, more: Value, counts: Value) -> bool:
        """Whether a sum over what is written depends on more than how it is written down."""
        marks = depths(more).marks | counts.marks
        return LOOPED in marks or any(m.startswith("factor:") for m in counts.marks)


def stored(body: Sequence[ast.AST]) -> Iterator[str]:
    """The names that statements bind or change, not looking into functions."""
    for top in body:
        for node in ast.walk(top):
            if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
                yield node.id


def _summed(body: Sequence[ast.AST]) -> Iterator[str]:
    """The names that are only added to."""
    plain: set[str] = set()
    added: set[str] = set()
    for top in body:
        for node in ast.walk(top):
            if isinstance(node, ast.AugAssign) and isinstance(node.target, ast.Name):
                if isinstance(node.op, ast.Add | ast.Sub):
                    added.add(node.target.id)
            elif isinstance(node, ast.Assign):
                plain |= {
                    n.id for t in node.targets for n in ast.walk(t) if isinstance(n, ast.Name)
                }
    yield from added - plain
