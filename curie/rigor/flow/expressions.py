"""What expressions give."""

import ast
from collections.abc import Callable
from functools import cached_property

from curie.rigor.flow.machine import Frame
from curie.rigor.flow.marks import picked
from curie.rigor.flow.operations import applied, binary, compared, truth, unary, wrapped
from curie.rigor.flow.subscripts import Subscripts
from curie.rigor.flow.value import (
    Choice,
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
    joined,
    origin,
    worked,
)

_DUNDERS: dict[type[ast.cmpop], str] = {
    ast.Lt: "__lt__", ast.LtE: "__le__", ast.Gt: "__gt__", ast.GtE: "__ge__", ast.Eq: "__eq__",
    ast.NotEq: "__ne__", ast.In: "__contains__", ast.NotIn: "__contains__",
}  # fmt: skip
_OPERATIONS: dict[type[ast.operator], str] = {
    ast.Add: "__add__", ast.Sub: "__sub__", ast.Mult: "__mul__", ast.Div: "__truediv__",
    ast.MatMult: "__matmul__", ast.Mod: "__mod__", ast.Pow: "__pow__",
}  # fmt: skip


SELECTS = (ast.Name, ast.Attribute, ast.Subscript)
"""What hands on a value as it is."""


class Expressions(Subscripts):
    """The part of the walk that looks at expressions."""

    @cached_property
    def _kinds(self) -> dict[type[ast.expr], Callable[..., Value]]:
        return {
            ast.Constant: self._constant, ast.Name: self._name, ast.Attribute: self._attribute,
            ast.Subscript: self._subscript, ast.Call: self._call, ast.BinOp: self._binary,
            ast.UnaryOp: self._unary, ast.Compare: self._compare, ast.BoolOp: self._either,
            ast.IfExp: self._choice, ast.Lambda: self._lambda, ast.JoinedStr: self._text,
            ast.FormattedValue: self._formatted, ast.NamedExpr: self._walrus,
            ast.Starred: self._inner, ast.Await: self._inner, ast.Yield: self._yield,
            ast.YieldFrom: self._yield, ast.Dict: self._dict, ast.List: self._items,
            ast.Tuple: self._items, ast.Set: self._items, ast.Slice: self._slice,
            ast.ListComp: self.comprehension, ast.SetComp: self.comprehension,
            ast.GeneratorExp: self.comprehension, ast.DictComp: self.comprehension,
        }  # fmt: skip

    def evaluate(self, node: ast.expr, scope: Scope) -> Value:
        """The value of an expression; something unknown where its kind is not understood."""
        self.step()
        how = self._kinds.get(type(node))
        return how(node, scope) if how else Value(grade=Grade.WORK)

    def _constant(self, node: ast.Constant, _scope: Scope) -> Value:
        value = Value(node.value)
        return value if value.is_plain else Value()

    def _name(self, node: ast.Name, scope: Scope) -> Value:
        found = scope.find(node.id)
        return Value(Library(f"builtins.{node.id}")) if found is None else found

    def _attribute(self, node: ast.Attribute, scope: Scope) -> Value:
        return self.attribute(self.evaluate(node.value, scope), node.attr, node)

    def _inner(self, node: ast.Starred | ast.Await, scope: Scope) -> Value:
        return self.evaluate(node.value, scope)

    def _yield(self, node: ast.Yield | ast.YieldFrom, scope: Scope) -> Value:
        value = self.evaluate(node.value, scope) if node.value else Value(None)
        if self.frames:
            each = self.each(value) if isinstance(node, ast.YieldFrom) else value
            self.frames[-1].yields.append(self.governed(each))
        return Value()

    def _subscript(self, node: ast.Subscript, scope: Scope) -> Value:
        whole = self.evaluate(node.value, scope)
        if isinstance(node.slice, ast.Slice):
            return self._sliced(whole, node, scope)
        return self.item(whole, self.evaluate(node.slice, scope), node)

    def _slice(self, node: ast.Slice, scope: Scope) -> Value:
        parts = [p for p in (node.lower, node.upper, node.step) if p is not None]
        return Value(Items(), marks=origin([self.evaluate(p, scope) for p in parts]).marks)

    def _call(self, node: ast.Call, scope: Scope) -> Value:
        func = self.evaluate(node.func, scope)
        args: list[Value] = []
        for arg in node.args:
            value = self.evaluate(arg, scope)
            cells = self.cells(value) if isinstance(arg, ast.Starred) else [value]
            args += [self.each(value)] if cells is None else cells
        named: dict[str, Value] = {}
        for keyword in node.keywords:
            value = self.evaluate(keyword.value, scope)
            if keyword.arg is not None:
                named[keyword.arg] = value
            elif isinstance(value.known, Table):
                named.update({str(k): v for k, v in value.known.cells.items()})
        return self.call(func, args, named, node)

    def _binary(self, node: ast.BinOp, scope: Scope) -> Value:
        left, right = self.evaluate(node.left, scope), self.evaluate(node.right, scope)
        return self.operate(node.op, left, right, node)

    def operate(self, op: ast.operator, left: Value, right: Value, node: ast.AST) -> Value:
        """Two values in an operation, which a class of the program may define itself."""
        name = _OPERATIONS.get(type(op), "")
        if isinstance(left.known, Thing) and (own := self.method(left.known, name)) is not None:
            return self.call(Value(own), [right], {}, node)
        if not (left.is_plain and right.is_plain):
            self.note("op", type(op).__name__, node, self.source, [left, right])
        span = self.span(op, left, right, node)
        if isinstance(op, ast.Div) and self._is_count(right):
            right = Value(right.known)  # per round
        return binary(op, left, right) if span is None else span

    def _is_count(self, value: Value) -> bool:
        """Whether a number is that of the rounds of some loop."""
        return isinstance(value.known, int) and value.known in self.counts

    def _unary(self, node: ast.UnaryOp, scope: Scope) -> Value:
        return unary(node.op, self.evaluate(node.operand, scope))

    def _compare(self, node: ast.Compare, scope: Scope) -> Value:
        left, answers = self.evaluate(node.left, scope), []
        for op, right_node in zip(node.ops, node.comparators, strict=True):
            right = self.evaluate(right_node, scope)
            answers.append(self._answer(op, left, right, node))
            left = right
        if len(answers) == 1:
            return answers[0]
        made = origin(answers)
        if any(a.known is False for a in answers):
            return wrapped(found=False, like=made)
        known = all(truth(a) for a in answers)
        return wrapped(found=True, like=made) if known else made

    def _answer(self, op: ast.cmpop, left: Value, right: Value, node: ast.AST) -> Value:
        name = _DUNDERS.get(type(op), "")
        asked, other = (right, left) if name == "__contains__" else (left, right)
        things = [one.known for one in self.choices(asked) if isinstance(one.known, Thing)]
        own = [m for t in things if (m := self.method(t, name)) is not None]
        if own:
            with self.under(Value(), sure=len(own) == 1):
                made = [self.call(Value(m), [other], {}, node) for m in own]
            return joined(made, Value())
        if not (left.is_plain and right.is_plain):
            self.note("compare", type(op).__name__, node, self.source, [left, right])
        return compared(op, left, right)

    def _either(self, node: ast.BoolOp, scope: Scope) -> Value:
        """`and` and `or`: the rest is not asked where the first part decides."""
        decides = isinstance(node.op, ast.Or)
        found: list[Value] = []
        asked: list[Value] = []
        for part in node.values:
            with self.under(origin(found), sure=all(v.is_plain for v in found)):
                value = self.evaluate(part, scope)
            asked.append(value)
            if truth(value) is decides:
                found.append(value)
                break
            if truth(value) is None or part is node.values[-1]:
                found.append(value)
        made = origin(asked)
        if len(found) == 1:
            return found[0].marked(made.marks)
        return joined(found, made).marked(made.marks, made.grade)

    def _choice(self, node: ast.IfExp, scope: Scope) -> Value:
        condition = depths(test := self.evaluate(node.test, scope))
        known = truth(test)
        with self.under(condition, sure=known is not None):
            if known is not None:
                part = node.body if known else node.orelse
                chosen = self.governed(self.evaluate(part, scope))
                return worked(chosen) if isinstance(part, SELECTS) else chosen
            if known is None:
                body, other = self.evaluate(node.body, scope), self.evaluate(node.orelse, scope)
                chosen = join(body, other)
            return self.governed(chosen)

    def _lambda(self, node: ast.Lambda, scope: Scope) -> Value:
        return Value(Function(node, scope.source, scope))

    def _text(self, node: ast.JoinedStr, scope: Scope) -> Value:
        parts = [self.evaluate(p, scope) for p in node.values]
        return applied(lambda *p: "".join(map(str, p)), parts, origin(parts))

    def _formatted(self, node: ast.FormattedValue, scope: Scope) -> Value:
        value = self.evaluate(node.value, scope)
        if node.format_spec is None:
            return value
        return applied(format, (value, self.evaluate(node.format_spec, scope)), value)

    def _walrus(self, node: ast.NamedExpr, scope: Scope) -> Value:
        value = self.evaluate(node.value, scope)
        self.assign(node.target, value, scope)
        return value

    def _dict(self, node: ast.Dict, scope: Scope) -> Value:
        table = Table()
        for key_node, value_node in zip(node.keys, node.values, strict=True):
            value = self.evaluate(value_node, scope)
            if key_node is not None:
                self.put(table, self.evaluate(key_node, scope), value)
            elif isinstance(value.known, Table):
                table.cells.update(value.known.cells)
                table.rest = value.known.rest or table.rest
            else:
                table.rest = value.blurred()
        return Value(table)

    def put(self, table: Table, key: Value, value: Value) -> None:
        """Set a cell of a table; which one is not always known."""
        if key.is_plain:
            table.cells[key.known] = value.marked(key.marks)
        else:
            table.rest = value if table.rest is None else join(table.rest, value)

    def _items(self, node: ast.List | ast.Tuple | ast.Set, scope: Scope) -> Value:
        cells: list[Value] = []
        rest: Value | None = None
        for element in node.elts:
            value = self.evaluate(element, scope)
            inner = self.cells(value) if isinstance(element, ast.Starred) else [value]
            if inner is None:
                rest = self.each(value)
            else:
                cells += inner
        kind = {ast.Tuple: "tuple", ast.Set: "set"}.get(type(node), "list")
        if rest is not None:
            return Value(Items(None, joined([*cells, rest], rest), kind))
        return Value(Items(cells, kind=kind))

    def chosen_by(self, value: Value) -> frozenset[str]:
        """The factors whose level chose this value, rather than being it."""
        return picked(depths(value).marks)

    def frame(self) -> Frame:
        """The call that is going on."""
        return self.frames[-1]

    def choices(self, value: Value) -> tuple[Value, ...]:
        """The things that a value may be."""
        return value.known.among if isinstance(value.known, Choice) else (value,)
