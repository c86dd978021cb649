"""What statements do to names."""

import ast
from collections.abc import Callable, Sequence
from functools import cached_property

from curie.rigor.flow.definitions import Definitions
from curie.rigor.flow.expressions import SELECTS
from curie.rigor.flow.machine import Raised
from curie.rigor.flow.operations import truth
from curie.rigor.flow.patterns import Matched, matched
from curie.rigor.flow.value import (
    Grade,
    Items,
    Scope,
    Thing,
    Value,
    depths,
    origin,
    worked,
)

_ENDS = (ast.Return, ast.Break, ast.Continue)


class Statements(Definitions):
    """The part of the walk that runs statements."""

    def execute(self, body: Sequence[ast.stmt], scope: Scope) -> str:
        """Run statements; how they end: next, return, break, continue or raise."""
        for at, node in enumerate(body):
            self.step()
            end = self._one(node, scope)
            if end != "next":
                return end
            if isinstance(node, ast.If | ast.Match) and _may_leave(node):
                # What follows runs only if the condition did not lead away.
                asked = node.test if isinstance(node, ast.If) else node.subject
                with self.under(depths(self.evaluate(asked, scope)), sure=True):
                    return self.execute(body[at + 1 :], scope)
        return "next"

    @cached_property
    def _deeds(self) -> dict[type[ast.stmt], Callable[..., str | None]]:
        return {
            ast.Expr: self._expression, ast.Assign: self._assigned, ast.AnnAssign: self._annotated,
            ast.AugAssign: self._grown, ast.If: self._if, ast.For: self._for,
            ast.AsyncFor: self._for, ast.While: self._while, ast.Return: self._return,
            ast.FunctionDef: self._define, ast.AsyncFunctionDef: self._define,
            ast.ClassDef: self._class, ast.Import: self._import, ast.ImportFrom: self._import_from,
            ast.Try: self._try, ast.TryStar: self._try, ast.With: self._with,
            ast.AsyncWith: self._with, ast.Raise: self._raise, ast.Match: self._match,
            ast.Global: self._global, ast.Nonlocal: self._nonlocal, ast.Delete: self._delete,
            ast.Assert: self._assert, ast.Break: self._leave, ast.Continue: self._leave,
        }  # fmt: skip

    def _one(self, node: ast.stmt, scope: Scope) -> str:
        how = self._deeds.get(type(node))
        return (how(node, scope) if how else None) or "next"

    def _expression(self, node: ast.Expr, scope: Scope) -> None:
        self.evaluate(node.value, scope)

    def _assigned(self, node: ast.Assign, scope: Scope) -> None:
        value = self.evaluate(node.value, scope)
        if isinstance(node.value, SELECTS) and value.grade is Grade.WORK:
            value = worked(value, self.control_marks)
        for target in node.targets:
            if isinstance(node.value, ast.Constant) and isinstance(target, ast.Name):
                self._note_overwriting(scope.names.get(target.id), value, target)
            self.assign(target, value, scope)

    def _annotated(self, node: ast.AnnAssign, scope: Scope) -> None:
        if node.value is not None:
            self.assign(node.target, self.evaluate(node.value, scope), scope)

    def _grown(self, node: ast.AugAssign, scope: Scope) -> None:
        loaded = _as_load(node.target)
        old, more = self.evaluate(loaded, scope), self.evaluate(node.value, scope)
        plus = isinstance(node.op, ast.Add | ast.Sub)
        if plus and self.looping and not isinstance(old.known, Items | Thing):
            value = self.accumulated(old, more)
        else:
            value = self.counted_up(self.operate(node.op, old, more, node), more)
        self.assign(node.target, value, scope)

    def _if(self, node: ast.If, scope: Scope) -> str:
        test = self.evaluate(node.test, scope)
        known = truth(test)
        condition = depths(test)
        if known is not None:
            with self.under(condition, sure=True):
                return self.execute(node.body if known else node.orelse, scope)
        with self.under(condition, sure=False):
            one, other = self.execute(node.body, scope), self.execute(node.orelse, scope)
        if "next" in (one, other):
            return "next"
        return other if one == "raise" else one

    def _for(self, node: ast.For | ast.AsyncFor, scope: Scope) -> str:
        over = self.evaluate(node.iter, scope)
        few = self.few(over)
        names = [] if few else self.widen(node.body, scope)

        def body(cell: Value) -> str:
            self.assign(node.target, cell, scope)
            return self.execute(node.body, scope)

        end = self.rounds(over, node, body, ["it"])
        self.settle(names, scope)
        return end if end == "return" and few else self._otherwise(node.orelse, scope)

    def _while(self, node: ast.While, scope: Scope) -> str:
        if truth(self.evaluate(node.test, scope)) is False:
            return self.execute(node.orelse, scope)
        names = self.widen(node.body, scope)
        condition = depths(self.evaluate(node.test, scope))
        grade = Grade.SHAPED if condition.grade is Grade.NOISE else condition.grade
        condition = Value(grade=grade, marks=condition.marks | {"looped"})
        self.note("loop", "while", node, self.source, [condition])

        def body() -> str:
            self.evaluate(node.test, scope)
            return self.execute(node.body, scope)

        end = self.repeated(condition, body)
        self.settle(names, scope)
        forever = isinstance(node.test, ast.Constant) and node.test.value
        return "return" if forever and end == "return" else self._otherwise(node.orelse, scope)

    def _otherwise(self, body: list[ast.stmt], scope: Scope) -> str:
        self.instead += 1
        with self.under(Value(), sure=not body):
            end = self.execute(body, scope)
        self.instead -= 1
        return end

    def _leave(self, node: ast.Break | ast.Continue, _scope: Scope) -> str:
        self._may_end(node)
        return "break" if isinstance(node, ast.Break) else "continue"

    def _may_end(self, node: ast.AST) -> None:
        """What the rounds of the loop from here on depend on."""
        if self.ends:
            inner = [c for c in self.control if not c.loop]
            asked = origin([Value(grade=c.grade, marks=c.marks) for c in inner])
            self.note("leave", "", node, self.source, [asked])
            self.ends[-1] += [Value(grade=c.grade, marks=c.marks) for c in self.control]

    def _return(self, node: ast.Return, scope: Scope) -> str:
        value = self.evaluate(node.value, scope) if node.value is not None else Value(None)
        value = self.marked_if_guessed(value)
        if self.frames:
            self.frames[-1].returns.append(self.governed(value))
        self._may_end(node)
        return "return"

    def _raise(self, node: ast.Raise, scope: Scope) -> str:
        if node.exc is not None:
            self.evaluate(node.exc, scope)
        self.note("raise", "", node, self.source)
        if self.sure and not (self.frames and self.frames[-1].returns):
            raise Raised
        return "raise"

    def _try(self, node: ast.Try | ast.TryStar, scope: Scope) -> str:
        end = "next"
        # In a loop, an error that is caught is a question that is asked of the data.
        asked = Value(grade=Grade.WORK if self.looping and node.handlers else Grade.WRITTEN)
        try:
            with self.under(asked, sure=True):
                end = self.execute(node.body, scope)
        except Raised:
            end = "raise"
        with self.under(asked, sure=False):
            ends = [self._handle(h, scope) for h in node.handlers]
        if end == "next":
            end = self.execute(node.orelse, scope)
        elif end == "raise":
            end = "next" if "next" in ends else next(iter(ends), "raise")
        last = self.execute(node.finalbody, scope)
        return last if last != "next" else end

    def _handle(self, node: ast.ExceptHandler, scope: Scope) -> str:
        if node.name:
            scope.names[node.name] = Value(grade=Grade.WORK)
        self.instead += 1
        end = self.execute(node.body, scope)
        self.instead -= 1
        return end

    def _with(self, node: ast.With | ast.AsyncWith, scope: Scope) -> str:
        opened = []
        for item in node.items:
            context = self.evaluate(item.context_expr, scope)
            entered = context
            if isinstance(context.known, Thing):
                entered = self._dunder(context.known, "__enter__", item.context_expr, context)
                opened.append((context.known, item.context_expr))
            if item.optional_vars is not None:
                self.assign(item.optional_vars, entered, scope)
        end = self.execute(node.body, scope)
        for thing, where in reversed(opened):
            self._dunder(thing, "__exit__", where, Value())
        return end

    def _dunder(self, thing: Thing, name: str, node: ast.AST, otherwise: Value) -> Value:
        own = self.method(thing, name)
        return self.call(Value(own), [], {}, node) if own is not None else otherwise

    def _match(self, node: ast.Match, scope: Scope) -> str:
        subject = self.evaluate(node.subject, scope)
        ends: list[str] = []
        for case in node.cases:
            found = matched(self, case.pattern, subject, scope)
            for name, value in found.bound.items():
                self.bind(scope, name, value)
            guard = Value(known=True)
            if case.guard is not None:
                guard = self.evaluate(case.guard, scope)
            answer = _both(found, guard)
            if answer is False:
                continue
            with self.under(origin([subject, guard]), sure=answer is True and not ends):
                ends.append(self.execute(case.body, scope))
            if answer:
                break
        else:
            ends.append("next")
        return ends[0] if len(set(ends)) == 1 else "next"

    def _delete(self, node: ast.Delete, scope: Scope) -> None:
        for target in node.targets:
            if isinstance(target, ast.Subscript):
                self.forget(self.evaluate(target.value, scope))

    def _assert(self, node: ast.Assert, scope: Scope) -> None:
        self.evaluate(node.test, scope)


def _both(found: Matched, guard: Value) -> bool | None:
    known = truth(guard)
    if found.sure is False or known is False:
        return False
    return True if found.sure and known else None


def _as_load(target: ast.expr) -> ast.expr:
    """The same place, to be read."""
    match target:
        case ast.Name(id=name):
            return ast.copy_location(ast.Name(name, ast.Load()), target)
        case _:
            return target


def _may_leave(node: ast.If | ast.Match) -> bool:
    """Whether one way through this leads out of the block, other than by an error."""
    bodies = [node.body, node.orelse] if isinstance(node, ast.If) else [c.body for c in node.cases]
    return any(
        isinstance(inner, _ENDS)
        for body in bodies
        for top in body
        for inner in ast.walk(top)
        if not isinstance(top, ast.FunctionDef | ast.ClassDef | ast.For | ast.While)
    )
