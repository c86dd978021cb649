"""Do the results come from the work? Asked at the setup gate."""

import ast
from collections import defaultdict
from collections.abc import Iterator

from curie.domain.plan import Plan
from curie.domain.verdict import Finding
from curie.rigor.evidence import SetupEvidence
from curie.rigor.finding import failed, listed, passed, skipped, warned
from curie.rigor.flow import Flow, Grade, Value, flow
from curie.rigor.flow.marks import LOOPED
from curie.rigor.literals import Literals
from curie.rigor.source import SHIPPED, Source, last_name, sources

_WRITERS = frozenset({"write_result", "dump", "dumps"})
_PARTS = frozenset(
    {"bit", "bits", "byte", "bytes", "B", "words", "fields", "layers", "levels", "tables", "passes"}
)
_MOST_PARTS = 64
_READERS = frozenset({"get", "pop", "setdefault", "getattr", "print", "format", "itemgetter"})


def results_computed(evidence: SetupEvidence) -> Finding:
    """Fail when a metric's value is written down in the program instead of computed.

    A constant, a table of constants and a constant with noise on top all look like measurements,
    and nothing that is said of them is about the system. Constants that go *into* a computation
    are fine. Mended by reporting what the program computed.
    """
    setup = evidence.setup
    if setup.written_by == "shipped":
        return skipped(SHIPPED)
    told = flow(evidence.plan, setup)
    wrong, designed = _followed(told)
    if not told.understood and not wrong:
        wrong = [place for s in sources(setup) for place in _written(s, evidence.plan)]
    if wrong:
        return failed(f"written, not computed: {listed(wrong)}", remedy="rebuild")
    if designed:
        return warned(f"a property of the level as it was designed: {listed(designed)}")
    return passed("no metric's value is written in the program")


def _followed(told: Flow) -> tuple[list[str], list[str]]:
    """Metrics behind which there is nothing but constants, settings and a few bare draws.

    Apart from them, those that tell how a level is built: eight bits, three layers.
    """
    wrong: dict[str, str] = {}
    worked = {m for w in told.walks for m, vs in w.reported.items() for v in vs if _is_work(v[0])}
    for metric in told.plan.metrics:
        values = [(w, v, e) for w, v, e in told.values(metric.name) if w.ended]
        for _, value, event in values:
            if _is_written(value, [v for _, v, _ in values]):
                how = "nothing but" if value.grade is Grade.WRITTEN else "bare draws over"
                wrong[metric.name] = f"{metric.name} at {event.where}: {how} constants and settings"
    designed = [
        name
        for name in wrong
        if worked - {name} and all(_is_design(told, name, v) for _, v, _ in told.values(name))
    ]
    return [text for name, text in wrong.items() if name not in designed], designed


def _is_work(value: Value) -> bool:
    return value.grade is Grade.WORK


def _is_design(told: Flow, name: str, value: Value) -> bool:
    """Whether a value is a small whole number of parts, which a level is known to have."""
    metric = told.plan.metric(name)
    return (
        metric is not None
        and metric.noise == "deterministic"
        and metric.unit.split("/")[0] in _PARTS
        and value.is_plain
        and isinstance(value.known, int)
        and 0 <= value.known <= _MOST_PARTS
    )


def _is_written(value: Value, all_arms: list[Value]) -> bool:
    """Whether no work stands behind a value.

    A plain 0 or 1 may be what is left of a counter in an arm that has nothing to count.
    """
    if value.grade is Grade.WORK:
        return False
    if value.grade is not Grade.WRITTEN:
        return True
    if any(m == "listed-seed" or m.startswith("file:") for m in value.marks):
        return True
    if LOOPED in value.marks:
        return False
    idle = value.known in (0, 1) and any(v.grade is Grade.WORK for v in all_arms)
    return not idle


def _written(source: Source, plan: Plan) -> list[str]:
    literals = Literals(source)
    names = {m.name for m in plan.metrics}
    reported: dict[str, list[tuple[ast.expr, bool]]] = defaultdict(list)
    for node in source.nodes:
        for metric, value in _reported(node, names):
            for one in _alternatives(value):
                if _is_result(one, written_here=_in_writer(source, one)):
                    reported[metric].append((one, literals.written(one)))
    wrong = []
    for metric, found in reported.items():
        in_writer = [v for v, w in found if w and _in_writer(source, v)]
        if in_writer or all(w for _, w in found):
            wrong.append(f"{metric} at {source.at((in_writer or [found[0][0]])[0])}")
    return wrong


def _alternatives(value: ast.expr) -> list[ast.expr]:
    """The number of a (value, unit) pair, or the value itself."""
    if isinstance(value, ast.Tuple | ast.List) and value.elts:
        return [value.elts[0]]
    return [value]


def _is_result(value: ast.expr, *, written_here: bool) -> bool:
    """Not a text, and not a zero from which something may count up before it is written."""
    if not isinstance(value, ast.Constant):
        return True
    return not isinstance(value.value, str) and (written_here or value.value != 0)


def _reported(node: ast.AST, metrics: set[str]) -> Iterator[tuple[str, ast.expr]]:
    """(metric, value) where a node gives a value to a metric by name."""
    match node:
        case ast.Dict():
            yield from _from_dict(node, metrics)
        case ast.Tuple(elts=[first, value, *_]) | ast.List(elts=[first, value, *_]):
            yield from _named(first, value, metrics)
        case ast.Call() if last_name(node.func) not in _READERS:
            yield from _from_call(node, metrics)
        case ast.Assign(targets=[ast.Subscript(slice=key)], value=value):
            yield from _named(key, value, metrics)
        case _:
            return


def _from_dict(node: ast.Dict, metrics: set[str]) -> Iterator[tuple[str, ast.expr]]:
    fields = {
        k.value: v
        for k, v in zip(node.keys, node.values, strict=True)
        if isinstance(k, ast.Constant)
    }
    if "name" in fields and "value" in fields:
        yield from _named(fields["name"], fields["value"], metrics)
    for key, value in fields.items():
        if key in metrics:
            yield str(key), value


def _from_call(node: ast.Call, metrics: set[str]) -> Iterator[tuple[str, ast.expr]]:
    keywords = {k.arg: k.value for k in node.keywords if k.arg}
    if "name" in keywords and "value" in keywords:
        yield from _named(keywords["name"], keywords["value"], metrics)
    if node.args:
        value = node.args[1] if len(node.args) > 1 else keywords.get("value")
        if value is not None:
            yield from _named(node.args[0], value, metrics)
    for key, value in keywords.items():
        if key in metrics:
            yield key, value


def _named(key: ast.expr, value: ast.expr, metrics: set[str]) -> Iterator[tuple[str, ast.expr]]:
    if isinstance(key, ast.Constant) and key.value in metrics:
        yield str(key.value), value


def _in_writer(source: Source, node: ast.AST) -> bool:
    """Whether a value stands inside the call that writes the result."""
    above: ast.AST | None = node
    while above is not None and not isinstance(above, ast.stmt):
        if isinstance(above, ast.Call) and last_name(above.func) in _WRITERS:
            return True
        above = source.parents.get(above)
    return False
