"""The workbench: it brings no program, and its example obeys the contract."""

import json
import random
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from curie.domain.outcome import Result
from curie.sandbox.manifest import find, load
from sandboxes.workbench.example import ALGORITHMS, insertion_sort, merge_sort

ROOT = Path(__file__).resolve().parents[3]
FLOATS = st.lists(st.floats(allow_nan=False), max_size=60)


def run_example(folder, *, seed=1, **settings):
    shutil.copy(ROOT / "sandboxes" / "workbench" / "example.py", folder / "program.py")
    (folder / "result.json").unlink(missing_ok=True)
    config = {"version": 1, "system": "workbench", "seed": seed, "nonce": "xyz"}
    (folder / "config.json").write_text(json.dumps({**config, "settings": settings}))
    return subprocess.run(
        [sys.executable, "program.py", "."],
        cwd=folder,
        env={"PYTHONPATH": str(ROOT), "PATH": ""},
        capture_output=True,
        text=True,
        timeout=60,
    )


def test_the_workbench_brings_no_program_and_leaves_factors_and_metrics_to_the_plan():
    system = load(find("workbench"))
    assert not system.brings_program
    assert system.factors == ()
    assert system.metrics == ()
    assert {"python", "algorithm", "sorting", "program"} <= set(system.words)


@pytest.mark.parametrize("algorithm", sorted(ALGORITHMS))
def test_the_example_runs_as_a_trial_and_its_counts_repeat(tmp_path, algorithm):
    counts = []
    for _ in range(2):
        done = run_example(tmp_path, seed=4, algorithm=algorithm, size=300)
        assert done.returncode == 0, done.stderr
        told = Result.model_validate_json((tmp_path / "result.json").read_text())
        assert (told.system, told.seed, told.nonce) == ("workbench", 4, "xyz")
        assert told.value("sort_ms") > 0
        counts.append(told.value("comparisons"))
    assert counts[0] == counts[1]
    values = random.Random(4)
    drawn = [values.random() for _ in range(300)]
    assert counts[0] == ALGORITHMS[algorithm](drawn)[1]


@pytest.mark.parametrize("settings", [{"algorithm": "bogo", "size": 5}, {"algorithm": "merge"}])
def test_the_example_fails_on_settings_it_does_not_know(tmp_path, settings):
    assert run_example(tmp_path, **settings).returncode != 0
    assert not (tmp_path / "result.json").exists()


@given(FLOATS)
def test_both_algorithms_sort_and_keep_within_their_bounds(values):
    n = len(values)
    slow, slow_count = insertion_sort(values)
    fast, fast_count = merge_sort(values)
    assert slow == fast == sorted(values)
    assert max(0, n - 1) <= slow_count <= n * (n - 1) // 2
    # Top-down merge sort makes at most n·ceil(log2 n) - 2^ceil(log2 n) + 1 comparisons.
    depth = max(0, n - 1).bit_length()
    assert fast_count <= max(0, n * depth - 2**depth + 1)


@given(st.integers(0, 60))
def test_insertion_sort_needs_one_comparison_a_value_when_sorted_and_all_pairs_when_reversed(n):
    assert insertion_sort([float(i) for i in range(n)])[1] == max(0, n - 1)
    assert insertion_sort([float(-i) for i in range(n)])[1] == n * (n - 1) // 2
