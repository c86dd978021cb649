"""What a trial is given, checked before anything is built."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, get_args

IndexKind = Literal["hnsw", "ivf_flat", "ivf_pq", "pq", "flat"]

KINDS: tuple[IndexKind, ...] = get_args(IndexKind)

RANGES: dict[str, tuple[int, int]] = {
    "ef_search": (8, 512),
    "ef_construction": (8, 512),
    "m": (2, 64),
    "nlist": (1, 4096),
    "nprobe": (1, 4096),
    "pq_m": (1, 64),
    "pq_bits": (4, 8),
    "k": (1, 100),
    "threads": (1, 16),
    "vectors": (1000, 200_000),
    "dimensions": (4, 256),
    "queries": (50, 5000),
    "clusters": (1, 4096),
}
"""The whole numbers of a trial, each with its allowed range."""

SPREAD_RANGE = (0.05, 10.0)
"""The allowed range of `cluster_spread`."""

NAMES = frozenset({"index", "cluster_spread", *RANGES})


class BadSettings(ValueError):
    """The trial cannot be run with these settings; the message says which and why."""


@dataclass(frozen=True)
class VectorsSpec:
    """What the vectors are drawn from."""

    vectors: int
    dimensions: int
    queries: int
    clusters: int
    cluster_spread: float
    """Standard deviation within a cluster, per dimension; that of the cluster centres is 1."""


@dataclass(frozen=True)
class IndexSpec:
    """What the index is made of, and how hard it looks. Kinds ignore what they have no use for."""

    kind: IndexKind
    m: int
    ef_construction: int
    ef_search: int
    nlist: int
    nprobe: int
    pq_m: int
    pq_bits: int


@dataclass(frozen=True)
class Trial:
    """All settings of one trial."""

    vectors: VectorsSpec
    index: IndexSpec
    k: int
    threads: int


def read_settings(settings: Mapping[str, object]) -> Trial:
    """The trial that these settings describe. Every setting must be there, and no other.

    Raises BadSettings for unknown or missing names, wrong types, values out of range, and
    combinations that no index can be built from.
    """
    _check_names(settings)
    whole = {name: _whole(settings, name) for name in RANGES}
    trial = Trial(
        vectors=VectorsSpec(
            vectors=whole["vectors"],
            dimensions=whole["dimensions"],
            queries=whole["queries"],
            clusters=whole["clusters"],
            cluster_spread=_spread(settings["cluster_spread"]),
        ),
        index=IndexSpec(
            kind=_kind(settings["index"]),
            m=whole["m"],
            ef_construction=whole["ef_construction"],
            ef_search=whole["ef_search"],
            nlist=whole["nlist"],
            nprobe=whole["nprobe"],
            pq_m=whole["pq_m"],
            pq_bits=whole["pq_bits"],
        ),
        k=whole["k"],
        threads=whole["threads"],
    )
    _check_together(trial)
    return trial


def limits(trial: Trial, *, cpus: float) -> list[str]:
    """What the program itself sees that limits this trial's numbers, in sentences for people."""
    spec, found = trial.index, []
    if spec.kind == "hnsw" and spec.ef_search < trial.k:
        found.append(f"ef_search {spec.ef_search} is below k and acts as k = {trial.k}")
    if spec.kind in ("ivf_flat", "ivf_pq"):
        if spec.nprobe > spec.nlist:
            found.append(f"nprobe {spec.nprobe} is above nlist and acts as nlist = {spec.nlist}")
        found += _thin_training("inverted lists", spec.nlist, trial.vectors.vectors)
    if spec.kind in ("ivf_pq", "pq"):
        found += _thin_training("codewords", 2**spec.pq_bits, trial.vectors.vectors)
    if trial.threads > cpus:
        found.append(
            f"{trial.threads} search threads share {cpus:g} CPUs: latency is that of a crowded CPU"
        )
    return found


TRAINING_POINTS = 39
"""Training points per centroid below which faiss warns (`ClusteringParameters`)."""


def _thin_training(what: str, centroids: int, points: int) -> list[str]:
    if points >= TRAINING_POINTS * centroids:
        return []
    return [
        f"{centroids} {what} were trained on {points} vectors, "
        f"fewer than the {TRAINING_POINTS} each that faiss advises"
    ]


def _check_names(settings: Mapping[str, object]) -> None:
    unknown = sorted(set(settings) - NAMES)
    if unknown:
        raise BadSettings(f"unknown settings: {', '.join(unknown)}; known: {_listed(NAMES)}")
    missing = sorted(NAMES - set(settings))
    if missing:
        raise BadSettings(f"settings missing: {', '.join(missing)}; give each a level")


def _whole(settings: Mapping[str, object], name: str) -> int:
    value, (low, high) = settings[name], RANGES[name]
    if isinstance(value, bool) or not isinstance(value, int):
        raise BadSettings(f"{name} is {value!r}; give a whole number")
    if not low <= value <= high:
        raise BadSettings(f"{name} is {value}; give {low} to {high}")
    return value


def _spread(value: object) -> float:
    low, high = SPREAD_RANGE
    if isinstance(value, bool) or not isinstance(value, int | float) or not low <= value <= high:
        raise BadSettings(f"cluster_spread is {value!r}; give a number from {low} to {high}")
    return float(value)


def _kind(value: object) -> IndexKind:
    if value not in KINDS:
        raise BadSettings(f"index is {value!r}; give one of {_listed(KINDS)}")
    return value


def _check_together(trial: Trial) -> None:
    data, spec = trial.vectors, trial.index
    if spec.kind in ("ivf_pq", "pq"):
        if data.dimensions % spec.pq_m:
            raise BadSettings(
                f"pq_m {spec.pq_m} does not divide dimensions {data.dimensions}; "
                "each sub-vector needs as many dimensions"
            )
        # faiss refuses to train more centroids than it has points.
        if 2**spec.pq_bits > data.vectors:
            raise BadSettings(f"pq_bits {spec.pq_bits} needs at least {2**spec.pq_bits} vectors")
    if spec.kind in ("ivf_flat", "ivf_pq") and spec.nlist > data.vectors:
        raise BadSettings(f"nlist {spec.nlist} is more than the {data.vectors} vectors")


def _listed(names: frozenset[str] | tuple[str, ...]) -> str:
    return ", ".join(sorted(names))
