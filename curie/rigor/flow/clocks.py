"""Readings of clocks, and the spans between them."""

import ast
from collections.abc import Iterable

from curie.rigor.flow.machine import Event, Machine
from curie.rigor.flow.marks import factors
from curie.rigor.flow.value import Grade, Reading, Value, depths

CLOCKS = {
    "time.perf_counter": 1.0, "time.perf_counter_ns": 1e9, "time.monotonic": 1.0,
    "time.monotonic_ns": 1e9, "time.process_time": 1.0, "time.process_time_ns": 1e9,
    "time.time": 1.0, "time.time_ns": 1e9, "time.thread_time": 1.0, "time.thread_time_ns": 1e9,
    "timeit.default_timer": 1.0,
}  # fmt: skip
"""The clocks of Python, and how many of their units make a second."""


class Clocks(Machine):
    """The part of the walk that tells the time."""

    varied: frozenset[str] = frozenset()

    def read_clock(self, name: str, node: ast.AST) -> Value:
        """What a clock shows at this point."""
        at = len(self.events)
        self.note("clock", name, node, self.source)
        return Value(Reading(at, name, node), Grade.WORK, frozenset({"clock"}))

    def span(self, op: ast.operator, left: Value, right: Value, node: ast.AST) -> Value | None:
        """The time between two readings, if this is what is asked for."""
        if not isinstance(op, ast.Sub):
            return None
        if not (isinstance(left.known, Reading) and isinstance(right.known, Reading)):
            one, other = depths(left), depths(right)
            from_clock = "clock" in one.marks
            if not from_clock or not ("clock" in other.marks or other.grade is Grade.WORK):
                return None
            made = self._passed(self.events, one.marks | other.marks)
            return Value(grade=Grade.WORK, marks=made)
        self.note("span", left.known.clock, node, self.source, [right, left])
        between = self.events[right.known.at : left.known.at]
        unit = "ns" if left.known.clock.endswith("_ns") else "s"
        return Value(grade=Grade.WORK, marks=self._passed(between, {"clock", f"~unit:{unit}"}))

    def _passed(self, events: list[Event], marks: Iterable[str]) -> frozenset[str]:
        """The marks of a time in which all this happened."""
        within = frozenset[str]().union(
            *(e.control for e in events), *(v.marks for e in events for v in e.values)
        )
        acting = factors(within)
        worked = {f"factor:{f}" for f in acting} | {f"work:{f}" for f in acting}
        return frozenset(marks) | {"elapsed"} | worked
