"""What calls of the program's own functions and classes give."""

import ast
from collections.abc import Sequence

from curie.rigor.flow.attributes import Attributes
from curie.rigor.flow.machine import DEEPEST, Frame
from curie.rigor.flow.marks import LOOPED
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
    worked,
)

_AGAIN = 3
"""Calls of one function within itself that are walked."""
_ENUMS = ("enum.",)


class Calls(Attributes):
    """The part of the walk that goes into functions."""

    def call(self, func: Value, args: list[Value], named: dict[str, Value], node: ast.AST) -> Value:
        """What a call gives."""
        self.step()
        match func.known:
            case Function():
                made = self.invoke(func.known, args, named, node)
                return self._out_of(func, made)
            case Class():
                return self.instance(func.known, args, named, node).marked(func.marks)
            case Thing():
                own = self.method(func.known, "__call__")
                if own is not None:
                    return self.invoke(own, args, named, node)
                return origin([func, *args]).marked((), Grade.WORK)
            case Choice():
                with self.under(depths(Value(grade=func.grade, marks=func.marks)), sure=False):
                    every = [self.call(one, args, named, node) for one in func.known.among]
                    return self._out_of(func, self.governed(joined(every, Value())))
            case Library():
                with self.under(Value(marks=func.marks), sure=True, choice=False):
                    return self.library(func, args, named, node)
            case _:
                self.callbacks([*args, *named.values()], node)
                made = origin([func, *args, *named.values()])
                return worked(made.marked((), Grade.WORK), self.control_marks)

    def _out_of(self, func: Value, made: Value) -> Value:
        """What a function gave that was itself chosen: its choice acts through its work."""
        if not func.marks:
            return made
        if isinstance(made.known, Items) and made.known.cells is not None:
            cells = [self._out_of(func, cell) for cell in made.known.cells]
            return Value(Items(cells, kind=made.known.kind), made.grade, made.marks)
        return worked(made.marked(func.marks), self.control_marks)

    def library(
        self, func: Value, args: list[Value], named: dict[str, Value], node: ast.AST
    ) -> Value:
        """What a call of a library gives; the next part of the walk knows more."""
        return origin([func, *args, *named.values()]).marked((), Grade.WORK)

    def callbacks(self, values: Sequence[Value], node: ast.AST) -> list[Value]:
        """Functions of the program that a library may call, each walked as if it did."""
        made: list[Value] = []
        given = [v for v in values if not isinstance(v.known, Function | Class)]
        like = origin([self.each(v) if isinstance(v.known, Items) else v for v in given])
        condition = Value(grade=Grade.WORK, marks=like.marks)
        for value in values:
            for own in self._callable_of(value):
                with self.under(condition, sure=False, loop=True, choice=False):
                    made.append(self.invoke(own, [like] * _wants(own), {}, node))
        return made

    def _callable_of(self, value: Value) -> list[Function]:
        """A function, or the methods by which a library compares and counts a thing."""
        held = [value]
        if isinstance(value.known, Items):
            held = [value.known.like()]
        found: list[Function] = []
        for one in (c for h in held for c in self.choices(h)):
            if isinstance(one.known, Function):
                found.append(one.known)
            elif isinstance(one.known, Thing):
                names = ("__lt__", "__eq__", "__hash__", "__call__", "__len__")
                found += [m for n in names if (m := self.method(one.known, n)) is not None]
        return found

    def invoke(
        self, own: Function, args: list[Value], named: dict[str, Value], node: ast.AST
    ) -> Value:
        """Walk through a function of the program."""
        again = sum(f.node is own.node for f in self.frames)
        given = [*own.given, *args]
        if again >= _AGAIN or len(self.frames) >= DEEPEST:
            made = origin([*given, *named.values()])
            high = any(c.grade is Grade.WORK for c in self.control)
            grade = Grade.WORK if high or made.grade > Grade.WRITTEN else Grade.WRITTEN
            return worked(made.marked({LOOPED}, grade), self.control_marks)
        scope = Scope(own.source, own.scope, depth=len(self.control))
        self._bind(own, given, {**own.named, **named}, scope)
        if self.frames:
            self.note("call", own.name, node, self.source, [Value(own), *given, *named.values()])
        frame = Frame(scope, own.name, own.owner, own.defined_in, node=own.node)
        self.frames.append(frame)
        try:
            return self._walk(own, frame)
        finally:
            self.frames.pop()

    def _walk(self, own: Function, frame: Frame) -> Value:
        if isinstance(own.node, ast.Lambda):
            return self.evaluate(own.node.body, frame.scope)
        ends, self.ends = self.ends, []
        self.execute(own.node.body, frame.scope)
        self.ends = ends
        if frame.yields:
            return Value(Items(None, joined(frame.yields, Value()), "generator"))
        return joined(frame.returns, Value(None))

    def _bind(
        self, own: Function, args: list[Value], named: dict[str, Value], scope: Scope
    ) -> None:
        wanted = own.node.args
        places = [*wanted.posonlyargs, *wanted.args]
        values = list(args)
        if own.owner is not None and places:
            values.insert(0, own.owner)
        for place, value in zip(places, values, strict=False):
            scope.names[place.arg] = value
        if wanted.vararg is not None:
            scope.names[wanted.vararg.arg] = Value(Items(values[len(places) :], kind="tuple"))
        left = dict(named)
        for place in [*places[len(values) :], *wanted.kwonlyargs]:
            if place.arg in left:
                scope.names[place.arg] = left.pop(place.arg)
        if wanted.kwarg is not None:
            scope.names[wanted.kwarg.arg] = Value(Table(left))
        self._defaults(own, scope)

    def _defaults(self, own: Function, scope: Scope) -> None:
        wanted = own.node.args
        places = [*wanted.posonlyargs, *wanted.args]
        pairs = [
            *zip(reversed(places), reversed(wanted.defaults), strict=False),
            *zip(wanted.kwonlyargs, wanted.kw_defaults, strict=True),
        ]
        defaults = {place.arg: default for place, default in pairs}
        for place in [*places, *wanted.kwonlyargs]:
            if place.arg in scope.names:
                continue
            default = defaults.get(place.arg)
            unknown = Value(grade=Grade.WORK)
            scope.names[place.arg] = self.evaluate(default, own.scope) if default else unknown

    def instance(
        self, kind: Class, args: list[Value], named: dict[str, Value], node: ast.AST
    ) -> Value:
        """A new thing of a class."""
        if args and _has_base(kind, _ENUMS):
            return args[0]
        thing = Thing(kind)
        made = Value(thing)
        init = self.method(thing, "__init__")
        if init is not None:
            self.invoke(init, args, named, node)
            return made
        names = _fields(kind)
        thing.fields.update(zip(names, args, strict=False))
        thing.fields.update(named)
        for name in names:
            if name not in thing.fields:
                thing.fields[name] = self._default(kind, name, node)
        after = self.method(thing, "__post_init__")
        if after is not None:
            self.invoke(after, [], {}, node)
        return made

    def _default(self, kind: Class, name: str, node: ast.AST) -> Value:
        found = kind.lookup(name)
        if found is None:
            return Value(grade=Grade.WORK)
        held = found.known
        if isinstance(held, Library) and held.name == "dataclasses.field()":
            if "default_factory" in held.fields:
                return self.call(held.fields["default_factory"], [], {}, node)
            return held.fields.get("default", Value())
        return found


def _fields(kind: Class) -> list[str]:
    """The fields of a data class, those of its bases first."""
    names: list[str] = []
    for base in kind.bases:
        if isinstance(base.known, Class):
            names += _fields(base.known)
    for node in kind.node.body:
        if not isinstance(node, ast.AnnAssign) or not isinstance(node.target, ast.Name):
            continue
        if "ClassVar" not in ast.dump(node.annotation) and node.target.id not in names:
            names.append(node.target.id)
    return names


def _has_base(kind: Class, prefixes: tuple[str, ...]) -> bool:
    return any(
        (isinstance(b.known, Library) and b.known.name.startswith(prefixes))
        or (isinstance(b.known, Class) and _has_base(b.known, prefixes))
        for b in kind.bases
    )


def _wants(own: Function) -> int:
    """How many arguments a function needs."""
    wanted = own.node.args
    places = len(wanted.posonlyargs) + len(wanted.args) - (own.owner is not None)
    return max(0, places - len(wanted.defaults))
