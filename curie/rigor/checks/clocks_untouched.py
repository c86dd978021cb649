"""Are time and chance what Python says they are? Asked at the setup gate."""

import ast
from collections.abc import Iterator

from curie.domain.verdict import Finding
from curie.rigor.evidence import SetupEvidence
from curie.rigor.finding import failed, listed, passed, skipped
from curie.rigor.source import SHIPPED, Source, last_name, sources

_ROOTS = ("time", "timeit", "datetime", "random", "numpy.random", "secrets", "builtins")


def clocks_untouched(evidence: SetupEvidence) -> Finding:
    """Fail when the program replaces a clock, a generator or a built-in function.

    A patched timer measures what its author likes. Reading a clock is fine, and so is a simulated
    clock of the program's own. Mended by leaving the standard library as it is.
    """
    setup = evidence.setup
    if setup.written_by == "shipped":
        return skipped(SHIPPED)
    wrong = [f"{name} at {s.at(n)}" for s in sources(setup) for n, name in _patched(s)]
    if wrong:
        return failed(f"replaced: {listed(wrong)}", remedy="rebuild")
    return passed("clocks and generators are Python's own")


def _patched(source: Source) -> Iterator[tuple[ast.AST, str]]:
    for node in source.nodes:
        name = _replaced(source, node)
        if _is_guarded(name) or name == "sys.modules":
            yield node, name
    yield from _rebound(source)
    for call, name in source.calls():
        if name == "setattr" and call.args and _is_guarded(source.dotted(call.args[0]) + "."):
            yield call, source.dotted(call.args[0])
        elif last_name(call.func) == "patch" and _names_guarded(call):
            yield call, "patch"


def _replaced(source: Source, node: ast.AST) -> str:
    """The full name of what `a.b = ...` or `a.b[...] = ...` replaces; else an empty text."""
    match node:
        case ast.Attribute(ctx=ast.Store() | ast.Del()):
            return source.dotted(node)
        case ast.Subscript(value=value, ctx=ast.Store() | ast.Del()):
            return source.dotted(value)
        case _:
            return ""


def _rebound(source: Source) -> Iterator[tuple[ast.AST, str]]:
    """Top-level definitions that hide an imported clock or generator."""
    for node in source.tree.body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            names = [node.name]
        elif isinstance(node, ast.Assign):
            names = [t.id for t in node.targets if isinstance(t, ast.Name)]
        else:
            continue
        for name in names:
            if _is_guarded(source.imported.get(name, "") + "."):
                yield node, name


def _is_guarded(name: str) -> bool:
    return any(name.startswith(f"{root}.") for root in _ROOTS)


def _names_guarded(call: ast.Call) -> bool:
    texts = [a.value for a in call.args if isinstance(a, ast.Constant)]
    return any(isinstance(t, str) and _is_guarded(t) for t in texts)
