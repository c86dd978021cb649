"""Which loops of a function work out what nobody looks at: strong liveness, backwards."""

import ast
from collections.abc import Sequence


class Liveness:
    """The names that matter before each statement of one function."""

    def __init__(self) -> None:
        self.dead_loops: list[ast.For | ast.While] = []

    def walk(self, body: Sequence[ast.stmt], live: frozenset[str] = frozenset()) -> frozenset[str]:
        """The names that matter before these statements, if `live` matter after them."""
        for node in reversed(body):
            live = self._before(node, live)
        return live

    def _before(self, node: ast.stmt, live: frozenset[str]) -> frozenset[str]:
        match node:
            case ast.Assign(targets=targets, value=value):
                return self._assigned(targets, value, live)
            case ast.For():
                return self._loop(node, live)
            case ast.While():
                return self._loop(node, live)
            case ast.If(test=test, body=body, orelse=orelse):
                return self.walk(body, live) | self.walk(orelse, live) | _loads(test)
            case ast.With(items=items, body=body):
                asked = frozenset[str]().union(*(_loads(i.context_expr) for i in items))
                return self.walk(body, live) | asked
            case _:
                return live | _loads(node)

    def _assigned(
        self, targets: list[ast.expr], value: ast.expr, live: frozenset[str]
    ) -> frozenset[str]:
        names = _names(targets)
        if names is None:
            return live | frozenset[str]().union(_loads(value), *(_loads(t) for t in targets))
        if not names & live:
            return live
        return (live - names) | _loads(value)

    def _loop(self, node: ast.For | ast.While, live: frozenset[str]) -> frozenset[str]:
        asked = _loads(node.iter) if isinstance(node, ast.For) else _loads(node.test)
        after = self.walk(node.orelse, live)
        before = after
        found = len(self.dead_loops)
        while True:
            del self.dead_loops[found:]
            start = self.walk(node.body, before if isinstance(node, ast.For) else before | asked)
            if start <= before:
                break
            before = before | start
        if self._is_dead(node, before):
            self.dead_loops.append(node)
        return before | asked

    def _is_dead(self, node: ast.For | ast.While, live: frozenset[str]) -> bool:
        """Whether all that a loop does is to carry on names that matter to nobody."""
        names: set[str] = set()
        for statement in node.body:
            found = _names(statement.targets) if isinstance(statement, ast.Assign) else None
            if found is None or not isinstance(statement, ast.Assign):
                return False
            names |= found
        works = any(isinstance(n, ast.Call) for n in ast.walk(node))
        return works and not names & live and _carries(node)


def _carries(node: ast.For | ast.While) -> bool:
    """Whether a round goes on from what the round before left."""
    seen: set[str] = set()
    stored = {n for s in node.body if isinstance(s, ast.Assign) for n in _names(s.targets) or ()}
    for statement in node.body:
        if isinstance(statement, ast.Assign):
            if (_loads(statement.value) & stored) - seen:
                return True
            seen |= _names(statement.targets) or frozenset()
    return False


def _names(targets: Sequence[ast.expr]) -> frozenset[str] | None:
    """The names that an assignment binds; None: it changes something else as well."""
    found: set[str] = set()
    for target in targets:
        match target:
            case ast.Name(id=name):
                found.add(name)
            case ast.Tuple(elts=elts) | ast.List(elts=elts):
                inner = _names(elts)
                if inner is None:
                    return None
                found |= inner
            case _:
                return None
    return frozenset(found)


def _loads(node: ast.AST) -> frozenset[str]:
    return frozenset(
        n.id for n in ast.walk(node) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Load)
    )
