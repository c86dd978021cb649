"""Values that hang together in time: a slow minute of the machine slows all trials within it.

Between arms this cancels, because each block holds every arm in an order drawn by lot. Against a
fixed bound it does not: there, a mean of n neighbours is worth fewer than n values.
"""

import math

import numpy as np

from curie.stats.samples import Sample

_CLEAR = 1.645
"""Standard errors above 0 from which an autocorrelation is believed (one-sided 5 %)."""

_LARGEST = 0.99

_SURE = 1.96
_LEAST_BLOCKS = 5


def memory(samples: tuple[Sample, ...]) -> float:
    """Autocorrelation from one trial to the next, over all levels; 0 where none is clearly there.

    Of the residuals from the levels' means, in the order in which trials were begun; with the
    first-order correction for the bias of a short series (Kendall 1954).
    """
    points = sorted(
        (r.place, r.value - float(s.values.mean())) for s in samples for r in s.replicates
    )
    values = np.array([v for _, v in points])
    total = float((values**2).sum())
    if len(values) < 2 * len(samples) + 2 or total == 0:
        return 0.0
    # Means were taken out level by level, which costs a level's share of the squares each.
    seen = float((values[1:] * values[:-1]).sum()) / total
    corrected = seen + (1 + 3 * seen) / len(values)
    if corrected < _CLEAR / math.sqrt(len(values)):
        return 0.0
    return min(corrected, _LARGEST)


def drifts(samples: tuple[Sample, ...]) -> bool:
    """Whether the means over all levels, seed by seed, follow each other: a slow drift.

    Unlike `memory` it sees a drift that is small beside the noise of one trial. Seeds may make all
    levels alike in one block; it is from block to block that nothing may be left.
    """
    shared = frozenset.intersection(*(s.seeds for s in samples)) if samples else frozenset()
    kept = [s.at(shared) for s in samples]
    n = len(shared)
    if n < _LEAST_BLOCKS:
        return False
    table = np.array([s.values for s in kept])
    places = np.array([[r.place for r in s.replicates] for s in kept]).mean(axis=0)
    means = table.mean(axis=0)[np.argsort(places)]
    away = means - float(means.mean())
    total = float(away @ away)
    if total == 0:
        return False
    seen = float(away[1:] @ away[:-1]) / total
    return seen + (1 + 3 * seen) / n > _SURE / math.sqrt(n)


def inflation(sample: Sample, rho: float) -> float:
    """How much larger the standard error of a level's mean is than that of unrelated values.

    For a first-order autoregression with correlation `rho` from one place to the next.
    """
    if rho <= 0:
        return 1.0
    places = np.array([r.place for r in sample.replicates], dtype=np.float64)
    related = rho ** np.abs(places[:, None] - places[None, :])
    n = len(places)
    between = (float(related.sum()) - n) / (n * (n - 1))
    # The sample's own spread is too small by the same relation, which has to be made good, too.
    return math.sqrt((1 + (n - 1) * between) / max(1 - between, 1e-2))
