"""What functions, classes and imports put under a name."""

import ast

from curie.rigor.flow.assignments import Assignments
from curie.rigor.flow.value import (
    Class,
    Function,
    Library,
    Scope,
    Thing,
    Value,
)

_STAYS = frozenset({"property", "staticmethod", "classmethod", "cached_property", "setter"})


class Definitions(Assignments):
    """The part of the walk that defines."""

    def _define(self, node: ast.FunctionDef | ast.AsyncFunctionDef, scope: Scope) -> None:
        value = Value(Function(node, scope.source, scope))
        for decorator in reversed(node.decorator_list):
            name = decorator.attr if isinstance(decorator, ast.Attribute) else ""
            name = decorator.id if isinstance(decorator, ast.Name) else name
            if name not in _STAYS:
                made = self.call(self.evaluate(decorator, scope), [value], {}, decorator)
                callable_ = isinstance(made.known, Function | Thing | Library)
                value = made if callable_ else value
        scope.names[node.name] = value

    def _class(self, node: ast.ClassDef, scope: Scope) -> None:
        bases = tuple(self.evaluate(b, scope) for b in node.bases)
        inner = Scope(scope.source, scope, depth=len(self.control))
        made = Class(node, scope.source, inner, bases)
        self.classes.append(made)
        self.execute(node.body, inner)
        for value in inner.names.values():
            if isinstance(value.known, Function) and value.known.defined_in is None:
                value.known.defined_in = made
        result = Value(made)
        for decorator in reversed(node.decorator_list):
            found = self.call(self.evaluate(decorator, scope), [result], {}, decorator)
            result = found if isinstance(found.known, Class) else result
        scope.names[node.name] = result

    def _import(self, node: ast.Import, scope: Scope) -> None:
        for alias in node.names:
            top = alias.name if alias.asname else alias.name.split(".")[0]
            scope.names[alias.asname or top] = self.module(top)

    def _import_from(self, node: ast.ImportFrom, scope: Scope) -> None:
        for alias in node.names:
            if alias.name == "*":
                found = self.module(node.module or "")
                names = found.known.names if isinstance(found.known, Scope) else {}
                scope.names.update(names)
                continue
            scope.names[alias.asname or alias.name] = self.imported(node, alias.name)

    def imported(self, node: ast.ImportFrom, name: str) -> Value:
        """One name of a module."""
        module = self.module(node.module or name)
        if not node.module:
            return module
        if isinstance(module.known, Scope):
            found = module.known.find(name)
            return self.module(f"{node.module}.{name}") if found is None else found
        inner = self.module(f"{node.module}.{name}")
        return inner if isinstance(inner.known, Scope) else self.attribute(module, name, node)

    def _global(self, node: ast.Global, scope: Scope) -> None:
        for name in node.names:
            scope.outer[name] = scope.top()

    def _nonlocal(self, node: ast.Nonlocal, scope: Scope) -> None:
        for name in node.names:
            home = scope.parent
            while home is not None and name not in home.names:
                home = home.parent
            if home is not None:
                scope.outer[name] = home
