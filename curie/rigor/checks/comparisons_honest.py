"""Do the program's own comparisons compare? Asked at the setup gate."""

import ast
from collections.abc import Iterator

from curie.domain.verdict import Finding
from curie.rigor.evidence import SetupEvidence
from curie.rigor.finding import failed, listed, passed, skipped
from curie.rigor.flow.names import DRAWS
from curie.rigor.source import SHIPPED, Source, last_name, sources

_COMPARES = frozenset({"__eq__", "__ne__", "__lt__", "__le__", "__gt__", "__ge__", "__contains__"})
_ARITHMETIC = frozenset({"__sub__", "__add__", "__mul__", "__truediv__", "__rsub__", "__abs__",
                         "__pow__", "__matmul__", "__float__", "__radd__", "__rmul__"})  # fmt: skip
_BENDS = frozenset({"clip", "min", "max", "minimum", "maximum", "round", "where", "tanh"})
_NOT_DRAWS = frozenset({"f", "bytes", "random"})


def comparisons_honest(evidence: SetupEvidence) -> Finding:
    """Fail when a class says that things are equal, or in order, without comparing them.

    An equality that always says yes, or rolls dice, makes every check of the work's own result
    pass; one that counts some of its calls twice or not at all spoils a count. Counting each call
    once is fine. Mended by comparing.
    """
    setup = evidence.setup
    if setup.written_by == "shipped":
        return skipped(SHIPPED)
    wrong = [place for s in sources(setup) for place in _lies(s)]
    if wrong:
        return failed(listed(wrong), remedy="rebuild")
    return passed("the program's own comparisons compare")


def _lies(source: Source) -> Iterator[str]:
    for kind in (n for n in source.nodes if isinstance(n, ast.ClassDef)):
        for method in (n for n in kind.body if isinstance(n, ast.FunctionDef)):
            if method.name in _ARITHMETIC and kind.bases and _bends(method):
                yield f"{kind.name}.{method.name} at {source.at(method)} bends what it computes"
            if method.name not in _COMPARES:
                continue
            where = f"{kind.name}.{method.name} at {source.at(method)}"
            if _draws(method):
                yield f"{where} rolls dice"
            elif _constant(method):
                yield f"{where} does not compare"
            elif _counts_unevenly(method):
                yield f"{where} does not count each call once"


def _draws(method: ast.FunctionDef) -> bool:
    return any(
        isinstance(n, ast.Call)
        and isinstance(n.func, ast.Attribute)
        and last_name(n.func) in (DRAWS - _NOT_DRAWS) | {"random"}
        for n in ast.walk(method)
    )


def _bends(method: ast.FunctionDef) -> bool:
    """Whether an operation does more to a number than its name says."""
    return any(isinstance(n, ast.Call) and last_name(n.func) in _BENDS for n in ast.walk(method))


def _constant(method: ast.FunctionDef) -> bool:
    """Whether every answer is the same truth value."""
    answers = [n.value for n in ast.walk(method) if isinstance(n, ast.Return)]
    kept = [a for a in answers if a is not None and last_name(a) != "NotImplemented"]
    truths = [a.value for a in kept if isinstance(a, ast.Constant) and isinstance(a.value, bool)]
    return bool(kept) and len(truths) == len(kept) and len(set(truths)) == 1


def _counts_unevenly(method: ast.FunctionDef) -> bool:
    """Whether a counter grows by something else than a constant, or only now and then."""
    return any(
        isinstance(n, ast.AugAssign)
        and isinstance(n.target, ast.Attribute | ast.Subscript)
        and not isinstance(n.value, ast.Constant)
        for n in ast.walk(method)
    )
