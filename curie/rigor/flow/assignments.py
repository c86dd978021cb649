"""What assignments do to names, fields and cells."""

import ast

from curie.rigor.flow.expressions import Expressions
from curie.rigor.flow.value import (
    Class,
    Function,
    Grade,
    Items,
    Library,
    Scope,
    Table,
    Thing,
    Value,
    depths,
    join,
    taken_out,
)

UNITS = {"ns": "ns", "us": "us", "ms": "ms", "s": "s", "secs": "s", "seconds": "s"}
"""Endings of names that tell the unit of a time."""


class Assignments(Expressions):
    """The part of the walk that binds."""

    def assign(self, target: ast.expr, value: Value, scope: Scope) -> None:
        """Bind a target to a value that came about under the conditions of the moment."""
        match target:
            case ast.Name(id=name):
                home = scope.outer.get(name, scope)
                self._note_change(scope.find(name), value, target)
                self.bind(home, name, self.governed(value))
            case ast.Tuple(elts=elts) | ast.List(elts=elts):
                self._unpack(elts, value, scope)
            case ast.Starred(value=inner):
                self.assign(inner, value, scope)
            case ast.Attribute(value=whole, attr=attr):
                self._set_field(self.evaluate(whole, scope), attr, self.governed(value), target)
            case ast.Subscript(value=whole, slice=key):
                changed = self.evaluate(whole, scope)
                self._note_change(changed, value, target)
                self._set_cell(changed, self.evaluate(key, scope), self.governed(value))
            case _:
                return

    def bind(self, scope: Scope, name: str, value: Value) -> None:
        """Bind a name; where it may have stayed as it was, it is one of both."""
        unit = UNITS.get(name.rpartition("_")[2]) if "_" in name else None
        if unit and value.grade > Grade.WRITTEN and not isinstance(value.known, Items | Thing):
            value = value.marked({f"~unit:{unit}"})
        value = self.marked_if_guessed(value)
        if name in scope.names and not self._strong(scope):
            value = join(scope.names[name], value)
        scope.names[name] = value

    def _note_change(self, old: Value | None, value: Value, node: ast.AST) -> None:
        """Data that were drawn are changed by a level."""
        if old is None or not self._chosen() or "draw" not in depths(old).marks:
            return
        if old.grade is not Grade.WRITTEN or isinstance(old.known, Items):
            self.note("change", "", node, self.source, [old, value])

    def _note_overwriting(self, old: Value | None, value: Value, node: ast.AST) -> None:
        """A setting that gives way to a number of the program's own."""
        if old is None or not old.is_plain or value.known == old.known or self.looping:
            return
        for factor, told in self.settings.items():
            if old.marks == told.marks and old.known == told.known:
                self.note("overwrite", factor, node, self.source, [old, value])

    def marked_if_guessed(self, value: Value) -> Value:
        """A number that is put in the place of one that could not be had."""
        empty = value.is_plain and (value.known in (None, 0, 1, -1) or value.known != value.known)
        guess = self.instead and value.grade < Grade.WORK and not empty
        number = not value.is_plain or isinstance(value.known, int | float)
        if guess and number and not isinstance(value.known, Function | Class | Items | Table):
            return value.marked({"~guess"})
        return value

    def _strong(self, scope: Scope) -> bool:
        """Whether an assignment here replaces what the name stood for."""
        above = self.control[scope.depth :]
        return all(c.sure or c.loop for c in above)

    def _unpack(self, elts: list[ast.expr], value: Value, scope: Scope) -> None:
        cells = self.cells(value)
        starred = [i for i, e in enumerate(elts) if isinstance(e, ast.Starred)]
        if cells is not None and len(cells) == len(elts) and not starred:
            for target, cell in zip(elts, cells, strict=True):
                self.assign(target, taken_out(value, cell), scope)
            return
        like = self.each(value) if not value.is_plain else value.blurred()
        for target in elts:
            many = isinstance(target, ast.Starred)
            self.assign(target, Value(Items(None, like)) if many else like, scope)

    def _set_field(self, whole: Value, name: str, value: Value, node: ast.AST) -> None:
        for one in self.choices(whole):
            if isinstance(one.known, Thing):
                old = one.known.fields.get(name)
                weak = old is not None and not all(c.sure or c.loop for c in self.control)
                one.known.fields[name] = join(old, value) if weak and old is not None else value
            elif isinstance(one.known, Class):
                one.known.scope.names[name] = value
            elif isinstance(one.known, Function | Library):
                self.note("patch", name, node, self.source, [whole, value])

    def _set_cell(self, whole: Value, key: Value, value: Value) -> None:
        match whole.known:
            case Table():
                if key.is_plain and key.known in whole.known.cells and not self.sure:
                    value = join(whole.known.cells[key.known], value)
                self.put(whole.known, key, value)
            case Items(cells=list(cells)) if isinstance(key.known, int) and self.sure:
                if -len(cells) <= key.known < len(cells):
                    cells[key.known] = value
            case Items():
                cell = self.each(value) if isinstance(key.known, Items) else value
                like = join(whole.known.like(), cell.marked(key.marks, depths(key).grade))
                whole.known.cells, whole.known.rest = None, like
            case _:
                return

    def forget(self, whole: Value, more: Value | None = None) -> None:
        """Something was done to a collection that is not followed cell by cell."""
        match whole.known:
            case Items():
                like = whole.known.like()
                whole.known.rest = like if more is None else join(like, more)
                whole.known.cells = None
                high = self.governed(Value() if more is None else more)
                whole.known.size = Value(grade=high.grade, marks=high.marks)
            case Table():
                whole.known.rest = whole.known.like() if more is None else more
            case _:
                return
