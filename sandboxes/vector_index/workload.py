"""Seeded clustered vectors: a mixture of Gaussians.

Real embeddings lie in clusters, and how far these overlap decides how hard a search is. Here the
centres are standard normal and the points scatter around them with `cluster_spread`: below about
0.5 the clusters are islands, from 1.5 on they overlap and neighbours come from many of them.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sandboxes.vector_index.settings import VectorsSpec

Floats = NDArray[np.float32]


@dataclass(frozen=True)
class Dataset:
    """Vectors to index and queries from the same mixture, one a row; no query is a vector."""

    vectors: Floats
    queries: Floats


def draw(spec: VectorsSpec, seed: int) -> Dataset:
    """The data set of this seed.

    Centres, vectors and queries have dice of their own, so that a data set with more vectors, more
    queries or a wider spread holds the same points otherwise (common random numbers).
    """
    centre_dice, vector_dice, query_dice = np.random.SeedSequence(seed).spawn(3)
    centres = np.random.default_rng(centre_dice).standard_normal(
        (spec.clusters, spec.dimensions), dtype=np.float32
    )
    return Dataset(
        vectors=_scatter(centres, spec.vectors, spec.cluster_spread, vector_dice),
        queries=_scatter(centres, spec.queries, spec.cluster_spread, query_dice),
    )


def _scatter(centres: Floats, points: int, spread: float, dice: np.random.SeedSequence) -> Floats:
    label_dice, noise_dice = dice.spawn(2)
    # A uniform number per point, not integers(): the stream must not depend on how many are drawn.
    share = np.random.default_rng(label_dice).random(points)
    labels = np.minimum((share * len(centres)).astype(np.int64), len(centres) - 1)
    noise = np.random.default_rng(noise_dice).standard_normal(
        (points, centres.shape[1]), dtype=np.float32
    )
    return centres[labels] + np.float32(spread) * noise
