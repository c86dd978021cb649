"""Where a program looks up what it was told: its settings, and its seed."""

import ast
from collections.abc import Iterator

from curie.rigor.source import Source, last_name

_GETTERS = frozenset({"get", "pop", "getattr", "itemgetter", "attrgetter"})
_CONVERSIONS = frozenset({"int", "float", "str", "bool", "round", "abs"})


def reads(source: Source, name: str) -> tuple[ast.AST, ...]:
    """The places that look up a key, in any of the usual ways; empty if the name is not there.

    A name in a plain list of texts counts, since keys can be looped over, and so does a parameter
    of that name, since settings can be handed over with `**`.
    """
    found: list[ast.AST] = [t for t in source.texts() if t.value == name]
    splat = any(k.arg is None for n in source.nodes if isinstance(n, ast.Call) for k in n.keywords)
    for node in source.nodes:
        match node:
            case ast.Attribute(attr=attr, ctx=ast.Load()) if attr == name:
                found.append(node)
            case ast.arg(arg=arg) if arg == name and splat:
                found.append(node)
            case ast.AnnAssign(target=ast.Name(id=field)) if field == name and splat:
                found.append(node)
            case _:
                continue
    return tuple(found)


def is_used(source: Source, read: ast.AST) -> bool:
    """Whether anything happens with what was looked up: only a sure no is a no.

    It is unused where the look-up is a statement of its own, or its one purpose is a name that
    nobody loads.
    """
    if isinstance(read, ast.arg):
        return read.arg in loaded(source)
    node: ast.AST = read
    parent = source.parents.get(node)
    while parent is not None and _passes_on(parent, node):
        node, parent = parent, source.parents.get(parent)
    match parent:
        case ast.Expr():
            return False
        case ast.Assign(targets=targets):
            names = [t for t in targets if isinstance(t, ast.Name)]
            return len(names) < len(targets) or any(n.id in loaded(source) for n in names)
        case ast.AnnAssign(target=ast.Name(id=name)):
            return name in loaded(source) or isinstance(source.parents.get(parent), ast.ClassDef)
        case _:
            return True


def loaded(source: Source) -> frozenset[str]:
    """The names whose value is used somewhere in the file."""
    return frozenset(_loaded(source))


def _loaded(source: Source) -> Iterator[str]:
    for node in source.nodes:
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load):
            yield node.id


def _passes_on(parent: ast.AST, node: ast.AST) -> bool:
    """Whether a node only hands on the looked-up value: `int(settings.get("n", 5))`."""
    match parent:
        case ast.Subscript(slice=key):
            return key is node or not isinstance(node, ast.Constant)
        case ast.Call(func=func):
            return func is node or last_name(func) in _GETTERS | _CONVERSIONS
        case ast.Attribute(attr=attr):
            return attr in ("get", "pop")
        case _:
            return False
