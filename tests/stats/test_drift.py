"""Whether values that hang together in time are seen, and what a mean of them is worth."""

import numpy as np
import pytest

from curie.domain.claim import Threshold
from curie.stats.drift import drifts, inflation, memory
from curie.stats.samples import Replicate, Sample
from tests.stats.trials import experiment


def sample(values, places, level=1):
    return Sample(
        (), level, "y", tuple(Replicate(i, float(v), (), float(p)) for i, (v, p) in enumerate(
            zip(values, places, strict=True)
        )),
    )  # fmt: skip


def walk(rng, n, rho):
    state, steps = rng.normal(), []
    for _ in range(n):
        state = rho * state + np.sqrt(1 - rho**2) * rng.normal()
        steps.append(state)
    return np.array(steps)


def levels(values, count=4):
    """Values in the order of the run, dealt out to levels that run in turn."""
    return tuple(sample(values[i::count], range(i, len(values), count), i) for i in range(count))


def test_unrelated_values_are_seldom_said_to_hang_together():
    rng = np.random.default_rng(1)
    said = [memory(levels(rng.normal(0, 1, 60))) > 0 for _ in range(400)]
    drifting = [drifts(levels(rng.normal(0, 1, 60))) for _ in range(400)]
    assert np.mean(said) < 0.1
    assert np.mean(drifting) < 0.06


def test_a_slow_walk_is_seen():
    rng = np.random.default_rng(2)
    assert np.mean([memory(levels(walk(rng, 80, 0.9))) > 0.5 for _ in range(50)]) > 0.8
    assert np.mean([drifts(levels(walk(rng, 80, 0.97))) for _ in range(50)]) > 0.8


def test_a_mean_of_neighbours_is_worth_as_much_as_a_simulation_says():
    rng = np.random.default_rng(3)
    places = np.arange(0, 40, 4)
    drawn = np.array([walk(rng, 40, 0.8)[places] for _ in range(4000)])
    naive = np.sqrt(drawn.var(axis=1, ddof=1).mean() / len(places))
    want = drawn.mean(axis=1).std() / naive
    assert inflation(sample(drawn[0], places), 0.8) == pytest.approx(want, rel=0.05)
    assert inflation(sample(drawn[0], places), 0.0) == 1.0


def test_fewer_than_eight_noisy_replicates_are_not_held_against_a_bound():
    values = {1: [1.0, 1.1, 0.9, 1.2, 1.0], 2: [3.0, 3.1, 2.9, 3.0, 3.2]}
    claim = Threshold(metric="y", factor="x", side="at_least", bound=2.0)
    (got,) = experiment(claim, values).analyses()
    assert (got.verdict, got.estimate) == ("inconclusive", None)
    assert "8 are needed" in got.notes[0]
