"""Recall and exact search, against a k-d tree and plain set counting."""

import numpy as np
import pytest
from scipy.spatial import cKDTree

from sandboxes.vector_index import measure, mechanism, workload


def nearest_by_tree(data, k):
    return cKDTree(data.vectors.astype(np.float64)).query(data.queries.astype(np.float64), k=k)


def overlap(truth, found):
    return float(
        np.mean([len(set(t) & set(f)) / len(t) for t, f in zip(truth, found, strict=True)])
    )


@pytest.mark.parametrize("k", [1, 10, 50])
def test_exact_search_finds_the_kth_distance_of_a_k_d_tree(trial, k):
    data = workload.draw(trial().vectors, 1)
    distances, _ = nearest_by_tree(data, k)
    kth = distances.reshape(len(data.queries), k)[:, -1]
    assert measure.kth_distances(data.vectors, data.queries, k) == pytest.approx(kth**2)


def test_exact_search_in_blocks_equals_exact_search_at_once():
    rng = np.random.default_rng(0)
    vectors = rng.standard_normal((measure.BLOCK // 40, 2), dtype=np.float32)
    queries = rng.standard_normal((100, 2), dtype=np.float32)
    blocked = measure.kth_distances(vectors, queries, 3)
    single = np.concatenate([measure.kth_distances(vectors, q[None], 3) for q in queries])
    assert blocked == pytest.approx(single)


@pytest.mark.parametrize("index", ["hnsw", "ivf_flat", "ivf_pq", "pq"])
def test_recall_is_the_share_of_the_true_neighbours_that_were_returned(trial, index):
    asked = trial(index=index, ef_search=16, nprobe=3, pq_bits=5)
    data = workload.draw(asked.vectors, 2)
    found = mechanism.build(asked.index, data.vectors).search(data.queries, asked.k)
    _, truth = nearest_by_tree(data, asked.k)
    readings = measure.run(asked, 2)
    assert 0.05 < readings.recall < 1.0
    assert readings.recall == pytest.approx(overlap(truth, found), abs=1e-3)


@pytest.mark.parametrize("seed", range(5))
def test_a_flat_index_has_a_recall_of_exactly_one(trial, seed):
    assert measure.run(trial(index="flat"), seed).recall == 1.0


def test_a_neighbour_that_was_not_found_counts_as_missed():
    data = workload.Dataset(
        vectors=np.array([[0.0], [1.0], [5.0]], dtype=np.float32),
        queries=np.array([[0.1]], dtype=np.float32),
    )
    reach = measure.kth_distances(data.vectors, data.queries, 2)
    assert measure.recall(data, np.array([[0, 1]]), reach) == 1.0
    assert measure.recall(data, np.array([[0, 2]]), reach) == 0.5
    assert measure.recall(data, np.array([[0, -1]]), reach) == 0.5
    assert measure.recall(data, np.array([[-1, -1]]), reach) == 0.0


def test_a_tie_for_the_last_place_counts_either_way():
    data = workload.Dataset(
        vectors=np.array([[-1.0], [1.0], [9.0]], dtype=np.float32),
        queries=np.array([[0.0]], dtype=np.float32),
    )
    reach = measure.kth_distances(data.vectors, data.queries, 1)
    assert measure.recall(data, np.array([[0]]), reach) == 1.0
    assert measure.recall(data, np.array([[1]]), reach) == 1.0


def test_usable_cpus_are_never_more_than_the_quota_of_the_group(tmp_path):
    quota = tmp_path / "cpu.max"
    free = measure.usable_cpus(tmp_path / "absent")
    quota.write_text("50000 100000\n")
    assert measure.usable_cpus(quota) == 0.5
    quota.write_text("max 100000\n")
    assert measure.usable_cpus(quota) == free >= 1
