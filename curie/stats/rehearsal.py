"""Power of the claims over many levels: the test itself, rehearsed on normal noise.

Where several tests have to succeed together, a closed form would have to guess how they depend on
each other. So the numbers that the test would see are drawn, from a fixed seed, in the case that
the promise is about: levels one smallest effect apart, arms whose noise is unrelated.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy import special

Array = npt.NDArray[Any]

_DRAWS = 2000
"""Rehearsals: the standard error of a power near 0.8 is then 0.9 points."""

_SEED = 20_260_228


@dataclass(frozen=True)
class Stage:
    """What is rehearsed: sizes are shares of the mean."""

    n: int
    alpha: float
    levels: int
    spread: float
    effect: float
    """The smallest effect that matters: to be seen, or to be ruled out."""


@lru_cache(maxsize=1024)
def rehearsed(kind: str, stage: Stage) -> float:
    """The chance that a claim of this kind comes out as it should.

    best: the best level is named alone. ranking: every level is told from every other. threshold:
    the right level is named. frontier: every level is seen to be on the front. turning: the peak or
    dip is seen. flat: no pair of levels differs by the margin.
    """
    least = 3 if kind == "turning" else 2
    if stage.n < 2 or stage.levels < least:
        return 0.0
    if stage.spread <= 0:
        return 1.0
    return float(_PLAYS[kind](stage).mean())


def _noise(stage: Stage, means: Array, salt: int = 0) -> Array:
    """Draws x n x levels, around these means, with a spread in proportion to a mean of 1."""
    rng = np.random.default_rng(_SEED + salt)
    shape = (_DRAWS, stage.n, stage.levels)
    drawn: Array = means + stage.spread * rng.standard_normal(shape)
    return drawn


def _pairs(levels: int) -> tuple[Array, Array]:
    one, other = np.triu_indices(levels, 1)
    return one, other


def _every(sure: Array) -> Array:
    """Whether a rehearsal went well in every one of its tests."""
    return np.asarray(sure.all(axis=1))


def _t(d: Array) -> Array:
    """Student's t over the second axis."""
    n = d.shape[1]
    error = d.std(axis=1, ddof=1) / np.sqrt(n)
    t: Array = d.mean(axis=1) / np.maximum(error, np.finfo(float).tiny)
    return t


def _lean(x: Array) -> Array:
    """Skewness of the mean over the second axis, as `curie.stats.students` allows for it."""
    n = x.shape[1]
    away = x - x.mean(axis=1, keepdims=True)
    spread = np.sqrt((away**2).sum(axis=1) / (n - 1))
    skewness = (away**3).mean(axis=1) / spread**3 * n**2 / ((n - 1) * (n - 2))
    lean: Array = skewness / np.sqrt(n)
    return lean


def _holm(p: Array) -> Array:
    """Holm's correction along the last axis."""
    m = p.shape[-1]
    order = np.argsort(p, axis=-1)
    stepped = np.take_along_axis(p, order, -1) * (m - np.arange(m))
    floored = np.minimum(1.0, np.maximum.accumulate(stepped, axis=-1))
    adjusted = np.empty_like(p)
    np.put_along_axis(adjusted, order, floored, -1)
    return adjusted


def _all_pairs(x: Array) -> tuple[Array, Array]:
    """T and two-sided corrected p of every pair of levels."""
    one, other = _pairs(x.shape[2])
    t = _t(x[:, :, one] - x[:, :, other])
    p = 2 * special.stdtr(x.shape[1] - 1, -np.abs(t))
    return t, _holm(p)


def _best(stage: Stage) -> Array:
    means = np.full(stage.levels, 1 + stage.effect)
    means[0] = 1.0
    t, p = _all_pairs(_noise(stage, means))
    one, _ = _pairs(stage.levels)
    return _every(((t < 0) & (p <= stage.alpha))[:, one == 0])


def _ranking(stage: Stage) -> Array:
    means = 1 + stage.effect * np.arange(stage.levels)
    t, p = _all_pairs(_noise(stage, means))
    return _every((t < 0) & (p <= stage.alpha))


def _threshold(stage: Stage) -> Array:
    """The middle level is one effect beyond the bound, the one before it as much short of it."""
    k = stage.levels
    steps = np.arange(k) - k // 2
    means = stage.effect * np.where(steps >= 0, steps + 1, steps)
    x = _noise(stage, means)
    t = _t(x)
    lean = _lean(x)
    leant = t + lean * t**2 / 3 + lean**2 * t**3 / 27 + lean / 6
    df = stage.n - 1
    p_meets = np.maximum(special.stdtr(df, -t), special.stdtr(df, -leant))
    p_fails = np.maximum(special.stdtr(df, t), special.stdtr(df, leant))
    sure = np.where(steps >= 0, p_meets, p_fails)[:, : k // 2 + 1]
    return _every(2 * sure <= stage.alpha)


def _frontier(stage: Stage) -> Array:
    """Every step gains one effect in one metric and loses one in the other."""
    rise = 1 + stage.effect * np.arange(stage.levels)
    one, other = _pairs(stage.levels)
    df = stage.n - 1
    worse = []
    for salt, means in ((0, rise), (1, rise[::-1])):
        x = _noise(stage, means, salt)
        t = _t(x[:, :, one] - x[:, :, other])
        worse.append((special.stdtr(df, t), special.stdtr(df, -t)))
    first = np.minimum(worse[0][0], worse[1][0])
    second = np.minimum(worse[0][1], worse[1][1])
    return _every((2 * first <= stage.alpha) & (2 * second <= stage.alpha))


def _turning(stage: Stage) -> Array:
    k = stage.levels
    means = np.ones(k)
    means[k // 2] += stage.effect
    x = _noise(stage, means)
    t, p = _all_pairs(x)
    one, other = _pairs(k)
    top = x.mean(axis=1).argmax(axis=1) == k // 2
    at_ends = [
        int(np.flatnonzero((one == min(end, k // 2)) & (other == max(end, k // 2)))[0])
        for end in (0, k - 1)
    ]
    signs = np.array([-1.0, 1.0])
    return np.asarray(top & _every((signs * t[:, at_ends] > 0) & (p[:, at_ends] <= stage.alpha)))


def _flat(stage: Stage) -> Array:
    one, other = _pairs(stage.levels)
    x = _noise(stage, np.ones(stage.levels))
    d = x[:, :, one] - x[:, :, other]
    over, under = _t(d - stage.effect), _t(d + stage.effect)
    df = stage.n - 1
    p = np.maximum(special.stdtr(df, over), special.stdtr(df, -under))
    return _every(p <= stage.alpha)


_PLAYS: dict[str, Callable[[Stage], Array]] = {
    "best": _best,
    "ranking": _ranking,
    "threshold": _threshold,
    "frontier": _frontier,
    "turning": _turning,
    "flat": _flat,
}
