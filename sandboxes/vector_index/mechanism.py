"""The index under test: a thin layer over faiss, which does the work.

Distances are squared Euclidean. The build uses one thread, because the order in which several
threads insert into an HNSW graph changes the graph; searching changes nothing.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import faiss
import numpy as np
from numpy.typing import NDArray

from sandboxes.vector_index.settings import IndexKind, IndexSpec
from sandboxes.vector_index.workload import Floats

Ids = NDArray[np.int64]


@dataclass(frozen=True)
class Built:
    """A built index, ready to be searched."""

    kind: IndexKind
    index: Any

    def search(self, queries: Floats, k: int) -> Ids:
        """Row numbers of the k nearest per query, nearest first; -1 where fewer were found."""
        _, ids = self.index.search(queries, k)
        return np.asarray(ids, dtype=np.int64)

    def comparisons(self, queries: Floats, k: int) -> tuple[Ids, float]:
        """A search, and how many vectors it compared each query with, on average.

        HNSW and IVF count for themselves (`hnsw_stats`, `indexIVF_stats`); IVF's count leaves out
        the comparison with every list's centroid, which is added here. PQ and flat compare with
        every vector. A comparison with a compressed code counts like one with a vector.
        """
        hnsw, ivf, pq = _counters()
        for counter in (hnsw, ivf, pq):
            counter.reset()
        ids = self.search(queries, k)
        totals: dict[IndexKind, Callable[[], int]] = {
            "hnsw": lambda: int(hnsw.ndis),
            "ivf_flat": lambda: int(ivf.ndis) + len(queries) * int(self.index.nlist),
            "ivf_pq": lambda: int(ivf.ndis) + len(queries) * int(self.index.nlist),
            "pq": lambda: int(pq.ncode),
            "flat": lambda: len(queries) * int(self.index.ntotal),
        }
        return ids, totals[self.kind]() / len(queries)

    def size_bytes(self) -> int:
        """Bytes of the index as faiss writes it to a file, the vectors or codes in it included."""
        return int(faiss.serialize_index(self.index).nbytes)


def build(spec: IndexSpec, vectors: Floats) -> Built:
    """The index over these vectors: trained on them where it needs training, then filled."""
    faiss.omp_set_num_threads(1)
    index = _empty(spec, vectors.shape[1])
    if not index.is_trained:
        index.train(vectors)
    index.add(vectors)
    return Built(kind=spec.kind, index=index)


def use_threads(threads: int) -> None:
    """From here on a search shares its queries among so many threads."""
    faiss.omp_set_num_threads(threads)


def _empty(spec: IndexSpec, dimensions: int) -> Any:
    index: Any
    match spec.kind:
        case "hnsw":
            index = faiss.IndexHNSWFlat(dimensions, spec.m)
            index.hnsw.efConstruction = spec.ef_construction
            index.hnsw.efSearch = spec.ef_search
        case "ivf_flat":
            index = faiss.IndexIVFFlat(faiss.IndexFlatL2(dimensions), dimensions, spec.nlist)
            index.nprobe = spec.nprobe
        case "ivf_pq":
            coarse = faiss.IndexFlatL2(dimensions)
            index = faiss.IndexIVFPQ(coarse, dimensions, spec.nlist, spec.pq_m, spec.pq_bits)
            index.nprobe = spec.nprobe
        case "pq":
            index = faiss.IndexPQ(dimensions, spec.pq_m, spec.pq_bits)
        case "flat":
            index = faiss.IndexFlatL2(dimensions)
    return index


def _counters() -> tuple[Any, Any, Any]:
    counters: Any = faiss.cvar  # global variables of the library, which its type stubs leave out
    return counters.hnsw_stats, counters.indexIVF_stats, counters.indexPQ_stats
