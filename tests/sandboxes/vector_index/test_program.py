"""The trial contract, through real processes."""

import pytest

from curie.domain.outcome import Result

SEEDED = ("recall", "distance_computations", "memory_mib")


def values(result):
    return {m["name"]: m["value"] for m in result["metrics"]}


def test_a_trial_reports_every_metric_of_the_manifest_in_its_unit_and_range(run, result, system):
    assert run().returncode == 0
    told = Result.model_validate(result())
    assert told.nonce == "abc"
    assert {m.name: m.unit for m in told.metrics} == {m.name: m.unit for m in system.metrics}
    for metric in system.metrics:
        value = told.value(metric.name)
        assert metric.low is None or value >= metric.low
        assert metric.high is None or value <= metric.high
    assert told.warnings == ()


def test_latency_is_the_median_of_its_passes_and_throughput_its_reciprocal(run, result):
    assert run().returncode == 0
    passes = sorted(result()["series"][0]["values"])
    middle = (passes[(len(passes) - 1) // 2] + passes[len(passes) // 2]) / 2
    assert len(passes) >= 7
    assert values(result())["latency_ms"] == pytest.approx(middle)
    assert values(result())["queries_per_s"] == pytest.approx(1e3 / middle)


@pytest.mark.parametrize("index", ["hnsw", "ivf_flat", "ivf_pq"])
def test_the_same_seed_gives_the_same_recall_counts_and_bytes_in_two_processes(run, result, index):
    found = []
    for _ in range(2):
        assert run(seed=5, index=index, pq_bits=4).returncode == 0
        found.append({name: values(result())[name] for name in SEEDED})
    assert found[0] == found[1]


def test_another_seed_moves_recall_and_counts_but_not_memory(run, result):
    found = []
    for seed in (5, 6):
        assert run(seed=seed, ef_search=16).returncode == 0
        found.append(values(result()))
    assert found[0]["recall"] != found[1]["recall"]
    assert found[0]["distance_computations"] != found[1]["distance_computations"]
    assert found[0]["memory_mib"] == found[1]["memory_mib"]


@pytest.mark.parametrize(
    ("changes", "complaint"),
    [
        ({"efsearch": 64}, "unknown settings: efsearch"),
        ({"index": "annoy"}, "give one of flat, hnsw"),
        ({"ef_search": 4}, "ef_search is 4; give 8 to 512"),
        ({"ef_search": 64.0}, "give a whole number"),
        ({"threads": True}, "give a whole number"),
        ({"cluster_spread": "wide"}, "cluster_spread is 'wide'"),
        ({"index": "pq", "pq_m": 5}, "pq_m 5 does not divide dimensions 16"),
        ({"index": "ivf_flat", "nlist": 3000}, "nlist 3000 is more than the 2000 vectors"),
    ],
)
def test_settings_that_cannot_be_run_are_refused_and_leave_no_result(
    run, tmp_path, changes, complaint
):
    done = run(**changes)
    assert done.returncode == 2
    assert complaint in done.stderr
    assert "Traceback" not in done.stderr
    assert not (tmp_path / "result.json").exists()


def test_the_program_confesses_what_limits_its_numbers(run, result):
    assert run(index="ivf_pq", nlist=100, nprobe=200).returncode == 0
    warnings = " ".join(result()["warnings"])
    assert "nprobe 200 is above nlist" in warnings
    assert "100 inverted lists were trained on 2000 vectors" in warnings
    assert "256 codewords were trained on 2000 vectors" in warnings
