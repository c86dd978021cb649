"""Is each timed run done afresh? Asked at the setup gate."""

import ast
import re
from collections.abc import Iterator

from curie.domain.plan import Plan
from curie.domain.verdict import Finding
from curie.rigor.evidence import SetupEvidence
from curie.rigor.finding import failed, listed, passed, skipped
from curie.rigor.flow import Flow, flow
from curie.rigor.flow.value import Function, Reading
from curie.rigor.source import SHIPPED, last_name

_ABOUT = re.compile(
    r"cach|memo|remember|lazy|dynamic.?prog|precomput|index|\blru\b|table|hash|reuse|warm|pool",
    re.IGNORECASE,
)
_KEEPERS = frozenset({"lru_cache", "cache", "memoize"})


def nothing_remembered(evidence: SetupEvidence) -> Finding:
    """Fail when what is timed looks its answers up among those of an earlier run.

    The run that is not timed warms machine and interpreter; if it also leaves the answers behind,
    the timed runs measure a dictionary. Where the plan is about remembering, that is the point.
    Mended by keeping nothing between runs.
    """
    setup = evidence.setup
    if setup.written_by == "shipped":
        return skipped(SHIPPED)
    if _is_about(evidence.plan):
        return skipped("the plan is about what is remembered")
    wrong = list(dict.fromkeys(_remembered(flow(evidence.plan, setup))))
    if wrong:
        return failed(f"timed runs look up earlier answers: {listed(wrong)}", remedy="rebuild")
    return passed("timed runs find no answers of earlier ones")


def _is_about(plan: Plan) -> bool:
    told = [plan.question, plan.understood, *(v.factor for v in plan.vary)]
    told += [str(x) for v in plan.vary for x in v.levels]
    return not any(m.noise == "timing" for m in plan.metrics) or any(
        _ABOUT.search(text) for text in told
    )


def _remembered(told: Flow) -> Iterator[str]:
    for walk in told.walks:
        for span in (e for e in walk.events if e.kind == "span"):
            start, end = span.values[0].known, span.values[1].known
            if not isinstance(start, Reading) or not isinstance(end, Reading):
                continue
            for event in walk.events[start.at : end.at]:
                own = event.values[0].known if event.kind == "call" and event.values else None
                if isinstance(own, Function) and _remembers(own.node):
                    yield own.source.at(own.node)


def _remembers(node: ast.AST) -> bool:
    """Whether a function keeps its answers in something that outlives it."""
    if isinstance(node, ast.Lambda) or not isinstance(node, ast.FunctionDef):
        return False
    names = {_decorator(d) for d in node.decorator_list}
    if names & _KEEPERS:
        return True
    local = {
        n.id for n in ast.walk(node) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)
    }
    local |= {a.arg for a in node.args.args if a.arg != "self"}
    asked = {
        ast.dump(n.left)
        for n in ast.walk(node)
        if isinstance(n, ast.Compare) and isinstance(n.ops[0], ast.In | ast.NotIn)
    }
    kept = {
        ast.dump(n.value)
        for n in ast.walk(node)
        if isinstance(n, ast.Subscript)
        and isinstance(n.ctx, ast.Store)
        and ast.dump(n.slice) in asked
        and not (isinstance(n.value, ast.Name) and n.value.id in local)
    }
    given = {
        ast.dump(n.value)
        for r in ast.walk(node)
        if isinstance(r, ast.Return) and r.value is not None
        for n in ast.walk(r.value)
        if isinstance(n, ast.Subscript)
    }
    return bool(kept & given)


def _decorator(node: ast.expr) -> str:
    return last_name(node.func if isinstance(node, ast.Call) else node)
