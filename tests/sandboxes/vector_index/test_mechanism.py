"""What the index does: counts, sizes and the direction of every knob, against closed forms."""

import numpy as np
import pytest

from sandboxes.vector_index import measure, mechanism, workload


def built(trial, **changes):
    asked = trial(**changes)
    data = workload.draw(asked.vectors, 1)
    return asked, data, mechanism.build(asked.index, data.vectors)


@pytest.mark.parametrize("index", ["flat", "pq"])
def test_exhaustive_indexes_compare_every_query_with_every_vector(trial, index):
    asked, data, made = built(trial, index=index, pq_bits=4)
    assert made.comparisons(data.queries, asked.k)[1] == 2000


@pytest.mark.parametrize("index", ["ivf_flat", "ivf_pq"])
def test_an_inverted_file_compares_with_the_centroids_and_the_probed_lists(trial, index):
    asked, data, made = built(trial, index=index, nprobe=3, pq_bits=4)
    centroids = made.index.quantizer.reconstruct_n(0, 16)
    home = np.linalg.norm(data.vectors[:, None] - centroids[None], axis=2).argmin(axis=1)
    lengths = np.bincount(home, minlength=16)
    away = np.linalg.norm(data.queries[:, None] - centroids[None], axis=2)
    visited = lengths[away.argsort(axis=1)[:, :3]].sum(axis=1).mean()
    assert made.comparisons(data.queries, asked.k)[1] == pytest.approx(16 + visited, rel=1e-3)


def test_counts_do_not_carry_over_from_one_search_to_the_next(trial):
    asked, data, made = built(trial)
    first = made.comparisons(data.queries, asked.k)
    made.search(data.queries, asked.k)
    assert made.comparisons(data.queries, asked.k)[1] == first[1]


def test_a_graph_compares_with_at_least_its_beam_and_far_fewer_than_all(trial):
    asked, data, made = built(trial, ef_search=32)
    assert 32 <= made.comparisons(data.queries, asked.k)[1] < 1000


def test_more_search_threads_change_neither_what_is_found_nor_the_work(trial):
    one, two = (measure.run(trial(threads=n), 1) for n in (1, 2))
    assert one.recall == two.recall
    assert one.distance_computations == two.distance_computations


@pytest.mark.parametrize(
    ("index", "factor", "levels"),
    [
        ("hnsw", "ef_search", (10, 20, 40, 80)),
        ("hnsw", "m", (3, 6, 12, 24)),
        ("ivf_flat", "nprobe", (1, 2, 4, 8, 16)),
    ],
)
def test_looking_at_more_costs_more_work_and_finds_more(trial, index, factor, levels):
    found = [measure.run(trial(index=index, **{factor: n}), 1) for n in levels]
    work = [r.distance_computations for r in found]
    recall = [r.recall for r in found]
    assert work == sorted(work)
    assert len(set(work)) == len(work)
    assert recall == sorted(recall)
    assert recall[0] < recall[-1]


def test_probing_every_list_is_exact_search(trial):
    assert measure.run(trial(index="ivf_flat", nprobe=16), 1).recall == 1.0


def test_finer_codes_find_more_and_take_more_room(trial):
    found = [measure.run(trial(index="pq", pq_bits=6, pq_m=m), 1) for m in (2, 4, 8, 16)]
    assert [r.recall for r in found] == sorted(r.recall for r in found)
    assert [r.memory_mib for r in found] == sorted(r.memory_mib for r in found)


def test_a_wider_build_makes_a_better_graph_of_the_same_size(trial):
    narrow, wide = (measure.run(trial(ef_construction=n, ef_search=10), 1) for n in (8, 200))
    assert wide.recall > narrow.recall
    assert wide.memory_mib == narrow.memory_mib


@pytest.mark.parametrize("m", [4, 16, 32])
@pytest.mark.parametrize("dimensions", [16, 64])
def test_a_graph_takes_the_bytes_of_its_vectors_and_links(trial, m, dimensions):
    # Per vector: 4d of coordinates; 2M links on the lowest layer and M on each layer above, of
    # which a vector has 1/(M-1) on average; 4 for its layer and 8 for where its links start.
    _, _, made = built(trial, m=m, dimensions=dimensions)
    links = 2 * m + m / (m - 1)
    expected = 2000 * (4 * dimensions + 4 * links + 12)
    assert made.size_bytes() == pytest.approx(expected, rel=0.02)


def test_an_inverted_file_takes_the_bytes_of_its_vectors_ids_and_centroids(trial):
    _, _, made = built(trial, index="ivf_flat")
    assert made.size_bytes() == pytest.approx(2000 * (4 * 16 + 8) + 16 * 4 * 16, rel=0.01)


@pytest.mark.parametrize(("pq_m", "pq_bits"), [(4, 8), (8, 8), (8, 4)])
def test_a_quantised_index_takes_the_bytes_of_its_codes_and_codebooks(trial, pq_m, pq_bits):
    code, codebooks = pq_m * pq_bits / 8, 2**pq_bits * 16 * 4
    _, _, plain = built(trial, index="pq", pq_m=pq_m, pq_bits=pq_bits)
    assert plain.size_bytes() == pytest.approx(2000 * code + codebooks, rel=0.01, abs=200)
    _, _, listed = built(trial, index="ivf_pq", pq_m=pq_m, pq_bits=pq_bits)
    with_ids = 2000 * (code + 8) + codebooks + 16 * 4 * 16
    assert listed.size_bytes() == pytest.approx(with_ids, rel=0.01, abs=500)
