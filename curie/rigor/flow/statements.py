"""What statements do to names."""

import ast
from collections.abc import Callable, Sequence

from curie.rigor.flow.expressions import SELECTS, Expressions
from curie.rigor.flow.machine import Raised
from curie.rigor.flow.operations import truth
from curie.rigor.flow.patterns import Matched, matched
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
    origin,
    taken_out,
    worked,
)

UNITS = {"ns": "ns", "us": "us", "ms": "ms", "s": "s", "secs": "s", "seconds": "s"}
"""Endings of names that tell the unit of a time."""
_STAYS = frozenset({"property", "staticmethod", "classmethod", "cached_property", "setter"})
_ENDS = (ast.Return, ast.Break, ast.Continue)


class Statements(Expressions):
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

    def _one(self, node: ast.stmt, scope: Scope) -> str:
        kinds: dict[type[ast.stmt], Callable[..., str | None]] = {
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
        how = kinds.get(type(node))
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

    def bind(self, scope: Scope, name: str, value: Value) -> None:
        """Bind a name; where it may have stayed as it was, it is one of both."""
        unit = UNITS.get(name.rpartition("_")[2]) if "_" in name else None
        if unit and value.grade > Grade.WRITTEN and not isinstance(value.known, Items | Thing):
            value = value.marked({f"~unit:{unit}"})
        value = self.marked_if_guessed(value)
        if name in scope.names and not self._strong(scope):
            value = join(scope.names[name], value)
        scope.names[name] = value

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
            guard = self.evaluate(case.guard, scope) if case.guard is not None else Value(True)
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

    def _delete(self, node: ast.Delete, scope: Scope) -> None:
        for target in node.targets:
            if isinstance(target, ast.Subscript):
                self.forget(self.evaluate(target.value, scope))

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
