"""The generator of vectors, by its invariants."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sandboxes.vector_index.settings import VectorsSpec
from sandboxes.vector_index.workload import draw

specs = st.builds(
    VectorsSpec,
    vectors=st.integers(2, 300),
    dimensions=st.integers(1, 40),
    queries=st.integers(1, 60),
    clusters=st.integers(1, 30),
    cluster_spread=st.floats(0.05, 10.0),
)
seeds = st.integers(0, 2**63 - 1)


@settings(max_examples=60, deadline=None)
@given(specs, seeds)
def test_a_data_set_has_the_asked_shape_and_is_the_same_for_the_same_seed(spec, seed):
    one, again = draw(spec, seed), draw(spec, seed)
    assert one.vectors.shape == (spec.vectors, spec.dimensions)
    assert one.queries.shape == (spec.queries, spec.dimensions)
    assert one.vectors.dtype == one.queries.dtype == np.float32
    assert np.isfinite(one.vectors).all()
    assert np.array_equal(one.vectors, again.vectors)
    assert np.array_equal(one.queries, again.queries)


@settings(max_examples=60, deadline=None)
@given(specs, seeds, st.integers(0, 200))
def test_a_larger_data_set_of_the_same_seed_starts_with_the_smaller_one(spec, seed, more):
    small = draw(spec, seed)
    larger = VectorsSpec(
        vectors=spec.vectors + more,
        dimensions=spec.dimensions,
        queries=spec.queries + more,
        clusters=spec.clusters,
        cluster_spread=spec.cluster_spread,
    )
    large = draw(larger, seed)
    assert np.array_equal(large.vectors[: spec.vectors], small.vectors)
    assert np.array_equal(large.queries[: spec.queries], small.queries)


@settings(max_examples=40, deadline=None)
@given(seeds)
def test_another_seed_draws_other_vectors_and_no_query_is_a_vector(seed):
    spec = VectorsSpec(50, 8, 20, 5, 1.0)
    one, other = draw(spec, seed), draw(spec, seed + 1)
    assert not np.array_equal(one.vectors, other.vectors)
    assert not {tuple(q) for q in one.queries} & {tuple(v) for v in one.vectors}


@pytest.mark.parametrize("spread", [0.5, 2.0])
def test_the_variance_is_that_of_the_mixture(spread):
    # Law of total variance: 1 between the centres, spread² within a cluster.
    found = draw(VectorsSpec(20_000, 8, 1, 2000, spread), 3).vectors.var(axis=0)
    assert found == pytest.approx(np.full(8, 1 + spread**2), rel=0.05)


def test_a_narrow_spread_makes_as_many_islands_as_clusters():
    vectors = draw(VectorsSpec(400, 16, 1, 6, 0.05), 1).vectors
    apart = np.linalg.norm(vectors[:, None] - vectors[None], axis=2) > 1.0
    islands = {tuple(np.flatnonzero(~row)) for row in apart}
    assert len(islands) == 6
    assert sum(map(len, islands)) == 400
