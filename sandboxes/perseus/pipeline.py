"""A synchronous 1F1B training pipeline as a graph of computations, and how long it takes."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

Direction = Literal["forward", "backward"]
DIRECTIONS: tuple[Direction, ...] = ("forward", "backward")


@dataclass(frozen=True)
class Op:
    """One computation: a stage works on a microbatch, forward or backward."""

    stage: int
    microbatch: int
    direction: Direction


@dataclass(frozen=True)
class Pipeline:
    """The computations of one iteration in an order in which all of them can run.

    `before[i]` names the computations that must have ended when `ops[i]` starts: at most one of
    the same stage and one of a neighbour. All of them stand before `i`.
    """

    stages: int
    microbatches: int
    ops: tuple[Op, ...]
    before: tuple[tuple[int, ...], ...]

    @cached_property
    def last(self) -> tuple[int, ...]:
        """The computations that nothing waits for."""
        awaited = {i for before in self.before for i in before}
        return tuple(i for i in range(len(self.ops)) if i not in awaited)

    def ends(self, durations: Sequence[float]) -> list[float]:
        """When each computation ends if each starts as early as it may; in the durations' unit."""
        ends: list[float] = []
        for before, duration in zip(self.before, durations, strict=True):
            ends.append(max((ends[i] for i in before), default=0) + duration)
        return ends

    def makespan(self, durations: Sequence[float]) -> float:
        """How long the iteration takes: the longest path, in the durations' unit."""
        return max(self.ends(durations))

    def critical_path(self, durations: Sequence[float]) -> tuple[int, ...]:
        """One longest path, from its first computation to its last."""
        ends = self.ends(durations)
        path = [max(self.last, key=ends.__getitem__)]
        while self.before[path[-1]]:
            path.append(max(self.before[path[-1]], key=ends.__getitem__))
        return tuple(reversed(path))


def one_f_one_b(stages: int, microbatches: int) -> Pipeline:
    """The 1F1B pipeline: each stage alternates forward and backward once its successors are fed.

    Stage s runs `stages - 1 - s` forwards ahead (fewer if there are not as many microbatches).
    Raises ValueError for a pipeline without stages or without microbatches.
    """
    if stages < 1 or microbatches < 1:
        raise ValueError(f"a pipeline of {stages} stages and {microbatches} microbatches is empty")
    waiting = [_stage_order(s, stages, microbatches) for s in range(stages)]
    place: dict[Op, int] = {}
    before: list[tuple[int, ...]] = []
    cursor = [0] * stages
    while len(place) < 2 * stages * microbatches:
        for s in range(stages):
            while cursor[s] < len(waiting[s]):
                op = waiting[s][cursor[s]]
                needs = _needs(op, stages)
                if any(n not in place for n in needs):
                    break
                same_stage = waiting[s][cursor[s] - 1 : cursor[s]]
                before.append(tuple(place[n] for n in (*same_stage, *needs)))
                place[op] = len(place)
                cursor[s] += 1
    return Pipeline(stages, microbatches, tuple(place), tuple(before))


def _stage_order(stage: int, stages: int, microbatches: int) -> list[Op]:
    ahead = min(stages - 1 - stage, microbatches)
    order = [Op(stage, m, "forward") for m in range(ahead)]
    for m in range(microbatches):
        if m + ahead < microbatches:
            order.append(Op(stage, m + ahead, "forward"))
        order.append(Op(stage, m, "backward"))
    return order


def _needs(op: Op, stages: int) -> tuple[Op, ...]:
    """What a computation needs from a neighbour: activations or gradients."""
    if op.direction == "forward":
        return (Op(op.stage - 1, op.microbatch, "forward"),) if op.stage > 0 else ()
    if op.stage < stages - 1:
        return (Op(op.stage + 1, op.microbatch, "backward"),)
    return ()
