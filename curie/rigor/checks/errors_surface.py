"""Does a failure show? Asked at the setup gate."""

import ast

from curie.domain.verdict import Finding
from curie.rigor.evidence import SetupEvidence
from curie.rigor.finding import failed, listed, passed, skipped
from curie.rigor.source import SHIPPED, Source, last_name, sources

_BROAD = frozenset({"Exception", "BaseException"})
_ENDS = frozenset({"sys.exit", "os.abort", "os._exit", "exit", "quit"})


def errors_surface(evidence: SetupEvidence) -> Finding:
    """Fail when any error is caught and the program goes on, or a result is written after one.

    A swallowed error turns a failed trial into a number. Catching one named error and handling it
    is fine. Mended by letting it end the program: a failed trial is a valid outcome.
    """
    setup = evidence.setup
    if setup.written_by == "shipped":
        return skipped(SHIPPED)
    wrong = [place for s in sources(setup) for place in _swallowed(s)]
    if wrong:
        return failed(listed(wrong), remedy="rebuild")
    return passed("no error is swallowed")


def _swallowed(source: Source) -> list[str]:
    wrong = []
    for node in source.nodes:
        if isinstance(node, ast.ExceptHandler):
            if _broad(node.type) and not _ends(source, node):
                wrong.append(f"any error is caught at {source.at(node)}")
            elif _writes_result(node):
                wrong.append(f"a result is written after an error at {source.at(node)}")
    wrong += [
        f"a result is written whatever happens at {source.at(node)}"
        for node in source.nodes
        if isinstance(node, ast.Try) and any(_writes_result(s) for s in node.finalbody)
    ]
    wrong += [
        f"any error is suppressed at {source.at(call)}"
        for call, name in source.calls()
        if name == "contextlib.suppress" and any(_broad(a) for a in call.args)
    ]
    return wrong


def _broad(kind: ast.expr | None) -> bool:
    if isinstance(kind, ast.Tuple):
        return any(_broad(k) for k in kind.elts)
    return kind is None or last_name(kind) in _BROAD


def _ends(source: Source, handler: ast.ExceptHandler) -> bool:
    """Whether the handler raises, or ends the program."""
    return any(
        isinstance(node, ast.Raise)
        or (
            isinstance(node, ast.Call)
            and (source.dotted(node.func) or last_name(node.func)) in _ENDS
        )
        for node in ast.walk(handler)
    )


def _writes_result(handler: ast.AST) -> bool:
    return any(
        isinstance(node, ast.Call) and last_name(node.func) == "write_result"
        for node in ast.walk(handler)
    )
