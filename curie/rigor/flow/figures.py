"""Sums, curves and lines over numbers, and work of libraries."""

import ast

from curie.rigor.flow import names
from curie.rigor.flow.builtin_calls import BuiltinCalls
from curie.rigor.flow.machine import Args, Named
from curie.rigor.flow.marks import LOOPED
from curie.rigor.flow.operations import curve, plain
from curie.rigor.flow.value import (
    Grade,
    Items,
    Library,
    Value,
    depths,
    origin,
    worked,
)


class Numbers(BuiltinCalls):
    """The part of the walk that knows what is made of numbers."""

    def _numbers(self, name: str, last: str, args: Args, named: Named, node: ast.AST) -> Value:
        """Sums, curves and lines over numbers; else work."""
        every = [*args, *named.values()]
        numeric = name.startswith(names.PURE)
        if numeric and last in names.AGGREGATES and args:
            return self.aggregate(last, args[0], args, node)
        if numeric and last in names.CURVES:
            return curve(origin(every))
        if last in names.DECODES and origin(every).grade is Grade.WRITTEN:
            return self._decoded(name, every)
        if numeric and last in names.LINES:
            return self._line(last, args, named)
        self.note("library", name, node, self.source, every)
        later = last in ("Thread", "Process", "Timer")
        made = [] if later else self.callbacks(every, node)
        changed = self._changed(name, args)
        if changed is not None:
            return changed
        deep = origin([*every, *made])
        if numeric and not made and self._is_plain(every):
            return deep
        shaped = Value(Library(f"{name}()", tuple(every), dict(named)), deep.grade, deep.marks)
        return shaped if last[:1].isupper() else self._new(deep)

    def _new(self, deep: Value) -> Value:
        """Something that a library worked out."""
        if "clock" in deep.marks:
            deep = deep.marked(self._passed(self.events, ()))
        return worked(deep.marked((), Grade.WORK), self.control_marks)

    def _changed(self, name: str, args: Args) -> Value | None:
        """Functions that change a list that they are given."""
        if name in ("heapq.heappush", "bisect.insort", "bisect.insort_left", "bisect.insort_right"):
            if isinstance(args[0].known, Items):
                self.of_items(args[0], args[0].known, "append", args[1:2], ast.Pass())
            return Value(None)
        if name.startswith("heapq.heap") and args and isinstance(args[0].known, Items):
            self.forget(args[0], args[1] if len(args) > 1 else None)
            return self._new(self.each(args[0])) if name != "heapq.heapify" else Value(None)
        for value in args if not name.startswith(names.PURE) else ():
            if isinstance(value.known, Items) and value.known.kind in ("list", "array"):
                self.forget(value, Value(grade=depths(value).grade, marks=depths(value).marks))
        return None

    def _is_plain(self, values: Args) -> bool:
        try:
            return all(plain(v) is None or LOOPED not in depths(v).marks for v in values)
        except ValueError:
            return False

    def _decoded(self, name: str, every: Args) -> Value:
        deep = origin(every)
        if name.endswith((".poly1d", ".interp1d", ".CubicSpline", ".Polynomial")):
            return Value(Library("written()", tuple(every)), deep.grade, deep.marks)
        return Value(Items(None, deep, "array"), deep.grade, deep.marks)

    def _line(self, last: str, args: Args, named: Named) -> Value:
        """Arrays and roundings: the same numbers in another form."""
        every = [*args, *named.values()]
        deep = origin(every)
        whole = args[0] if args else Value()
        if last in names.SPREADS:
            return Value(Items(None, deep.marked({LOOPED}), "array", origin(args[-1:])))
        if last in ("multiply", "outer", "divide") and len(args) > 1:
            op = ast.Div() if last == "divide" else ast.Mult()
            left, right = (Value(grade=depths(a).grade, marks=depths(a).marks) for a in args[:2])
            return self.operate(op, left, right, ast.Pass())
        if isinstance(whole.known, Items) and last in ("array", "asarray", "deque", "copy"):
            items = whole.known
            return Value(Items(items.cells, items.rest, "array", items.size), marks=whole.marks)
        if last in ("zeros", "ones", "empty", "full"):
            cell = origin(args[1:]) if last == "full" else Value()
            return Value(Items(None, cell, "array", whole))
        if isinstance(whole.known, Items):
            return Value(Items(None, deep, "array", self.count(whole)), marks=deep.marks)
        return deep

    def aggregate(self, name: str, whole: Value, args: Args, node: ast.AST) -> Value:
        """A mean, a sum or an extreme of many."""
        self.note("best" if name in names.BESTS else "gather", name, node, self.source, [whole])
        cells = self.cells(whole)
        if cells is not None and cells and all(c.is_plain for c in cells):
            return Value(grade=origin(cells).grade, marks=origin([whole]).marks)
        if cells is not None and 0 < len(cells) <= 3:
            return origin([whole, *args[1:]])
        each = self.each(whole)
        if name in names.BESTS and "~mean" in each.marks:
            each = each.marked({"~best"})
        return self.summed_up(each, self.count(whole))
