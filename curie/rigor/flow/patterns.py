"""Whether a value fits the pattern of a `case`."""

import ast
from typing import NamedTuple

from curie.rigor.flow.machine import Machine
from curie.rigor.flow.operations import compared, truth
from curie.rigor.flow.value import Class, Items, Scope, Table, Thing, Value, origin

YES, NO = True, False


class Matched(NamedTuple):
    """Yes, no, or None: not known; and the names that are bound."""

    sure: bool | None
    bound: dict[str, Value]


def matched(machine: Machine, pattern: ast.pattern, subject: Value, scope: Scope) -> Matched:
    """Whether the subject fits."""
    match pattern:
        case ast.MatchMapping() | ast.MatchSequence() | ast.MatchClass():
            return _inside(machine, pattern, subject, scope)
        case ast.MatchValue(value=node):
            return Matched(truth(compared(ast.Eq(), subject, machine.evaluate(node, scope))), {})
        case ast.MatchSingleton(value=value):
            return Matched(subject.known is value if subject.is_plain else None, {})
        case ast.MatchAs(pattern=inner, name=name):
            found = matched(machine, inner, subject, scope) if inner else Matched(YES, {})
            return Matched(found.sure, {**found.bound, **({name: subject} if name else {})})
        case ast.MatchOr(patterns=patterns):
            return _any(machine, patterns, subject, scope)
        case ast.MatchStar(name=name):
            return Matched(YES, {name: subject} if name else {})
        case _:
            return Matched(None, {})


def _inside(
    machine: Machine,
    pattern: ast.MatchMapping | ast.MatchSequence | ast.MatchClass,
    subject: Value,
    scope: Scope,
) -> Matched:
    """Whether what the subject holds fits."""
    match pattern:
        case ast.MatchMapping():
            return _mapping(machine, pattern, subject, scope)
        case ast.MatchSequence(patterns=patterns):
            return _sequence(machine, patterns, subject, scope)
        case _:
            return _class(machine, pattern, subject, scope)


def _any(machine: Machine, patterns: list[ast.pattern], subject: Value, scope: Scope) -> Matched:
    found = [matched(machine, p, subject, scope) for p in patterns]
    bound = {name: value for f in found if f.sure is not False for name, value in f.bound.items()}
    if any(f.sure for f in found):
        return Matched(YES, bound)
    return Matched(NO if all(f.sure is False for f in found) else None, bound)


def _all(found: list[Matched]) -> Matched:
    bound = {name: value for f in found for name, value in f.bound.items()}
    if any(f.sure is False for f in found):
        return Matched(NO, bound)
    return Matched(YES if all(f.sure for f in found) else None, bound)


def _mapping(machine: Machine, pattern: ast.MatchMapping, subject: Value, scope: Scope) -> Matched:
    table = subject.known
    found = []
    for key_node, inner in zip(pattern.keys, pattern.patterns, strict=True):
        key = machine.evaluate(key_node, scope)
        if isinstance(table, Table) and key.is_plain and key.known in table.cells:
            found.append(matched(machine, inner, table.cells[key.known], scope))
        elif isinstance(table, Table) and key.is_plain and table.rest is None:
            found.append(Matched(NO, {}))
        else:
            found.append(matched(machine, inner, origin([subject]), scope)._replace(sure=None))
    rest = {pattern.rest: subject} if pattern.rest else {}
    return _all([*found, Matched(YES, rest)])


def _sequence(
    machine: Machine, patterns: list[ast.pattern], subject: Value, scope: Scope
) -> Matched:
    cells = subject.known.cells if isinstance(subject.known, Items) else None
    if cells is not None and not any(isinstance(p, ast.MatchStar) for p in patterns):
        if len(cells) != len(patterns):
            return Matched(NO, {})
        return _all([matched(machine, p, c, scope) for p, c in zip(patterns, cells, strict=True)])
    found = [matched(machine, p, origin([subject]), scope) for p in patterns]
    return _all([*found, Matched(None, {})])


def _class(machine: Machine, pattern: ast.MatchClass, subject: Value, scope: Scope) -> Matched:
    kind = machine.evaluate(pattern.cls, scope).known
    thing = subject.known
    if not isinstance(kind, Class) or not isinstance(thing, Thing):
        inner = [matched(machine, p, origin([subject]), scope) for p in pattern.patterns]
        return _all([*inner, Matched(None, {})])
    if thing.made_by is not kind:
        return Matched(NO, {})
    fields = zip(pattern.kwd_attrs, pattern.kwd_patterns, strict=True)
    named = [
        matched(machine, p, machine.attribute(subject, name, pattern.cls), scope)
        for name, p in fields
    ]
    positional = [matched(machine, p, origin([subject]), scope) for p in pattern.patterns]
    return _all([*named, *positional])
