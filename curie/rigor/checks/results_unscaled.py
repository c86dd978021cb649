"""Does the factor act through the work alone? Asked at the setup gate."""

import ast
from collections.abc import Iterator

from curie.domain.plan import Plan
from curie.domain.verdict import Finding
from curie.rigor.evidence import SetupEvidence
from curie.rigor.finding import failed, listed, passed, skipped
from curie.rigor.flow import Event, Flow, Grade, Value, flow
from curie.rigor.flow.marks import factors, handled
from curie.rigor.source import SHIPPED


def results_unscaled(evidence: SetupEvidence) -> Finding:
    """Fail when the factor's level only multiplies, shifts or picks a finished number.

    If all arms do the same work and a level adds or scales what came of it, the difference was
    written by the program's author. The same holds for a time that is multiplied by a number of
    the level's own. A price or a power that goes into a simulation is fine, and so is a result per
    unit of the factor. Mended by letting the factor change what is done.
    """
    setup = evidence.setup
    if setup.written_by == "shipped":
        return skipped(SHIPPED)
    told = flow(evidence.plan, setup)
    wrong = list(dict.fromkeys([*_only_arithmetic(told), *_in_one_branch(told)]))
    if wrong:
        return failed(listed(wrong), remedy="rebuild")
    if not told.understood:
        return skipped("the program could not be followed through every arm")
    return passed("no finished number is scaled by the level of a factor")


def _only_arithmetic(told: Flow) -> Iterator[str]:
    names = [v.factor for v in told.plan.vary]
    for metric in told.plan.metrics:
        for walk, value, event in told.values(metric.name):
            if not walk.ended or value.grade is not Grade.WORK:
                continue
            for factor in names:
                how = _how(told.plan, value, factor)
                if how:
                    yield f"{metric.name} at {event.where}: {how} by the level of {factor}"


def _in_one_branch(told: Flow) -> Iterator[str]:
    """A finished number that one level's branch multiplies or shifts by a constant."""
    varied = {v.factor for v in told.plan.vary}
    for walk in told.walks:
        for event in walk.events:
            if (
                event.kind == "op"
                and event.chosen & varied
                and not event.loops
                and any(v.grade is Grade.WORK for v in event.values)
                and _adjusts(event)
            ):
                yield f"a result is adjusted for one level at {event.where}"


def _adjusts(event: Event) -> bool:
    """Whether this is `x if ... else x / 1e3`, or `x = x * 0.9`."""
    node = event.node
    if isinstance(node, ast.AugAssign):
        return isinstance(node.value, ast.Constant) and node.value.value not in (0, 1)
    if not isinstance(node, ast.BinOp) or isinstance(node.op, ast.MatMult):
        return False
    sides = [(node.left, node.right), (node.right, node.left)]
    kept = [ast.dump(a) for a, b in sides if isinstance(b, ast.Constant)]
    above = event.source.parents.get(node)
    if isinstance(above, ast.IfExp):
        other = above.orelse if above.body is node else above.body
        return ast.dump(other) in kept
    if isinstance(above, ast.Assign) and len(above.targets) == 1:
        target = above.targets[0]
        return isinstance(target, ast.Name) and ast.dump(ast.Name(target.id, ast.Load())) in kept
    return False


def _how(plan: Plan, value: Value, factor: str) -> str:
    """How a level touches a finished number, if it does."""
    marks = value.marks
    if "opaque" in marks:
        return ""
    if factor in factors(marks) and f"work:{factor}" not in marks:
        return "the same work, changed afterwards"
    scaled = f"scaled:{factor}" in handled(marks)
    if scaled and "elapsed" in marks:
        return "a time, multiplied"
    return ""
