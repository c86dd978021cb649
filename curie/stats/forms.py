"""Least-squares fits of the six forms of a Law to the means at the levels.

Every form is linear but for at most one parameter. So that one is searched over, on a grid that
closes in, and the rest is solved for in closed form: no starting values to get wrong.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import assert_never, get_args

import numpy as np

from curie.domain.claim import Form
from curie.stats.intervals import Floats

FORMS: tuple[Form, ...] = get_args(Form)

FORMULAS: dict[Form, str] = {
    "linear": "y = a + b x",
    "log": "y = a + b ln x",
    "linearithmic": "y = a + b x ln x",
    "power": "y = a x^b",
    "saturating": "y = a - b exp(-x/c)",
    "exponential": "y = a exp(b x)",
}

PARAMETERS: dict[Form, int] = {
    "linear": 2,
    "log": 2,
    "linearithmic": 2,
    "power": 2,
    "saturating": 3,
    "exponential": 2,
}

_STEPS = 60
_CLOSER = 7
"""Rounds in which the grid closes in, by a factor of 10 each after the first."""

_GRID = np.linspace(0.0, 1.0, 21)

_PERFECT = 1e-6
"""Residuals below this share of the values' spread count as none: all such fits are as good."""

_LARGEST_POWER = 10.0
_LARGEST_GROWTH = math.log(1e6)
"""An exponential grows at most a millionfold over the span of x."""


@dataclass(frozen=True)
class Fit:
    """One form, fitted to the means at the levels."""

    form: Form | None
    """None: the metric does not depend on the factor, y = a."""
    b: float
    curve: Floats
    """Its values at the levels."""
    hat: Floats
    """How the curve answers to the means: d curve / d means, levels x levels."""
    pull: Floats
    """How b answers to the means, by level."""
    aicc: float
    """For values without noise, one a level; infinite for too few levels."""
    r2: float


@dataclass(frozen=True)
class _Shape:
    """A form as columns that are weighed linearly, given at most one searched parameter."""

    columns: Callable[[float], Floats]
    """Levels x weights."""
    trials: Floats
    """Where the searched parameter is looked for; a single 0 if there is none."""
    family: Callable[[Floats], Floats] | None = None
    """The last column for many trial parameters at once: trials x levels."""
    slope: Callable[[float, Floats], Floats] | None = None
    """Derivative of the curve by the searched parameter, given it and the weights."""
    b_of: Callable[[float, Floats], tuple[float, Floats]] | None = None
    """Parameter b and its derivatives by weights and searched parameter; None: the last weight."""
    centred: bool = False
    """Whether a constant stands beside the family's column."""


def fit(form: Form | None, x: Floats, y: Floats) -> Fit | None:
    """The least-squares fit; None where the form makes no sense for these points.

    log, linearithmic and power need x > 0, power and exponential y > 0. A saturating curve has c at
    most the span of x: beyond, no saturation was seen. None also where there are as many parameters
    as points, because then every curve fits.
    """
    shape = _shape(form, x, y)
    count = 1 if form is None else PARAMETERS[form]
    if shape is None or len(y) <= count:
        return None
    at = _search(shape, y)
    columns = shape.columns(at)
    weights = np.linalg.lstsq(columns, y, rcond=None)[0].astype(np.float64)
    jacobian = columns
    if shape.slope is not None:
        jacobian = np.column_stack([columns, shape.slope(at, weights)])
    b, by = float(weights[-1]), np.eye(jacobian.shape[1])[len(weights) - 1]
    if shape.b_of is not None:
        b, by = shape.b_of(at, weights)
    sizes = np.linalg.norm(jacobian, axis=0)
    if not (sizes.all() and np.isfinite(by).all() and math.isfinite(b)):
        return None
    scaled = jacobian / sizes
    inverse = np.linalg.pinv(scaled)
    curve: Floats = columns @ weights
    rss, total = float(((y - curve) ** 2).sum()), float(((y - y.mean()) ** 2).sum())
    floored = max(rss, _PERFECT**2 * total, float(np.finfo(float).tiny))
    return Fit(
        form=form,
        b=b,
        curve=curve,
        hat=scaled @ inverse,
        pull=(by / sizes) @ inverse,
        aicc=_aicc(floored, len(y), count + 1),
        r2=1.0 - rss / total if total > 0 else 1.0,
    )


def _aicc(rss: float, n: int, k: int) -> float:
    """Hurvich and Tsai (1989), for Gaussian errors, up to a constant."""
    if n - k - 1 <= 0:
        return math.inf
    return n * math.log(rss / n) + 2 * k + 2 * k * (k + 1) / (n - k - 1)


def _search(shape: _Shape, y: Floats) -> float:
    """The searched parameter with the least residuals: a grid that closes in on its best point."""
    trials = shape.trials
    if shape.family is None:
        return float(trials[0])
    for _ in range(_CLOSER):
        best = int(np.argmax(_explained(shape.family(trials), y, centred=shape.centred)))
        found = float(trials[best])
        low, high = trials[max(0, best - 1)], trials[min(len(trials) - 1, best + 1)]
        trials = low + (high - low) * _GRID
    return found


def _explained(curves: Floats, y: Floats, *, centred: bool) -> Floats:
    """How much of the squares each curve explains, alone or beside a constant."""
    if centred:
        curves, y = curves - curves.mean(axis=1, keepdims=True), y - y.mean()
    sizes = np.maximum((curves**2).sum(axis=1), np.finfo(float).tiny)
    explained: Floats = (curves @ y) ** 2 / sizes
    return explained


def _shape(form: Form | None, x: Floats, y: Floats) -> _Shape | None:
    if (form in ("log", "linearithmic", "power") and x.min() <= 0) or (
        form in ("power", "exponential") and y.min() <= 0
    ):
        return None
    match form:
        case None | "linear" | "log" | "linearithmic":
            fixed = np.column_stack([np.ones_like(x), *_REGRESSORS[form](x)])
            return _Shape(lambda _: fixed, np.zeros(1))
        case "power":
            return _growth(np.log(x), _LARGEST_POWER)
        case "exponential":
            return _growth(x, _LARGEST_GROWTH / float(np.ptp(x)))
        case "saturating":
            return _saturating(x)
        case _:
            assert_never(form)


_REGRESSORS: dict[Form | None, Callable[[Floats], tuple[Floats, ...]]] = {
    None: lambda x: (),
    "linear": lambda x: (x,),
    "log": lambda x: (np.log(x),),
    "linearithmic": lambda x: (x * np.log(x),),
}
"""What stands beside the constant of a form without a searched parameter."""


def _growth(z: Floats, fastest: float) -> _Shape:
    """The curve y = w exp(b z); z is centred, which leaves b alone and keeps exp() in range."""
    z = z - z.mean()

    def curve(b: float) -> Floats:
        raised: Floats = np.exp(b * z)
        return raised

    return _Shape(
        columns=lambda b: curve(b)[:, None],
        trials=np.linspace(-fastest, fastest, 2 * _STEPS + 1),
        family=lambda trials: np.exp(trials[:, None] * z),
        slope=lambda b, w: w[0] * z * curve(b),
        b_of=lambda b, _: (b, np.array([0.0, 1.0])),
    )


def _saturating(x: Floats) -> _Shape:
    """The curve y = a - w exp(-(x - x0)/c) with x0 the first x, so b = w exp(x0/c).

    Searched over the logarithm of c.
    """
    first, span = float(x.min()), float(np.ptp(x))

    def decay(log_c: float) -> Floats:
        faded: Floats = np.exp(-(x - first) / math.exp(log_c))
        return faded

    def b_of(log_c: float, weights: Floats) -> tuple[float, Floats]:
        w, c = float(weights[1]), math.exp(log_c)
        # exp(700) is the largest that a float holds; such a b says nothing, and fit() drops it.
        lifted = math.exp(first / c) if first / c < 700 else math.inf
        return w * lifted, np.array([0.0, lifted, -w * lifted * first / c])

    return _Shape(
        columns=lambda log_c: np.column_stack([np.ones_like(x), -decay(log_c)]),
        trials=np.linspace(math.log(span / 100), math.log(span), _STEPS),
        family=lambda trials: np.exp(-(x - first) / np.exp(trials)[:, None]),
        slope=lambda log_c, w: -w[1] * decay(log_c) * (x - first) / math.exp(log_c),
        b_of=b_of,
        centred=True,
    )
