"""Families of noise, each with mean 0 and, over the levels, a variance of 1."""

import math
from collections.abc import Callable

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Draw = Callable[[np.random.Generator, int, int], Floats]
"""Given dice, replicates and levels: replicates x levels, in the order of the blocks."""

RATIO = 3.0
"""Largest over smallest standard deviation of the heteroscedastic family."""

MEMORY = 0.97
"""Correlation of one trial's drift with the next one's."""


def normal(rng: np.random.Generator, n: int, levels: int) -> Floats:
    """Gaussian noise."""
    return rng.standard_normal((n, levels))


def heavy_tailed(rng: np.random.Generator, n: int, levels: int) -> Floats:
    """Student's t with 3 degrees of freedom: now and then a value far out."""
    return rng.standard_t(3, (n, levels)) / math.sqrt(3)


def skewed(rng: np.random.Generator, n: int, levels: int) -> Floats:
    """Exponential noise, of skewness 2: like latencies, never far below and often far above."""
    return rng.exponential(1.0, (n, levels)) - 1


def heteroscedastic(rng: np.random.Generator, n: int, levels: int) -> Floats:
    """Gaussian noise that triples from the first level to the last."""
    spread = np.linspace(1.0, RATIO, levels)
    spread /= math.sqrt(float((spread**2).mean()))
    drawn: Floats = rng.standard_normal((n, levels)) * spread
    return drawn


def bounded(rng: np.random.Generator, n: int, levels: int) -> Floats:
    """A share close to its upper end: Beta(9, 1), skewed to the left, with a hard stop."""
    drawn: Floats = (rng.beta(9, 1, (n, levels)) - 0.9) / math.sqrt(9 / 1100)
    return drawn


def drifting(rng: np.random.Generator, n: int, levels: int) -> Floats:
    """Gaussian noise on a machine that drifts, in the order of the trials.

    Half as much variance again hangs together in time, and all slows by one spread from the first
    trial to the last. The drift is not in what is declared of the noise.
    """
    count = n * levels
    steps = rng.standard_normal(count) * math.sqrt(1 - MEMORY**2)
    walk = np.empty(count)
    state = float(rng.standard_normal())
    for place, step in enumerate(steps):
        state = MEMORY * state + float(step)
        walk[place] = state
    trend = np.linspace(-0.5, 0.5, count)
    timed = rng.standard_normal(count) + math.sqrt(0.5) * walk + trend
    return timed.reshape(n, levels)


FAMILIES: dict[str, Draw] = {
    "normal": normal,
    "heavy-tailed": heavy_tailed,
    "skewed": skewed,
    "heteroscedastic": heteroscedastic,
    "integer": normal,
    "bounded": bounded,
    "drift": drifting,
}
"""`integer` is rounded once the mean is added; see `worlds`."""
