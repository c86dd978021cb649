"""Is what is timed the work, and nothing but the work? Asked at the setup gate."""

import ast
from collections.abc import Iterator

from curie.domain.plan import Plan
from curie.domain.verdict import Finding
from curie.rigor.evidence import SetupEvidence
from curie.rigor.finding import failed, listed, passed, skipped
from curie.rigor.flow import Event, Flow, Grade, Walk, flow
from curie.rigor.flow.value import Reading
from curie.rigor.source import SHIPPED

_WORK = frozenset({"op", "call", "library", "loop", "gather", "best", "method", "builtin",
                   "compare", "draw", "thread", "slice"})  # fmt: skip
_WAITING = ("sleep", "wait", "delay", "backoff", "poll", "pause", "throttle", "pace", "rate", "lag")


def time_of_work(evidence: SetupEvidence) -> Finding:
    """Fail when a timer runs over nothing, when one arm waits on the clock, or no span is taken.

    A timer that starts after the work, a nap or an idle loop that only one level takes, and a
    number made of a clock's digits all look like speed. Waiting that a thread or the factor itself
    stands for is fine. Mended by timing the work alone, in all arms alike.
    """
    setup = evidence.setup
    if setup.written_by == "shipped":
        return skipped(SHIPPED)
    told = flow(evidence.plan, setup)
    wrong = list(dict.fromkeys([*_empty(told), *_waits(told), *_digits(told)]))
    if wrong:
        return failed(listed(wrong), remedy="rebuild")
    return passed("timers enclose work, and no arm waits on them")


def _empty(told: Flow) -> Iterator[str]:
    """Spans between whose readings nothing happens."""
    reported = {
        m.name
        for m in told.plan.metrics
        for _, value, _ in told.values(m.name)
        if "elapsed" in value.marks
    }
    for walk in told.walks if reported else ():
        for event in walk.events:
            if event.kind == "span" and not event.thread and not _encloses(walk, event):
                yield f"nothing happens between the clocks at {event.where}"


def _encloses(walk: Walk, span: Event) -> bool:
    start, end = span.values[0].known, span.values[1].known
    if not isinstance(start, Reading) or not isinstance(end, Reading) or end.at < start.at:
        return True
    between = walk.events[start.at + 1 : end.at]
    return any(e.kind in _WORK for e in between) or _inlined(start.node, end.node, span)


def _inlined(start: ast.AST, end: ast.AST, span: Event) -> bool:
    """Whether statements stand between the readings that the walk may take for nothing."""
    first, last = getattr(start, "lineno", 0), getattr(end, "lineno", 0)
    return any(
        isinstance(node, ast.With | ast.Await | ast.Yield | ast.Delete | ast.Subscript)
        and first < getattr(node, "lineno", 0) < last
        for node in span.source.nodes
    )


def _waits(told: Flow) -> Iterator[str]:
    """Naps and idle loops that one arm takes and another does not."""
    timed = any(m.noise == "timing" for m in told.plan.metrics)
    walks = [w for w in told.walks if w.ended]
    if not timed or _is_about_waiting(told.plan):
        return
    by_arm = {w.arm: {id(e.node): e for e in w.events if _idles(e)} for w in walks}
    for events in by_arm.values():
        for node, event in events.items():
            if any(node not in other for other in by_arm.values()) or _chosen(event):
                yield f"one arm waits at {event.where}"


def _idles(event: Event) -> bool:
    if event.kind == "sleep":
        return not event.thread
    if event.kind != "loop" or event.name != "while" or not isinstance(event.node, ast.While):
        return False
    if not any("clock" in v.marks for v in event.values):
        return False
    return all(isinstance(s, ast.Pass | ast.Continue) for s in event.node.body)


def _chosen(event: Event) -> bool:
    """Whether a level chooses how long a nap is."""
    return any(
        m.startswith("picked:") for v in event.values for m in v.marks if v.grade < Grade.WORK
    )


def _is_about_waiting(plan: Plan) -> bool:
    words = [v.factor for v in plan.vary] + [str(x) for v in plan.vary for x in v.levels]
    return any(w in word.lower() for word in words for w in _WAITING)


def _digits(told: Flow) -> Iterator[str]:
    """Numbers made of what a clock shows, rather than of the time between two looks at it."""
    for metric in told.plan.metrics:
        for walk, value, event in told.values(metric.name):
            if walk.ended and "clock" in value.marks and "elapsed" not in value.marks:
                yield f"{metric.name} at {event.where} is made of a clock's digits"
