"""Does every arm get the same effort? Asked at the setup gate."""

import ast
import math
from collections.abc import Iterator

from curie.domain.plan import Plan
from curie.domain.verdict import Finding
from curie.rigor.evidence import SetupEvidence
from curie.rigor.finding import failed, listed, passed, skipped
from curie.rigor.flow import Event, Flow, Grade, flow
from curie.rigor.flow.marks import factors
from curie.rigor.flow.places import Seen, amounts, chosen_by, differ, places
from curie.rigor.source import SHIPPED, last_name

_SIZES = frozenset(
    {
        "small", "large", "big", "tiny", "huge", "short", "long", "low", "high", "light", "heavy",
        "few", "many", "shallow", "deep", "narrow", "wide", "weak", "strong", "half", "full",
        "single", "double", "medium", "none", "sparse", "dense", "quick", "slow", "fast", "coarse",
        "fine", "minimal", "maximal", "less", "more", "one", "two", "three", "once", "twice",
        "never", "always", "partial", "batch", "batched", "mini", "max", "min", "steady", "burst",
        "on", "off", "serial", "parallel", "multi", "concurrent", "threaded", "pooled", "async",
        "sync", "sequential", "threads", "workers", "shared", "sharded", "blocked", "tiled",
    }
)  # fmt: skip
"""Levels that are amounts, told in words."""
_ORDERS = frozenset({"sorted", "argsort", "argpartition", "most_common", "nlargest", "sort"})
_FEW = 3


def effort_equal(evidence: SetupEvidence) -> Finding:
    """Fail when an arm gets other rounds, inputs or room than another, by the name of its level.

    Where a table or a branch gives one level more repeats, more steps, a longer list or a larger
    cache, the arms differ in more than the factor, and the comparison is of budgets. A factor that
    is itself an amount is fine, and so are more repeats of a timing. Mended by one budget for all.
    """
    setup = evidence.setup
    if setup.written_by == "shipped":
        return skipped(SHIPPED)
    told = flow(evidence.plan, setup)
    wrong = dict.fromkeys(
        [
            *_rounds(told),
            *_slices(told),
            *_bounds(told),
            *_draws(told),
            *_summaries(told),
            *_data(told),
            *_warmed(told),
            *_stops(told),
        ]
    )
    if wrong:
        return failed(f"differs between the arms: {listed(list(wrong))}", remedy="rebuild")
    if not told.understood:
        return skipped("the program could not be followed through every arm")
    return passed("loops, inputs and bounds are the same for all levels")


def _rounds(told: Flow) -> Iterator[str]:
    """Loops that go round more often for one level."""
    for seen in places(told, "loop"):
        numbers = amounts(seen, 0)
        for walk, event in seen:
            if event.values[0].grade in (Grade.NOISE, Grade.SHAPED):
                numbers.setdefault(walk.arm, {math.inf})  # as many as chance will have it
        for factor in chosen_by(seen, 0):
            if (
                _counts(seen)
                and _unlike(told.plan, factor, numbers)
                and not _repeats_a_timing(seen)
            ):
                yield f"rounds of the loop at {seen[0].event.where} by {factor}"


def _counts(seen: tuple[Seen, ...]) -> bool:
    """Whether the loop counts, rather than going through things that the level names."""
    kinds = {getattr(e.values[1].known, "kind", "") for _, e in seen if len(e.values) > 1}
    return kinds <= {"range"}


def _unlike(plan: Plan, factor: str, numbers: dict[str, set[float]], few: int = _FEW) -> bool:
    """Whether the numbers differ by more than what a level can mean."""
    if not differ(numbers) or len(numbers) < 2 or _is_amount(plan, factor):
        return False
    every = [n for found in numbers.values() for n in found]
    return max(every) > few and min(every) != 0


def _is_amount(plan: Plan, factor: str) -> bool:
    levels = [x for v in plan.vary if v.factor == factor for x in v.levels]
    words = [set(str(x).lower().replace("-", "_").split("_")) for x in levels]
    told = any(isinstance(x, str) and any(c.isdigit() for c in x) for x in levels)
    return told or all(isinstance(x, bool) for x in levels) or any(w & _SIZES for w in words)


def _repeats_a_timing(seen: tuple[Seen, ...]) -> bool:
    """Whether a loop only repeats what is timed, as often as short work needs it."""
    nodes = {id(n) for _, e in seen for n in ast.walk(e.node)}
    return any(
        event.kind == "clock" and (id(event.node) in nodes or event.loops > 0)
        for walk, _ in seen
        for event in walk.events
    )


def _slices(told: Flow) -> Iterator[str]:
    """Inputs that are cut shorter for one level."""
    for seen in places(told, "slice"):
        for at in (0, 1):
            for factor in chosen_by(seen, at):
                if _cut(told.plan, factor, seen, at):
                    yield f"the part that is taken at {seen[0].event.where} by {factor}"
        event = seen[0].event
        chosen = {f for f in event.chosen if not _is_amount(told.plan, f)}
        if chosen & {v.factor for v in told.plan.vary} and _shortens(event.node, event.source):
            yield f"the input is cut at {event.where} by {', '.join(sorted(chosen))}"


def _cut(plan: Plan, factor: str, seen: tuple[Seen, ...], at: int) -> bool:
    known = plan.factor(factor)
    if known is not None and known.ordered:
        return False  # a size decides where a list is halved, however deep the recursion goes
    node = seen[0].event.node
    cut = node.value if isinstance(node, ast.Subscript) else None
    if isinstance(cut, ast.Call) and last_name(cut.func) in _ORDERS:
        return False  # the few nearest or largest are what the level is about
    found = {(w.arm, e.values[at].known) for w, e in seen if e.values[at].is_plain}
    arms = {arm for arm, _ in found}
    return len(arms) > 1 and len({n for _, n in found}) > 1 and not _is_amount(plan, factor)


def _shortens(node: ast.AST, source: object) -> bool:
    """Whether a list is replaced by a part of itself, or a part gets a name: `x = x[:500]`."""
    parents = getattr(source, "parents", {})
    above = parents.get(node)
    if not isinstance(above, ast.Assign | ast.IfExp) or not isinstance(node, ast.Subscript):
        return False
    if isinstance(above, ast.IfExp):
        other = above.orelse if above.body is node else above.body
        return ast.dump(other) == ast.dump(node.value)
    same = isinstance(node.value, ast.Name) and any(
        isinstance(t, ast.Name) and t.id == node.value.id for t in above.targets
    )
    upper = node.slice.upper if isinstance(node.slice, ast.Slice) else None
    literal = (
        isinstance(upper, ast.Constant) and isinstance(upper.value, int) and upper.value > _FEW
    )
    return upper is not None and (same or literal)


def _bounds(told: Flow) -> Iterator[str]:
    """Settings that are made smaller or larger by the level of another factor."""
    for seen in places(told, "compare", "op"):
        for at in (0, 1):
            for factor in chosen_by(seen, at):
                others = frozenset[str]().union(
                    *(factors(e.values[at].marks) for _, e in seen if at < len(e.values))
                )
                if others - {factor} and _unlike(told.plan, factor, amounts(seen, at)):
                    changed = ", ".join(sorted(others - {factor}))
                    yield f"{changed} is changed by {factor} before {seen[0].event.where}"


def _data(told: Flow) -> Iterator[str]:
    """Drawn data that are changed where a number of the factor's is large, small or there at all.

    Where the change itself is made with that number, it is what the factor is about.
    """
    for walk in told.walks:
        for event in walk.events:
            for factor in event.chosen if event.kind == "change" and walk.ended else ():
                known = told.plan.factor(factor)
                about = f"factor:{factor}" in event.values[1].marks
                if known is not None and known.ordered and not about and not event.loops > 1:
                    yield f"the data are changed at {event.where} by {factor}"


def _warmed(told: Flow) -> Iterator[str]:
    """The same input gone through beforehand for one level, filling the same things."""
    varied = {v.factor for v in told.plan.vary}
    for walk in told.walks:
        loops = [e for e in walk.events if e.kind == "loop" and len(e.values) > 1 and walk.ended]
        for before in loops:
            if not before.chosen & varied or not isinstance(before.node, ast.For):
                continue
            for after in loops:
                same = before.values[1].known is after.values[1].known is not None
                if same and not after.chosen & varied and _filled(before) & _filled(after):
                    yield f"one level is warmed up at {before.where}"


def _stops(told: Flow) -> Iterator[str]:
    """Loops that end at another bound for one level."""
    for seen in places(told, "compare"):
        event = seen[0].event
        if not event.loops or not _ends_loop(event):
            continue
        for at in (0, 1):
            values = [e.values[at] for _, e in seen]
            written = all(v.grade is Grade.WRITTEN for v in values)
            unlike = len({v.known for v in values if v.is_plain}) + any(
                not v.is_plain for v in values
            )
            for factor in chosen_by(seen, at):
                if written and unlike > 1 and not _is_amount(told.plan, factor):
                    yield f"where the loop ends at {event.where} by {factor}"


def _ends_loop(event: Event) -> bool:
    above = event.source.parents.get(event.node)
    while isinstance(above, ast.BoolOp | ast.UnaryOp):
        above = event.source.parents.get(above)
    return isinstance(above, ast.If) and any(
        isinstance(s, ast.Return | ast.Break) for s in above.body
    )


def _filled(event: Event) -> frozenset[str]:
    """The names of what a loop puts things into."""
    return frozenset(
        ast.dump(n.value)
        for n in ast.walk(event.node)
        if isinstance(n, ast.Subscript) and isinstance(n.ctx, ast.Store)
    )


def _draws(told: Flow) -> Iterator[str]:
    """Inputs of which more are made for one level."""
    for seen in places(told, "draw"):
        names = {e.name for _, e in seen}
        if names & {"sample", "choices", "normal", "integers", "standard_normal"}:
            at = max(len(e.values) for _, e in seen) - 1
            for factor in chosen_by(seen, at):
                if names & {"sample", "choices"} and _unlike(told.plan, factor, amounts(seen, at)):
                    yield f"how much is drawn at {seen[0].event.where} by {factor}"


def _summaries(told: Flow) -> Iterator[str]:
    """Results that are summed up in one way for one level and in another way for the next."""
    for seen in places(told, "best", "gather"):
        best = {w.arm for w, e in seen if e.kind == "best"}
        other = {w.arm for w, e in seen if e.kind == "gather"}
        if best and other and best != other:
            yield f"the summary at {seen[0].event.where}"
    names: dict[int, dict[str, set[str]]] = {}
    where: dict[int, str] = {}
    for walk in told.walks:
        for event in walk.events:
            if event.kind in ("best", "gather"):
                names.setdefault(id(event.node), {}).setdefault(walk.arm, set()).add(event.name)
                where[id(event.node)] = event.where
    for node, by_arm in names.items():
        if len(by_arm) > 1 and len({frozenset(n) for n in by_arm.values()}) > 1:
            yield f"the summary at {where[node]}"
