"""What Python's built-in functions give."""

import ast
from collections.abc import Callable
from functools import cached_property

from curie.rigor.flow.loops import UNROLLED_COUNT
from curie.rigor.flow.machine import Args, Named
from curie.rigor.flow.marks import LOOPED
from curie.rigor.flow.operations import applied, binary, plain, truth
from curie.rigor.flow.reflection import Reflection
from curie.rigor.flow.value import (
    Grade,
    Items,
    Library,
    Table,
    Thing,
    Value,
    depths,
    join,
    joined,
    origin,
    worked,
)

_CONVERTS: dict[str, Callable[..., object]] = {
    "int": int, "float": float, "str": str, "bool": bool, "round": round, "abs": abs, "ord": ord,
    "chr": chr, "bin": bin, "hex": hex, "divmod": divmod, "repr": repr, "bytes": bytes,
    "format": format, "complex": complex,
}  # fmt: skip
_COLLECTS = {"list": "list", "tuple": "tuple", "set": "set", "frozenset": "set", "iter": "list"}
_WORKS = frozenset(
    {
        "sum", "min", "max", "sorted", "map", "filter", "any", "all", "list", "set", "tuple",
        "dict", "next", "zip", "hash", "pow", "bytes", "bytearray",
    }
)  # fmt: skip
"""Built-in functions that take their time."""
_SILENT = frozenset({"print", "breakpoint", "delattr"})


class BuiltinCalls(Reflection):
    """The part of the walk that knows what is built in."""

    @cached_property
    def _known(self) -> dict[str, Callable[[Args, Named, ast.AST], Value]]:
        return {
            "range": self._range, "len": self._len, "sum": self._sum, "min": self._extreme,
            "max": self._extreme, "sorted": self._sorted, "dict": self._dict_call,
            "enumerate": self._enumerate, "zip": self._zip, "map": self._map,
            "filter": self._filter, "reversed": self._reversed, "isinstance": self._isinstance,
            "getattr": self._getattr, "setattr": self._setattr, "next": self._next,
            "super": self._super, "type": self._type, "any": self._any_all, "all": self._any_all,
            "hash": self._of_the_world, "id": self._of_the_world, "vars": self._vars,
            "pow": self._pow, "open": self._open,
        }  # fmt: skip

    def builtin(self, name: str, args: Args, named: Named, node: ast.AST) -> Value:
        """What a call of a built-in function gives."""
        if name in _WORKS:
            self.note("builtin", name, node, self.source, args)
        if name in self._known:
            return self._known[name](args, named, node)
        if name in _COLLECTS:
            return self._collected(_COLLECTS[name], args)
        if name in _CONVERTS and args:
            deep = origin(args)
            if any(isinstance(a.known, Library) for a in args):
                return worked(deep.marked({"opaque"}, Grade.WORK), self.control_marks)
            if name == "bool" and (known := truth(args[0])) is not None:
                return Value(known, deep.grade, deep.marks)
            return applied(_CONVERTS[name], args, deep)
        if name in _SILENT:
            return Value(None)
        self.callbacks([*args, *named.values()], node)
        return origin([*args, *named.values()])

    def _range(self, args: Args, _named: Named, _node: ast.AST) -> Value:
        made = origin(args)
        size = applied(lambda *a: len(range(*a)), args, made)
        kind = "range" if len(args) < 3 else "steps"
        cell = Value(grade=made.grade, marks=made.marks | {LOOPED})
        if isinstance(size.known, int) and 0 <= size.known <= UNROLLED_COUNT:
            numbers = [Value(i, made.grade, cell.marks) for i in range(*map(plain, args))]
            return Value(Items(numbers, cell, kind, size), marks=made.marks)
        return Value(Items(None, cell, kind, size), made.grade, made.marks)

    def _len(self, args: Args, _named: Named, node: ast.AST) -> Value:
        if args and isinstance(args[0].known, Thing):
            own = self.method(args[0].known, "__len__")
            if own is not None:
                return self.invoke(own, [], {}, node)
        return self.length(args[0]) if args else Value()

    def _sum(self, args: Args, _named: Named, node: ast.AST) -> Value:
        if not args:
            return Value()
        cells = self.cells(args[0])
        if cells is None:
            self.note("gather", "sum", node, self.source, args)
            return self.summed_up(self.each(args[0]), self.count(args[0]))
        total = args[1] if len(args) > 1 else Value(0)
        for cell in cells[:64]:
            total = binary(ast.Add(), total, cell)
        counted = args[0].known.size.marks if isinstance(args[0].known, Items) else ()
        return total.marked(args[0].marks, args[0].grade).marked(counted)

    def _extreme(self, args: Args, named: Named, node: ast.AST) -> Value:
        func = getattr(node, "func", None)
        name = getattr(func, "id", "max")
        asked = origin(self.callbacks([v for k, v in named.items() if k == "key"], node))
        if len(args) == 1:
            cells = self.cells(args[0])
            self.note("best", name, node, self.source, args)
            like = origin([args[0], self.count(args[0])])
            if cells and "key" not in named:
                return applied(max if name == "max" else min, cells, like)
            each = self.each(args[0])
            if asked.grade > Grade.WRITTEN:
                made = each.blurred().marked(asked.marks | like.marks, Grade.WORK)
                return worked(made, self.control_marks)
            if "~mean" in each.marks:
                each = each.marked({"~best"})
            return each.blurred().marked(like.marks, self.count(args[0]).grade)
        like = origin(args)
        if like.grade is Grade.NOISE:
            like = Value(grade=Grade.SHAPED, marks=like.marks)
        if "key" in named:
            return joined(args, like)
        found = applied(max if name == "max" else min, args, like)
        told = [a for a in args if a.is_plain and any(m.startswith("factor:") for m in a.marks)]
        if len(told) == 1 and found.is_plain:
            self.note("clamp", name, node, self.source, [told[0], found])
        return found

    def _sorted(self, args: Args, named: Named, node: ast.AST) -> Value:
        self.callbacks([*args, *named.values()], node)
        if not args:
            return Value()
        deep = origin(args)
        if not named:
            found = applied(sorted, args, deep)
            if isinstance(found.known, Items):
                return found
        self.note("library", "sorted", node, self.source, args)
        size = self.count(args[0])
        return Value(Items(None, self.each(args[0]), "sorted", size), marks=args[0].marks)

    def _dict_call(self, args: Args, named: Named, _node: ast.AST) -> Value:
        table = Table()
        for given in args:
            if isinstance(given.known, Table):
                table.cells.update(given.known.cells)
                table.rest = given.known.rest
            else:
                self._from_pairs(table, given)
        table.cells.update(named)
        return Value(table)

    def _from_pairs(self, table: Table, given: Value) -> None:
        cells = self.cells(given)
        for pair in [self.each(given)] if cells is None else cells:
            two = self.cells(pair)
            if two is not None and len(two) > 1:
                self.put(table, two[0] if cells is not None else two[0].blurred(), two[1])
            else:
                table.rest = self.each(pair)

    def _enumerate(self, args: Args, _named: Named, _node: ast.AST) -> Value:
        cells = self.cells(args[0]) if args else None
        if cells is not None:
            pairs = [Value(Items([Value(i), c], kind="tuple")) for i, c in enumerate(cells)]
            return Value(Items(pairs), marks=args[0].marks)
        whole = args[0] if args else Value()
        at = Value(marks=frozenset({LOOPED}))
        pair = Value(Items([at, self.each(whole)], kind="tuple"))
        return Value(Items(None, pair, size=self.count(whole)), marks=whole.marks)

    def _zip(self, args: Args, _named: Named, _node: ast.AST) -> Value:
        every = [self.cells(a) for a in args]
        marks = origin(args).marks
        known = [c for c in every if c is not None]
        if len(known) == len(every):
            rows = [Value(Items(list(row), kind="tuple")) for row in zip(*known, strict=False)]
            return Value(Items(rows), marks=marks)
        row = Value(Items([self.each(a) for a in args], kind="tuple"))
        size = self.count(args[0]) if args else Value()
        return Value(Items(None, row, size=size), marks=marks)

    def _map(self, args: Args, _named: Named, node: ast.AST) -> Value:
        """A function for each cell of one or more collections."""
        if len(args) < 2:
            return Value(grade=Grade.WORK)
        rows = self._zip(args[1:], {}, node)
        made: list[Value] = []

        def body(row: Value) -> str:
            made.append(self.call(args[0], self.cells(row) or [self.each(row)], {}, node))
            return "next"

        self.rounds(rows, node, body, ["it"])
        cells = self.cells(rows)
        if cells is not None and len(cells) == len(made):
            return Value(Items(made), marks=rows.marks)
        return Value(Items(None, joined(made, Value()), size=self.count(args[1])), marks=rows.marks)

    def _filter(self, args: Args, _named: Named, node: ast.AST) -> Value:
        if len(args) < 2:
            return Value(grade=Grade.WORK)
        cell = self.each(args[1])
        asked = cell if args[0].known is None else self.call(args[0], [cell], {}, node)
        size = Value(grade=depths(asked).grade, marks=depths(asked).marks)
        return Value(Items(None, cell.marked(size.marks, size.grade), size=size))

    def _reversed(self, args: Args, _named: Named, _node: ast.AST) -> Value:
        cells = self.cells(args[0]) if args else None
        if cells is not None:
            return Value(Items(cells[::-1]), marks=args[0].marks)
        return args[0] if args else Value()

    def _collected(self, kind: str, args: Args) -> Value:
        if not args:
            return Value(Items([], kind=kind))
        whole = args[0]
        cells = self.cells(whole)
        if cells is not None:
            kept = [] if kind == "set" and not all(c.is_plain for c in cells) else list(cells)
            return Value(Items(kept or list(cells), kind=kind), whole.grade, whole.marks)
        size = self.count(whole)
        return Value(Items(None, self.each(whole), kind, size), whole.grade, whole.marks)

    def _next(self, args: Args, _named: Named, _node: ast.AST) -> Value:
        found = self.each(args[0]) if args else Value()
        return join(found, args[1]) if len(args) > 1 else found

    def _any_all(self, args: Args, _named: Named, _node: ast.AST) -> Value:
        deep = origin([*args, *(self.count(a) for a in args)])
        bent = Grade.WORK if deep.grade in (Grade.NOISE, Grade.SHAPED) else deep.grade
        return worked(Value(grade=bent, marks=deep.marks), self.control_marks)

    def _of_the_world(self, args: Args, _named: Named, _node: ast.AST) -> Value:
        made = origin(args)
        held = args[0].known if args else None
        cells = held.cells or [] if isinstance(held, Items) else []
        salted = isinstance(held, str) or any(isinstance(c.known, str) for c in cells)
        return Value(grade=made.grade, marks=made.marks | ({"world"} if salted else set()))

    def _pow(self, args: Args, _named: Named, _node: ast.AST) -> Value:
        return binary(ast.Pow(), args[0], args[1]) if len(args) == 2 else origin(args)

    def _open(self, args: Args, _named: Named, node: ast.AST) -> Value:
        self.note("open", "open", node, self.source, args)
        return Value(Library("open()", tuple(args)))
