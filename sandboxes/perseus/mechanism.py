"""Perseus's algorithm: the frontier of iteration time and energy by repeated minimum cuts.

Every computation starts at its slowest. While the iteration can shrink, the cheapest way to take
one time unit off all critical paths is a minimum cut of the critical graph, where a computation
costs what one unit less adds (capacity) and gives back what one unit more saves (lower bound)
(Perseus, SOSP'24, section 4.3; Phillips and Dessouky, Management Science 24(4), 1977).

Two things make it fast, and neither changes a result. A feasible schedule is carried along, so
that critical means "no slack in this schedule" and no longest path is ever computed again. And the
flow of one step is still feasible in the next, because a computation that was just sped up now
gives back exactly what it cost, so that each step only augments (Fulkerson, Management Science
7(2), 1961). By linear programming duality every point is a cheapest plan for its time on the grid.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array
from scipy.sparse.csgraph import breadth_first_order, maximum_flow

from sandboxes.perseus.curves import Curve
from sandboxes.perseus.pipeline import Pipeline

Ints = NDArray[np.int64]

_UNBOUNDED = 2**30
_LARGEST_FLOW = 2**28
"""scipy's maximum flow counts in 32 bits; prices are scaled so that no cut exceeds this."""


@dataclass(frozen=True)
class Point:
    """A plan on the frontier: the cheapest for its iteration time, in whole time units."""

    makespan: int
    cost_j: float
    """Energy of all computations less the waiting power over their time."""
    durations: tuple[int, ...]

    def energy_j(self, waiting_w: float, unit_s: float) -> float:
        """Energy of the iteration when all stages together draw so much power while waiting."""
        return self.cost_j + waiting_w * unit_s * self.makespan


def frontier(pipeline: Pipeline, curves: Sequence[Curve]) -> Iterator[Point]:
    """The frontier, from the slowest plan to the fastest, one time unit a step.

    `curves[i]` is the cost of `pipeline.ops[i]`. Points are computed as they are asked for: stop
    asking at the deadline. ValueError if there is not one curve for each computation.
    """
    if len(curves) != len(pipeline.ops):
        raise ValueError(f"{len(curves)} curves for {len(pipeline.ops)} computations")
    shortest = int(pipeline.makespan([c.fastest for c in curves]))
    state = _State(pipeline, curves)
    yield state.point()
    while state.makespan > shortest:
        state.shrink()
        yield state.point()


def plans(
    pipeline: Pipeline, curves: Sequence[Curve], deadlines: Sequence[int], *, waiting_j: float
) -> tuple[Point, ...]:
    """Perseus's choice for each deadline, in time units from the latest to the earliest.

    It is the slowest plan that meets the deadline, but none slower than T*, the plan of least
    iteration energy when all stages together use `waiting_j` in one time unit of waiting
    (section 3.3). With 0 there is no T*. The fastest plan answers a deadline that none can meet.
    The frontier is followed to the earliest deadline and no further.
    """
    points = frontier(pipeline, curves)
    here, ahead = next(points), next(points, None)
    chosen = []
    for deadline in deadlines:
        while ahead is not None and (
            here.makespan > deadline or ahead.cost_j - here.cost_j < waiting_j
        ):
            here, ahead = ahead, next(points, None)
        chosen.append(here)
    return tuple(chosen)


class _Arcs:
    """Activity-on-arc form of a pipeline, with every arc's two places in one residual matrix.

    Computation i runs from node 2i to node 2i+1 on arc i; the other arcs are precedences.
    """

    def __init__(self, pipeline: Pipeline) -> None:
        count = len(pipeline.ops)
        self.source, self.sink = 2 * count, 2 * count + 1
        arcs = [(2 * i, 2 * i + 1) for i in range(count)]
        for i, before in enumerate(pipeline.before):
            arcs += [(2 * b + 1, 2 * i) for b in before] or [(self.source, 2 * i)]
        arcs += [(2 * i + 1, self.sink) for i in pipeline.last]
        self.tail, self.head = np.array(arcs, dtype=np.int64).T
        self.nodes = 2 * count + 2
        rows = np.concatenate([self.tail, self.head])
        columns = np.concatenate([self.head, self.tail])
        order = np.lexsort((columns, rows))
        place = np.empty(len(order), dtype=np.int64)
        place[order] = np.arange(len(order))
        self.along, self.against = np.split(place, 2)
        self.columns = columns[order].astype(np.int32)
        starts = np.searchsorted(rows[order], np.arange(self.nodes + 1))
        self.starts = starts.astype(np.int32)

    def push(self, capacities: Ints) -> Ints:
        """A maximum flow from source to sink, at each place of the residual matrix."""
        # Zeros are kept in the matrix: the flow comes back with the same structure.
        graph = csr_array(
            (capacities.astype(np.int32), self.columns, self.starts),
            shape=(self.nodes, self.nodes),
        )
        return np.asarray(maximum_flow(graph, self.source, self.sink).flow.data, dtype=np.int64)

    def reachable(self, capacities: Ints) -> NDArray[np.bool_]:
        """The nodes that the source can still send to."""
        open_ = capacities > 0
        starts = np.concatenate([[0], np.cumsum(open_)])[self.starts].astype(np.int32)
        graph = csr_array(
            (np.ones(starts[-1], dtype=np.int32), self.columns[open_], starts),
            shape=(self.nodes, self.nodes),
        )
        found = np.zeros(self.nodes, dtype=np.bool_)
        found[breadth_first_order(graph, self.source, return_predecessors=False)] = True
        return found


class _State:
    """A plan with a schedule and a flow that prove it cheapest for its makespan."""

    def __init__(self, pipeline: Pipeline, curves: Sequence[Curve]) -> None:
        self._arcs = _Arcs(pipeline)
        distinct = tuple(dict.fromkeys(curves))
        self._fastest = np.array([c.fastest for c in curves])
        self._steps = np.array([c.slowest - c.fastest for c in curves])
        """Time units above the fastest, for each computation; at first all of them."""
        self._most = self._steps.copy()
        self._costs, cost_at = _joined([np.array(c.cost_j) for c in distinct])
        self._prices, price_at = _joined(_scaled_prices(distinct, pipeline.stages))
        self._cost_at = np.array([cost_at[distinct.index(c)] for c in curves])
        self._price_at = np.array([price_at[distinct.index(c)] for c in curves])
        self._flow = np.zeros(len(self._arcs.tail), dtype=np.int64)
        self._time = self._earliest(pipeline)

    @property
    def makespan(self) -> int:
        return int(self._time[self._arcs.sink])

    def point(self) -> Point:
        cost_j = float(self._costs[self._cost_at + self._steps].sum())
        durations = tuple((self._fastest + self._steps).tolist())
        return Point(self.makespan, cost_j, durations)

    def shrink(self) -> None:
        """Take one time unit off the makespan in the cheapest way."""
        arcs, ops = self._arcs, len(self._steps)
        tight = self._tight()
        capacities = self._residual(tight)
        pushed = arcs.push(capacities)
        self._flow += pushed[arcs.along]
        early = arcs.reachable(capacities - pushed)
        from_early, to_early = early[arcs.tail[:ops]], early[arcs.head[:ops]]
        self._steps[from_early & ~to_early & tight[:ops]] -= 1
        self._steps[~from_early & to_early & (self._steps < self._most)] += 1
        self._time[~early] -= 1

    def _tight(self) -> NDArray[np.bool_]:
        """The arcs without slack in the carried schedule."""
        slack = self._time[self._arcs.head] - self._time[self._arcs.tail]
        slack[: len(self._steps)] -= self._fastest + self._steps
        return np.asarray(slack == 0)

    def _residual(self, tight: NDArray[np.bool_]) -> Ints:
        """How much more, or less, flow each arc can take between its bounds."""
        arcs, ops = self._arcs, len(self._steps)
        upper = np.full(len(tight), _UNBOUNDED)
        upper[:ops] = self._prices[self._price_at + self._steps]
        lower = np.zeros(len(tight), dtype=np.int64)
        lower[:ops] = self._prices[self._price_at + self._steps + 1]
        capacities = np.zeros(2 * len(tight), dtype=np.int64)
        capacities[arcs.along] = np.where(tight, upper - self._flow, 0)
        capacities[arcs.against] = self._flow - lower
        return capacities

    def _earliest(self, pipeline: Pipeline) -> Ints:
        ends = pipeline.ends((self._fastest + self._steps).tolist())
        time = np.zeros(self._arcs.nodes, dtype=np.int64)
        time[1 : 2 * len(ends) : 2] = ends
        time[0 : 2 * len(ends) : 2] = time[1 : 2 * len(ends) : 2] - self._fastest - self._steps
        time[self._arcs.sink] = max(ends)
        return time


def _joined(parts: Sequence[NDArray[np.generic]]) -> tuple[NDArray[np.generic], list[int]]:
    """The parts in one array, and where each starts."""
    starts = np.concatenate([[0], np.cumsum([len(p) for p in parts])[:-1]])
    return np.concatenate(parts), starts.tolist()


def _scaled_prices(curves: Sequence[Curve], lanes: int) -> list[Ints]:
    """Whole-number prices by steps above the fastest: unbounded at 0, nothing beyond the slowest.

    No more than `lanes` computations run at a time, so that no minimum cut costs more than that
    many of the steepest.
    """
    steepest = max((p for c in curves for p in c.prices_j), default=0.0)
    scale = _LARGEST_FLOW / (lanes * steepest) if steepest > 0 else 1.0
    return [
        np.array([_UNBOUNDED, *(round(p * scale) for p in c.prices_j), 0], dtype=np.int64)
        for c in curves
    ]
