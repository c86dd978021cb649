"""Which numbers of a program were written rather than computed, through names and tables.

A number counts as written if nothing that a trial is told or does can change it, except a bare
draw of a random generator: a constant, arithmetic over constants, a name bound to nothing else, a
look-up in a table of constants, a function that returns nothing else.
"""

import ast
from collections import defaultdict
from dataclasses import dataclass
from functools import cached_property

from curie.rigor.source import Source, last_name

_CARRIES = frozenset({"float", "int", "round", "abs", "min", "max", "float64", "float32"})
_ARRAYS = frozenset({"array", "asarray", "tuple", "list", "dict"})
_DRAWS = frozenset(
    {
        "random", "gauss", "normal", "normalvariate", "uniform", "standard_normal", "rand", "randn",
        "randint", "integers", "lognormal", "lognormvariate", "triangular", "expovariate",
        "exponential", "betavariate",
    }
)  # fmt: skip
_CHANGES = frozenset({"append", "extend", "update", "setdefault", "insert", "add", "pop", "sort"})
_DEEPEST = 12


@dataclass(frozen=True)
class Literals:
    """Answers for one file. Names are not told apart by scope, in the program's favour."""

    source: Source

    @cached_property
    def bound(self) -> dict[str, list[ast.expr | None]]:
        """What each name is bound to; None: something else than an expression."""
        found: dict[str, list[ast.expr | None]] = defaultdict(list)
        plain: set[ast.AST] = set()
        for node in self.source.nodes:
            for target, value in _plain_bindings(node):
                plain.add(target)
                found[target.id].append(value)
        for node in self.source.nodes:
            for name in _other_names(node, plain):
                found[name].append(None)
        return found

    @cached_property
    def functions(self) -> dict[str, ast.FunctionDef]:
        """The file's functions."""
        return {n.name: n for n in self.source.nodes if isinstance(n, ast.FunctionDef)}

    def written(self, node: ast.expr, deep: int = 0) -> bool:
        """Whether a number was written rather than computed."""
        if deep > _DEEPEST:
            return False
        match node:
            case ast.Constant(value=value):
                return isinstance(value, int | float)
            case ast.UnaryOp(operand=operand):
                return self.written(operand, deep + 1)
            case ast.BinOp(left=left, right=right):
                return self.written(left, deep + 1) and self.written(right, deep + 1)
            case ast.IfExp(body=body, orelse=orelse):
                return self._all_written([body, orelse], deep)
            case ast.Subscript(value=value):
                return self.table(value, deep + 1)
            case _:
                return self._named_or_called(node, deep)

    def table(self, node: ast.expr, deep: int = 0) -> bool:
        """Whether this is a table, however nested, that holds nothing but constants."""
        if deep > _DEEPEST:
            return False
        match node:
            case ast.Dict(values=values) | ast.List(elts=values) | ast.Tuple(elts=values):
                return _has_number(node) and all(self._cell(v, deep + 1) for v in values)
            case ast.Subscript(value=value):
                return self.table(value, deep + 1)
            case ast.Name(id=name):
                return self._all_bound(name, deep, table=True)
            case ast.Call(func=func, args=[first]) if last_name(func) in _ARRAYS:
                return self.table(first, deep + 1)
            case _:
                return False

    def _cell(self, node: ast.expr, deep: int) -> bool:
        return isinstance(node, ast.Constant) or self.table(node, deep) or self.written(node, deep)

    def _named_or_called(self, node: ast.expr, deep: int) -> bool:
        if isinstance(node, ast.Name):
            return self._all_bound(node.id, deep, table=False)
        return isinstance(node, ast.Call) and self._called(node, deep)

    def _all_bound(self, name: str, deep: int, *, table: bool) -> bool:
        values = [v for v in self.bound.get(name, []) if v is not None]
        if not values or len(values) < len(self.bound[name]):
            return False
        if table:
            return all(self.table(v, deep + 1) for v in values)
        return self._all_written(values, deep)

    def _all_written(self, values: list[ast.expr], deep: int) -> bool:
        """Whether all these alternatives were written; yes or no, told as 1 or 0, was decided."""
        if {v.value for v in values if isinstance(v, ast.Constant)} == {0, 1}:
            return False
        return all(self.written(v, deep + 1) for v in values)

    def _called(self, call: ast.Call, deep: int) -> bool:
        name = last_name(call.func)
        numbers = all(self.written(a, deep + 1) for a in call.args)
        if name in _CARRIES:
            return bool(call.args) and numbers
        if name in _DRAWS and isinstance(call.func, ast.Attribute):
            return numbers
        if name == "get" and isinstance(call.func, ast.Attribute):
            return self.table(call.func.value, deep + 1)
        if name == "interp":
            return len(call.args) > 1 and all(self.table(a, deep + 1) for a in call.args[1:])
        return isinstance(call.func, ast.Name) and self._returns_written(name, deep)

    def _returns_written(self, name: str, deep: int) -> bool:
        function = self.functions.get(name)
        if function is None:
            return False
        inside = [n for n in ast.walk(function) if isinstance(n, ast.Return)]
        values = [n.value for n in inside if n.value is not None]
        return bool(values) and all(self.written(v, deep + 1) for v in values)


def _plain_bindings(node: ast.AST) -> list[tuple[ast.Name, ast.expr]]:
    """`x = value`, `x, y = 1, 2`, `x: int = value` and `(x := value)`."""
    match node:
        case ast.Assign(targets=targets, value=value):
            return [pair for t in targets for pair in _pairs(t, value)]
        case (
            ast.AnnAssign(target=ast.Name() as target, value=ast.expr() as value)
            | ast.NamedExpr(target=target, value=value)
        ):
            return [(target, value)]
        case _:
            return []


def _pairs(target: ast.expr, value: ast.expr) -> list[tuple[ast.Name, ast.expr]]:
    if isinstance(target, ast.Name):
        return [(target, value)]
    if (
        isinstance(target, ast.Tuple | ast.List)
        and isinstance(value, ast.Tuple | ast.List)
        and len(target.elts) == len(value.elts)
    ):
        return [p for t, v in zip(target.elts, value.elts, strict=True) for p in _pairs(t, v)]
    return []


def _other_names(node: ast.AST, plain: set[ast.AST]) -> list[str]:
    """Names that a node binds or changes in another way than by a plain assignment."""
    match node:
        case ast.Name(id=name, ctx=ast.Store() | ast.Del()) if node not in plain:
            return [name]
        case ast.arg(arg=name):
            return [name]
        case ast.Subscript(value=ast.Name(id=name), ctx=ast.Store() | ast.Del()):
            return [name]
        case ast.Call(func=ast.Attribute(value=ast.Name(id=name), attr=attr)):
            return [name] if attr in _CHANGES else []
        case ast.MatchAs(name=str(name)) | ast.MatchStar(name=str(name)):
            return [name]
        case ast.AugAssign(target=ast.Name(id=name)):
            return [name]
        case _:
            return []


def _has_number(node: ast.AST) -> bool:
    return any(
        isinstance(n, ast.Constant) and isinstance(n.value, int | float) for n in ast.walk(node)
    )
