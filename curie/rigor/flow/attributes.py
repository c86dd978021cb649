"""What things, classes and values have under a name."""

import ast

from curie.rigor.flow.marks import LOOPED
from curie.rigor.flow.statements import Statements
from curie.rigor.flow.value import (
    Choice,
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
    joined,
    origin,
    taken_out,
)

_SAME = frozenset({"T", "real", "value", "values_", "flat", "mT"})
_SIZES = frozenset({"shape", "size", "ndim", "columns", "index", "dtype"})


class Attributes(Statements):
    """The part of the walk that looks up attributes."""

    def attribute(self, value: Value, name: str, node: ast.AST) -> Value:
        """What a value has under a name."""
        match value.known:
            case Thing():
                return self._of_thing(value, value.known, name, node)
            case Class():
                return self._of_class(value, value.known, name)
            case Scope():
                found = value.known.find(name)
                return Value(grade=Grade.WORK) if found is None else found
            case Library():
                return self._of_library(value, value.known, name)
            case Choice():
                made = [self.attribute(one, name, node) for one in value.known.among]
                return joined(made, Value()).marked(value.marks, value.grade)
            case Function() if name in ("__name__", "__qualname__"):
                return Value(value.known.name, marks=value.marks)
            case _:
                return self._of_value(value, name)

    def _of_thing(self, value: Value, thing: Thing, name: str, node: ast.AST) -> Value:
        if name in thing.fields:
            return taken_out(value, thing.fields[name])
        if name == "__class__":
            return Value(thing.made_by)
        if name == "__dict__":
            return Value(Table(dict(thing.fields)))
        found = thing.made_by.lookup(name)
        if found is None:
            return Value(Library(f"@{name}", made=(value,)))
        if not isinstance(found.known, Function):
            return found.marked(value.marks, value.grade)
        own = _bound(found.known, Value(thing))
        if _is_property(own):
            return self.call(Value(own), [], {}, node)
        return Value(own, marks=value.marks)

    def _of_class(self, value: Value, kind: Class, name: str) -> Value:
        if name == "__name__":
            return Value(kind.node.name, marks=value.marks)
        found = kind.lookup(name)
        if name == "__subclasses__":
            return Value(Library("subclasses()", tuple(self._below(kind))))
        if found is None:
            return Value(Library(f"@{name}", made=(value,)))
        if isinstance(found.known, Function) and _decorated(found.known, "classmethod"):
            return Value(_bound(found.known, value))
        return found

    def _below(self, kind: Class) -> list[Value]:
        return [Value(c) for c in self.classes if any(b.known is kind for b in c.bases)]

    def _of_library(self, value: Value, library: Library, name: str) -> Value:
        if name in library.fields:
            return library.fields[name].marked(value.marks)
        made = None if library.made is None else (value,)
        return Value(Library(f"{library.name}.{name}", made), marks=value.marks)

    def _of_value(self, value: Value, name: str) -> Value:
        if name in _SAME:
            return value
        if isinstance(value.known, Items) and value.known.kind == "array" and name in _SIZES:
            return self.length(value).marked({LOOPED})
        if name in _SIZES and not isinstance(value.known, Items | Table | str):
            high = Grade.WORK if depths(value).grade is Grade.WORK else Grade.WRITTEN
            return Value(grade=high, marks=depths(value).marks | {LOOPED})
        return Value(Library(f"@{name}", made=(value,)), value.grade, value.marks)

    def length(self, value: Value) -> Value:
        """How many things something holds; the next part of the walk knows more."""
        return origin([value])

    def method(self, thing: Thing, name: str) -> Function | None:
        """A method of an instance, bound to it."""
        found = thing.made_by.lookup(name) if name else None
        if found is None or not isinstance(found.known, Function):
            return None
        return _bound(found.known, Value(thing))


def _bound(own: Function, owner: Value) -> Function:
    """A function as a method of this owner, unless it is a static one."""
    if _decorated(own, "staticmethod"):
        return own
    return Function(own.node, own.source, own.scope, owner, own.given, own.named, own.defined_in)


def _is_property(own: Function) -> bool:
    return _decorated(own, "property") or _decorated(own, "cached_property")


def _decorated(own: Function, name: str) -> bool:
    return not isinstance(own.node, ast.Lambda) and any(
        (d.attr if isinstance(d, ast.Attribute) else getattr(d, "id", "")) == name
        for d in own.node.decorator_list
    )
