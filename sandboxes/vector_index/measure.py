"""What a trial measures: recall against exact search, counts, bytes and seconds."""

import os
import statistics
import time
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from sandboxes.vector_index import mechanism, workload
from sandboxes.vector_index.settings import Trial
from sandboxes.vector_index.workload import Floats

MIN_PASSES, MAX_PASSES = 7, 64
"""Timed passes over all queries, after one that is not timed; their median is reported."""

TIMING_S = 0.3
"""Passes go on until this time is over: a window of a few milliseconds would measure whatever
else the machine did just then."""

TIE = 1e-5
"""Distances that differ by less than this share are equally near: single precision, in which
faiss computes, cannot tell them apart reliably."""

BLOCK = 4_000_000
"""Numbers held at once, so that large sets do not need memory for all distances."""


@dataclass(frozen=True)
class Readings:
    """The numbers of one trial."""

    recall: float
    distance_computations: float
    """Per query."""
    latency_ms: float
    """Wall time of a pass over all queries / queries: median over the passes."""
    memory_mib: float
    build_time_s: float
    passes_ms: tuple[float, ...]
    """The passes behind `latency_ms`."""


def run(trial: Trial, seed: int) -> Readings:
    """One trial: draw, search exactly, build, search, score."""
    data = workload.draw(trial.vectors, seed)
    reach = kth_distances(data.vectors, data.queries, trial.k)
    start = time.perf_counter()
    built = mechanism.build(trial.index, data.vectors)
    build_time_s = time.perf_counter() - start
    mechanism.use_threads(trial.threads)
    ids, comparisons = built.comparisons(data.queries, trial.k)
    passes = _passes_ms(built, data.queries, trial.k)
    return Readings(
        recall=recall(data, ids, reach),
        distance_computations=comparisons,
        latency_ms=statistics.median(passes),
        memory_mib=built.size_bytes() / 2**20,
        build_time_s=build_time_s,
        passes_ms=passes,
    )


def recall(data: workload.Dataset, ids: mechanism.Ids, reach: NDArray[np.float64]) -> float:
    """Share of the k nearest that were found, mean over queries (recall@k).

    A vector that was found counts when it is no farther than the true k-th nearest, at `reach`.
    """
    hits = 0
    for block in _blocks(len(ids), data.vectors.shape[1] * ids.shape[1]):
        found = data.vectors[np.maximum(ids[block], 0)].astype(np.float64)
        distances = ((found - data.queries[block, None, :]) ** 2).sum(axis=2)
        near = (ids[block] >= 0) & (distances <= reach[block, None] * (1 + TIE))
        hits += int(near.sum())
    return hits / ids.size


def kth_distances(vectors: Floats, queries: Floats, k: int) -> NDArray[np.float64]:
    """Squared distance from each query to its k-th nearest vector, by looking at all of them.

    |x - y|² = |x|² - 2xy + |y|² in double precision, in blocks of queries.
    """
    base = vectors.astype(np.float64)
    norms = (base**2).sum(axis=1)
    reach = [
        _nearest(base, norms, queries[block].astype(np.float64), k)
        for block in _blocks(len(queries), len(base))
    ]
    return np.concatenate(reach)


def _blocks(rows: int, numbers_per_row: int) -> list[slice]:
    step = max(1, BLOCK // numbers_per_row)
    return [slice(at, at + step) for at in range(0, rows, step)]


def _nearest(
    base: NDArray[np.float64], norms: NDArray[np.float64], block: NDArray[np.float64], k: int
) -> NDArray[np.float64]:
    distances = norms[None, :] - 2.0 * (block @ base.T) + (block**2).sum(axis=1)[:, None]
    kth: NDArray[np.float64] = np.partition(distances, k - 1, axis=1)[:, k - 1]
    return kth


def _passes_ms(built: mechanism.Built, queries: Floats, k: int) -> tuple[float, ...]:
    """Milliseconds per query of each timed pass."""
    marks = [time.perf_counter()]
    while len(marks) <= MIN_PASSES or (
        len(marks) <= MAX_PASSES and marks[-1] - marks[0] < TIMING_S
    ):
        built.search(queries, k)
        marks.append(time.perf_counter())
    return tuple((end - start) * 1e3 / len(queries) for start, end in pairwise(marks))


def usable_cpus(quota: Path = Path("/sys/fs/cgroup/cpu.max")) -> float:
    """CPUs that this process may use: its affinity, or its cgroup's share where that is less."""
    allowed = float(len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else 1)
    try:
        share, period = quota.read_text(encoding="ascii").split()
    except (OSError, ValueError):
        return allowed
    return allowed if share == "max" else min(allowed, int(share) / int(period))
