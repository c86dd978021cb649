"""What calls of libraries give: draws, clocks, curves, sums, and work."""

import ast
import math
from collections.abc import Callable

from curie.rigor.flow import names
from curie.rigor.flow.clocks import CLOCKS
from curie.rigor.flow.figures import Numbers
from curie.rigor.flow.machine import Args, Named
from curie.rigor.flow.marks import LOOPED
from curie.rigor.flow.operations import applied, curve, gathered
from curie.rigor.flow.value import (
    Function,
    Grade,
    Items,
    Library,
    Table,
    Value,
    origin,
)

_MATH: dict[str, Callable[..., object]] = {
    f"math.{name}": getattr(math, name)
    for name in (
        "sqrt", "log", "log2", "log10", "exp", "sin", "cos", "tan", "floor", "ceil", "fabs", "pow",
        "hypot", "tanh", "isqrt", "trunc", "log1p", "expm1", "copysign", "gcd", "ldexp",
    )
}  # fmt: skip
_OPERATORS: dict[str, ast.operator] = {
    "add": ast.Add(), "sub": ast.Sub(), "mul": ast.Mult(), "truediv": ast.Div(),
    "pow": ast.Pow(), "mod": ast.Mod(), "floordiv": ast.FloorDiv(),
}  # fmt: skip


class LibraryCalls(Numbers):
    """The part of the walk that knows the usual libraries."""

    def library(self, func: Value, args: Args, named: Named, node: ast.AST) -> Value:
        """What a call of a library gives."""
        held: Library = func.known
        if held.name.startswith("builtins."):
            return self.builtin(held.name.removeprefix("builtins."), args, named, node)
        if held.name.startswith("@") and held.made:
            return self._of_receiver(held.made[0], held.name[1:], args, named, node)
        if held.made is not None:
            return self._of_made(held, args, named, node)
        special = self.special(held.name, args, named, node)
        if special is not None:
            return special
        return self._by_name(held.name, args, named, node)

    def special(self, name: str, args: Args, named: Named, node: ast.AST) -> Value | None:
        """What the contract and the world outside have to say; the next part knows."""
        return None

    def _by_name(self, name: str, args: Args, named: Named, node: ast.AST) -> Value:
        last = name.rsplit(".", 1)[-1]
        every = [*args, *named.values()]
        if name in names.GENERATORS or name in names.SEEDERS:
            return self._generator(name, every, node)
        if name in CLOCKS:
            return self.read_clock(name, node)
        if name == "time.sleep":
            self.note("sleep", name, node, self.source, args)
            return Value(None)
        if name.startswith(names.WORLD):
            self.note("world", name, node, self.source, every)
            return Value(grade=Grade.WORK, marks=frozenset({"world"}))
        if name.startswith(("random.", "numpy.random.")) and last in names.DRAWS | {"shuffle"}:
            return self._draw(last, Value(Library(name), marks=frozenset()), args, named, node)
        return self._computed(name, last, args, named, node)

    def _computed(self, name: str, last: str, args: Args, named: Named, node: ast.AST) -> Value:
        every = [*args, *named.values()]
        if name in names.KEEPS:
            return self._kept(name, args, node)
        if name in _MATH:
            return applied(_MATH[name], args, curve(origin(args)))
        if name.startswith("operator.") and last in _OPERATORS and len(args) > 1:
            return self.operate(_OPERATORS[last], args[0], args[1], node)
        if name == "functools.partial" and args:
            return self._partial(args, named)
        if name == "functools.reduce" and len(args) > 1:
            return self._reduced(args, node)
        if name.startswith("itertools.") and last in names.ITERATIONS:
            self.callbacks(every, node)
            deep = origin([self.each(a) for a in every])
            return Value(Items(None, deep.marked({LOOPED}), "generator", origin(every)))
        if name.startswith("collections."):
            return self._collection(last, args, named, node)
        return self._numbers(name, last, args, named, node)

    def _kept(self, name: str, args: Args, node: ast.AST) -> Value:
        """Decorators and copies: what they are given; several things become a list."""
        if not args:
            return Value(Library("keeps()", ()))
        if name == "atexit.register":
            self.note("atexit", name, node, self.source, args)
        if len(args) > 1 and name == "asyncio.gather":
            return Value(Items(list(args)))
        if len(args) > 1 and name.startswith("pathlib."):
            made = origin(args)
            return applied(lambda *parts: "/".join(parts), args, made)
        if name == "functools.wraps":
            return Value(Library("keeps()", ()))
        return args[0]

    def _partial(self, args: Args, named: Named) -> Value:
        own = args[0].known
        if not isinstance(own, Function):
            return Value(Library("partial()", tuple(args)), grade=Grade.WORK)
        given = (*own.given, *args[1:])
        more = {**own.named, **named}
        return Value(
            Function(own.node, own.source, own.scope, own.owner, given, more, own.defined_in)
        )

    def _reduced(self, args: Args, node: ast.AST) -> Value:
        total = args[2] if len(args) > 2 else self.each(args[1])
        cells = self.cells(args[1])
        if cells is not None and len(cells) <= 12:
            for cell in cells if len(args) > 2 else cells[1:]:
                total = self.call(args[0], [total, cell], {}, node)
            return total
        made = self.call(args[0], [total.blurred(), self.each(args[1])], {}, node)
        return gathered(made, self.count(args[1]), self.varied)

    def _collection(self, last: str, args: Args, named: Named, node: ast.AST) -> Value:
        if last in ("OrderedDict", "ChainMap"):
            return self.builtin("dict", args, named, node)
        if last == "deque":
            return self.builtin("list", args, {}, node)
        if last == "defaultdict":
            rest = self.call(args[0], [], {}, node) if args and args[0].known else Value(0)
            return Value(Table({}, rest))
        if last == "Counter":
            each = self.each(args[0]) if args else Value(0)
            size = self.count(args[0]) if args else Value()
            return Value(Table({}, gathered(each, size, self.varied)))
        if last == "namedtuple":
            return Value(Library("namedtuple()", tuple(args)))
        return origin([*args, *named.values()])

    def _generator(self, name: str, every: Args, node: ast.AST) -> Value:
        self.note("generator", name, node, self.source, every)
        deep = origin(every)
        kind = name if name in names.GENERATORS else f"seeded {name}"
        return Value(Library(f"{kind}()", tuple(every)), Grade.WRITTEN, deep.marks)

    def _draw(self, last: str, dice: Value, args: Args, named: Named, node: ast.AST) -> Value:
        """What a generator draws: noise around what it was told."""
        every = [*args, *named.values()]
        told = [v for k, v in named.items() if k not in ("size", "k", "n")]
        given = origin([*args, *told])
        self.note("draw", last, node, self.source, [dice, *every])
        if last == "shuffle":
            self._shuffle(args)
            return Value(None)
        grade = max(given.grade, Grade.NOISE)
        cell = Value(grade=grade, marks=given.marks | dice.marks | {"draw"})
        size = named.get("size", named.get("k"))
        if size is None and not self._is_many(last, args):
            return cell
        count = size if size is not None else origin(args[-1:])
        cells = self.cells(count)
        return Value(Items(None, cell, "array", cells[0] if cells else count))

    def _is_many(self, last: str, args: Args) -> bool:
        if last in names.MANY:
            return True
        most = {"random": 0, "standard_normal": 0, "rand": 0, "randn": 0, "choice": 1,
                "exponential": 1, "poisson": 1, "permutation": 0}  # fmt: skip
        return len(args) > most.get(last, 2)

    def _shuffle(self, args: Args) -> None:
        whole = args[0].known if args else None
        if isinstance(whole, Items):
            like = whole.like().marked((), Grade.NOISE)
            size = self.count(args[0])
            whole.rest, whole.cells, whole.size = like, None, size

    def _of_made(self, held: Library, args: Args, named: Named, node: ast.AST) -> Value:
        """A method of a generator, a file, or an object of a library."""
        maker, _, last = held.name.rpartition("().")
        every = [*(held.made or ()), *args, *named.values()]
        if held.name == "keeps()":
            return args[0] if args else Value()
        if held.name == "subclasses()":
            return Value(Items(list(held.made or ())))
        if held.name == "written()":
            return curve(origin(every))
        if maker in names.GENERATORS:
            dice = held.made[0] if held.made else Value()
            if last in names.SPAWNS:
                return Value(Items(None, dice), marks=dice.marks)
            if last == "seed":
                self.note("generator", f"{maker}.seed", node, self.source, args)
                return Value(None)
            return self._draw(last, dice, args, named, node)
        return self._of_object(maker, last, held, args, named, node)

    def _of_object(
        self, maker: str, last: str, held: Library, args: Args, named: Named, node: ast.AST
    ) -> Value:
        every = [*(held.made or ()), *args, *named.values()]
        if last in names.SUBMITS and args:
            return self._submitted(last, args, node)
        if last == "start" and held.made and maker.endswith("Thread"):
            return self._thread(held.made[0], node)
        self.note("method", f"{maker}().{last}", node, self.source, every)
        made = self.callbacks([*args, *named.values()], node)
        deep = origin([*every, *made])
        if last in names.PASSES:
            return deep
        return self._new(deep)

    def _submitted(self, last: str, args: Args, node: ast.AST) -> Value:
        """Functions that a pool runs."""
        self.threads += 1
        try:
            if last in ("submit", "apply", "apply_async"):
                given = args[1:] if last == "submit" else (self.cells(args[1]) or [])
                return self.call(args[0], list(given), {}, node)
            return self.builtin("map", args, {}, node)
        finally:
            self.threads -= 1

    def _thread(self, thread: Value, node: ast.AST) -> Value:
        """A thread runs its target from its start on."""
        held = thread.known.fields if isinstance(thread.known, Library) else {}
        target = held.get("target")
        self.note("thread", "start", node, self.source, [thread])
        if target is not None:
            self.threads += 1
            given = self.cells(held["args"]) if "args" in held else []
            self.call(target, list(given or []), {}, node)
            self.threads -= 1
        return Value(None)

    def _of_receiver(
        self, whole: Value, name: str, args: Args, named: Named, node: ast.AST
    ) -> Value:
        """A method of a value that is no object of the program."""
        found: Value | None = None
        match whole.known:
            case Items() if whole.known.kind != "array" or name == "append":
                found = self.of_items(whole, whole.known, name, args, node)
            case Table():
                found = self.of_table(whole, whole.known, name, args, named)
            case str() | bytes() | int() | float():
                found = self.of_text(whole, name, args)
            case _:
                found = None
        if found is not None:
            return found
        if name in names.AGGREGATES:
            return self.aggregate(name, whole, [whole, *args], node)
        every = [whole, *args, *named.values()]
        if name in names.SUBMITS and args and isinstance(args[0].known, Function):
            return self._submitted(name, args, node)
        made = self.callbacks([*args, *named.values()], node)
        deep = origin([*every, *made])
        if name in names.PASSES or (deep.grade is Grade.WRITTEN and not whole.is_plain):
            return whole if name in names.PASSES and isinstance(whole.known, Items) else deep
        self.note("method", f"@{name}", node, self.source, every)
        return self._new(deep)
