"""One cell of something, or a part of it."""

import ast

from curie.rigor.flow.loops import Loops
from curie.rigor.flow.operations import applied
from curie.rigor.flow.value import (
    Grade,
    Items,
    Library,
    Scope,
    Table,
    Thing,
    Value,
    depths,
    origin,
    taken_out,
    worked,
)


class Subscripts(Loops):
    """The part of the walk that looks into collections."""

    def item(self, whole: Value, key: Value, node: ast.AST) -> Value:
        """One cell of something."""
        chosen = {f"picked:{m.removeprefix('factor:')}" for m in key.marks if "factor:" in m}
        marks = key.marks | chosen
        if "seed" in key.marks and "draw" not in key.marks and _is_listed(whole):
            marks |= {"listed-seed"}
        match whole.known:
            case Table(cells=cells) if key.is_plain and key.known in cells:
                found = cells[key.known].marked(marks | whole.marks, whole.grade)
                return worked(found) if chosen else found
            case Items(cells=list(cells)) if isinstance(key.known, int):
                inside = -len(cells) <= key.known < len(cells)
                found = cells[key.known] if inside else Value(grade=Grade.WORK)
                return taken_out(whole, found).marked(marks)
            case str() | bytes():
                return applied(lambda text, at: text[at], (whole, key), origin([whole, key]))
            case Thing() if (own := self.method(whole.known, "__getitem__")) is not None:
                return self.call(Value(own), [key], {}, node)
            case Library(made=None):
                return whole
            case _:
                return self._any_cell(whole, key, marks)

    def _any_cell(self, whole: Value, key: Value, marks: frozenset[str]) -> Value:
        """A cell that is not known; looked up by a draw it is more than a draw."""
        held = whole.known
        like = held.like() if isinstance(held, Items | Table) else whole.blurred()
        grade = depths(key).grade
        bent = Grade.SHAPED if grade is Grade.NOISE else grade
        if isinstance(key.known, Items):
            like = Value(Items(None, like, "array"), like.grade, like.marks)
        found = like.marked(whole.marks | marks | depths(key).marks, max(bent, whole.grade))
        return worked(found) if bent is Grade.WORK or depths(key).marks else found

    def _sliced(self, whole: Value, node: ast.Subscript, scope: Scope) -> Value:
        bounds = [
            self.evaluate(b, scope) if b is not None else Value(None)
            for b in (node.slice.lower, node.slice.upper, node.slice.step)  # type: ignore[attr-defined]
        ]
        self.note("slice", "", node, self.source, [*bounds, whole])
        marks = frozenset[str]().union(whole.marks, *(b.marks for b in bounds))
        if isinstance(whole.known, str | bytes):
            like = origin([whole, *bounds])
            return applied(lambda t, a, b, c: t[a:b:c], (whole, *bounds), like)
        if isinstance(whole.known, Items):
            return self._part(whole.known, bounds, marks, whole.grade)
        return Value(whole.known, whole.grade, marks).blurred()

    def _part(
        self, items: Items, bounds: list[Value], marks: frozenset[str], grade: Grade
    ) -> Value:
        """A part of a list; how many it has is not known unless its cells are."""
        known = all(b.known is None or isinstance(b.known, int) for b in bounds)
        if items.cells is not None and known:
            low, high, step = (b.known for b in bounds)
            part = items.cells[low:high:step] if step != 0 else []
            return Value(Items(part, kind=items.kind), grade, marks)
        high = bounds[1]
        size = high.marked(items.size.marks) if bounds[0].known is None else items.size.blurred()
        cell = items.like()
        if items.kind == "sorted" and bounds[0].known in (None, 0) and bounds[1].is_plain:
            cell = cell.marked({"~trimmed"} if bounds[1].known is not None else ())
        return Value(Items(None, cell, items.kind, size), grade, marks)


def _is_listed(whole: Value) -> bool:
    """Whether these are numbers that stand in the program one by one."""
    held = whole.known
    if isinstance(held, Table):
        return bool(held.cells) and all(c.is_plain for c in held.cells.values())
    cells = held.cells if isinstance(held, Items) else None
    return bool(cells) and all(c.is_plain for c in cells or ())
