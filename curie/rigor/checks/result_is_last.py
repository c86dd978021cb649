"""Is the result the last word of the trial? Asked at the setup gate."""

import ast
from collections.abc import Iterator

from curie.domain.verdict import Finding
from curie.rigor.evidence import SetupEvidence
from curie.rigor.finding import failed, listed, passed, skipped
from curie.rigor.flow import Flow, flow
from curie.rigor.source import SHIPPED, Source, last_name, sources

_AT_EXIT = ("atexit.register", "signal.signal", "signal.alarm", "signal.setitimer",
            "weakref.finalize", "sys.settrace", "sys.setprofile", "threading.Timer")  # fmt: skip


def result_is_last(evidence: SetupEvidence) -> Finding:
    """Fail when the result is written early or twice, or anything may touch it afterwards.

    A result that is written before the work owes nothing to it; a thread that nobody waits for, a
    function that runs at exit or on a signal, and a second look at result.json can change it when
    all checks are over. Mended by one `write_result` at the end of the work.
    """
    setup = evidence.setup
    if setup.written_by == "shipped":
        return skipped(SHIPPED)
    files = sources(setup)
    wrong = [*(place for s in files for place in _afterwards(s, files)), *_early(flow_of(evidence))]
    if wrong:
        return failed(listed(list(dict.fromkeys(wrong))), remedy="rebuild")
    return passed("the result is written once, when the work is done")


def flow_of(evidence: SetupEvidence) -> Flow:
    """The walks of this setup."""
    return flow(evidence.plan, evidence.setup)


def _early(told: Flow) -> Iterator[str]:
    for walk in told.walks:
        writes = [i for i, e in enumerate(walk.events) if e.kind == "write"]
        if not walk.ended or not writes:
            continue
        sure = [walk.events[i] for i in writes if walk.events[i].sure]
        if len(sure) > 1:
            yield f"the result is written twice, at {sure[0].where} and {sure[1].where}"
        for event in walk.events[writes[-1] + 1 :]:
            if event.kind in ("draw", "clock") or (event.kind == "call" and event.loops):
                yield f"work goes on after the result, at {event.where}"
                break
        loops = [e for e in walk.events[writes[-1] + 1 :] if e.kind == "loop"]
        if len(loops) > 1:
            yield f"work goes on after the result, at {loops[0].where}"


def _afterwards(source: Source, files: tuple[Source, ...]) -> Iterator[str]:
    joined = any(
        isinstance(n, ast.Attribute) and n.attr == "join" and not _joins_texts(s, n)
        for s in files
        for n in s.nodes
    )
    for call, name in source.calls():
        if name in _AT_EXIT:
            yield f"{name} at {source.at(call)}"
        elif name in ("threading.Thread", "multiprocessing.Process") and not joined:
            yield f"nobody waits for what starts at {source.at(call)}"
    for decorated in (n for n in source.nodes if isinstance(n, ast.FunctionDef)):
        for decorator in decorated.decorator_list:
            if source.dotted(decorator) in _AT_EXIT:
                yield f"{source.dotted(decorator)} at {source.at(decorated)}"
    yield from _second_looks(source)


def _joins_texts(source: Source, node: ast.Attribute) -> bool:
    """Whether a `join` puts texts or paths together, rather than waiting for a thread."""
    call = source.parents.get(node)
    if isinstance(node.value, ast.Constant | ast.JoinedStr) or source.dotted(node):
        return True
    return isinstance(call, ast.Call) and any(
        not isinstance(a, ast.Constant | ast.Name) for a in call.args
    )


def _second_looks(source: Source) -> Iterator[str]:
    """Other uses of result.json in a program that writes it through the contract."""
    through = any(last_name(c.func) == "write_result" for c, _ in source.calls())
    for text in source.texts() if through else ():
        if str(text.value).rsplit("/", 1)[-1] == "result.json" and not _is_said(source, text):
            yield f"result.json is touched at {source.at(text)}"


def _is_said(source: Source, text: ast.AST) -> bool:
    """Whether a text is only printed or raised."""
    above = source.parents.get(text)
    while above is not None and not isinstance(above, ast.stmt):
        if isinstance(above, ast.Call) and last_name(above.func) in ("print", "warn", "info"):
            return True
        above = source.parents.get(above)
    return isinstance(above, ast.Raise)
