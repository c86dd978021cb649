"""What built-in functions tell of things and their types."""

import ast

from curie.rigor.flow.containers import Containers
from curie.rigor.flow.machine import Args, Named
from curie.rigor.flow.value import (
    Class,
    Function,
    Grade,
    Library,
    Table,
    Thing,
    Value,
    origin,
)

_TYPES = {"int": int, "float": float, "str": str, "bool": bool, "bytes": bytes}


class Reflection(Containers):
    """The part of the walk that looks at things from outside."""

    def _isinstance(self, args: Args, _named: Named, _node: ast.AST) -> Value:
        made = origin(args[:1])
        kinds = self.cells(args[1]) or [args[1]] if len(args) > 1 else []
        names = [k.known.name if isinstance(k.known, Library) else "" for k in kinds]
        types = tuple(_TYPES[n.removeprefix("builtins.")] for n in names if n[9:] in _TYPES)
        if args and args[0].is_plain and len(types) == len(kinds) and types:
            return Value(isinstance(args[0].known, types), made.grade, made.marks)
        thing = args[0].known if args else None
        if isinstance(thing, Thing) and all(isinstance(k.known, Class) for k in kinds):
            return Value(any(k.known is thing.made_by for k in kinds) or made.known)
        return Value(grade=made.grade, marks=made.marks)

    def _getattr(self, args: Args, _named: Named, node: ast.AST) -> Value:
        if len(args) > 1 and isinstance(args[1].known, str):
            found = self.attribute(args[0], args[1].known, node)
            chosen = {f"picked:{m[7:]}" for m in args[1].marks if m.startswith("factor:")}
            return found.marked(args[1].marks | chosen)
        return origin(args).marked((), Grade.WORK)

    def _setattr(self, args: Args, _named: Named, node: ast.AST) -> Value:
        if len(args) > 2 and isinstance(args[0].known, Thing) and isinstance(args[1].known, str):
            args[0].known.fields[args[1].known] = self.governed(args[2])
        elif args:
            self.note("patch", str(args[1].known) if len(args) > 1 else "", node, self.source, args)
        return Value(None)

    def _super(self, _args: Args, _named: Named, _node: ast.AST) -> Value:
        fields: dict[str, Value] = {}
        frame = next((f for f in reversed(self.frames) if f.owner is not None), None)
        if frame is not None and frame.defined_in is not None and frame.owner is not None:
            for base in frame.defined_in.bases:
                if isinstance(base.known, Class):
                    fields.update(self._methods(base.known, frame.owner))
        return Value(Library("super()", (), fields))

    def _methods(self, kind: Class, owner: Value) -> dict[str, Value]:
        found: dict[str, Value] = {}
        for base in kind.bases:
            if isinstance(base.known, Class):
                found.update(self._methods(base.known, owner))
        for name, value in kind.scope.names.items():
            held = value.known
            if isinstance(held, Function):
                bound = Function(
                    held.node, held.source, held.scope, owner, defined_in=held.defined_in
                )
                value = Value(bound)
            found[name] = value
        return found

    def _type(self, args: Args, _named: Named, _node: ast.AST) -> Value:
        if args and isinstance(args[0].known, Thing):
            return Value(args[0].known.made_by)
        return origin(args)

    def _vars(self, args: Args, _named: Named, _node: ast.AST) -> Value:
        if args and isinstance(args[0].known, Thing):
            return Value(Table(dict(args[0].known.fields)))
        return Value(grade=Grade.WORK)
