"""Least-squares fits of the five forms of a Law, and how well each explains the points.

Every form is linear but for at most one parameter. So that one is searched over, on a grid and
then by bounded minimisation, and the rest is solved for in closed form: no starting values to get
wrong.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import assert_never, get_args

import numpy as np
from scipy import optimize

from curie.domain.claim import Form
from curie.stats.intervals import Floats, t_quantile

FORMS: tuple[Form, ...] = get_args(Form)

FORMULAS: dict[Form, str] = {
    "linear": "y = a + b x",
    "log": "y = a + b ln x",
    "power": "y = a x^b",
    "saturating": "y = a - b exp(-x/c)",
    "exponential": "y = a exp(b x)",
}

_STEPS = 200
_PERFECT = 1e-6
"""Residuals below this share of the values' spread count as none: all such fits are as good."""

_LARGEST_POWER = 10.0
_LARGEST_GROWTH = math.log(1e6)
"""An exponential grows at most a millionfold over the span of x."""


@dataclass(frozen=True)
class Fit:
    """One form, fitted."""

    form: Form | None
    """None: the metric does not depend on the factor, y = a."""
    b: float
    low: float
    high: float
    """Wald t-interval of b."""
    aicc: float
    r2: float


@dataclass(frozen=True)
class _Shape:
    """A form as columns that are weighed linearly, given at most one searched parameter."""

    columns: Callable[[float], Floats]
    trials: Floats
    """Where the searched parameter is looked for; a single 0 if there is none."""
    slope: Callable[[float, Floats], Floats] | None = None
    """Derivative of the curve by the searched parameter, given it and the weights."""
    b_of: Callable[[float, Floats], tuple[float, Floats]] | None = None
    """Parameter b and its derivatives by weights and searched parameter; None: the last weight."""


def fit(form: Form | None, x: Floats, y: Floats, *, confidence: float) -> Fit | None:
    """The least-squares fit; None where the form makes no sense for these points.

    log and power need x > 0, power and exponential y > 0. A saturating curve has c at most the
    span of x: beyond, no saturation was seen. AICc counts the variance as a parameter; None also
    where there are too few points for it.
    """
    shape = _shape(form, x, y)
    count = {None: 1, "saturating": 3}.get(form, 2)
    if shape is None or len(y) - count - 2 <= 0:
        return None
    at = _search(shape, y)
    weights, rss = _solve(shape.columns(at), y)
    total = float(((y - y.mean()) ** 2).sum())
    b, error = _b_with_error(shape, at, weights, math.sqrt(rss / (len(y) - count)))
    if not (math.isfinite(b) and math.isfinite(error)):
        return None
    half = t_quantile(confidence, len(y) - count) * error
    return Fit(
        form=form,
        b=b,
        low=b - half,
        high=b + half,
        aicc=_aicc(max(rss, _PERFECT**2 * total, np.finfo(float).tiny), len(y), count + 1),
        r2=1.0 - rss / total if total > 0 else 1.0,
    )


def _aicc(rss: float, n: int, k: int) -> float:
    """Hurvich and Tsai (1989), for Gaussian errors, up to a constant."""
    return n * math.log(rss / n) + 2 * k + 2 * k * (k + 1) / (n - k - 1)


def _solve(columns: Floats, y: Floats) -> tuple[Floats, float]:
    weights = np.linalg.lstsq(columns, y, rcond=None)[0].astype(np.float64)
    return weights, float(((y - columns @ weights) ** 2).sum())


def _search(shape: _Shape, y: Floats) -> float:
    trials = shape.trials
    if len(trials) == 1:
        return float(trials[0])
    losses = [_solve(shape.columns(float(t)), y)[1] for t in trials]
    least = int(np.argmin(losses))
    low, high = trials[max(0, least - 1)], trials[min(len(trials) - 1, least + 1)]
    found = optimize.minimize_scalar(
        lambda t: _solve(shape.columns(t), y)[1],
        bounds=(low, high),
        method="bounded",
        options={"xatol": 1e-10 * (high - low)},
    )
    return float(found.x) if found.fun <= losses[least] else float(trials[least])


def _b_with_error(shape: _Shape, at: float, weights: Floats, spread: float) -> tuple[float, float]:
    """Parameter b and its standard error, from the curve linearised at the optimum."""
    jacobian = shape.columns(at)
    if shape.slope is not None:
        jacobian = np.column_stack([jacobian, shape.slope(at, weights)])
    b, by = float(weights[-1]), np.eye(jacobian.shape[1])[len(weights) - 1]
    if shape.b_of is not None:
        b, by = shape.b_of(at, weights)
    sizes = np.linalg.norm(jacobian, axis=0)
    if not (sizes.all() and np.isfinite(by).all()):
        return b, math.inf
    inverse = np.linalg.pinv(jacobian / sizes)
    return b, spread * float(np.linalg.norm(inverse.T @ (by / sizes)))


def _shape(form: Form | None, x: Floats, y: Floats) -> _Shape | None:
    ones, none = np.ones_like(x), np.zeros(1)
    if (form in ("log", "power") and x.min() <= 0) or (
        form in ("power", "exponential") and y.min() <= 0
    ):
        return None
    match form:
        case None:
            return _Shape(lambda _: ones[:, None], none)
        case "linear":
            return _Shape(lambda _: np.column_stack([ones, x]), none)
        case "log":
            return _Shape(lambda _: np.column_stack([ones, np.log(x)]), none)
        case "power":
            return _growth(np.log(x), _LARGEST_POWER)
        case "exponential":
            return _growth(x, _LARGEST_GROWTH / float(np.ptp(x)))
        case "saturating":
            return _saturating(x)
        case _:
            assert_never(form)


def _growth(z: Floats, fastest: float) -> _Shape:
    """The curve y = w exp(b z); z is centred, which leaves b alone and keeps exp() in range."""
    z = z - z.mean()

    def curve(b: float) -> Floats:
        raised: Floats = np.exp(b * z)
        return raised

    return _Shape(
        columns=lambda b: curve(b)[:, None],
        trials=np.linspace(-fastest, fastest, 2 * _STEPS + 1),
        slope=lambda b, w: w[0] * z * curve(b),
        b_of=lambda b, _: (b, np.array([0.0, 1.0])),
    )


def _saturating(x: Floats) -> _Shape:
    """The curve y = a - w exp(-(x - x0)/c) with x0 the first x, so b = w exp(x0/c)."""
    first, span = float(x.min()), float(np.ptp(x))

    def decay(c: float) -> Floats:
        faded: Floats = np.exp(-(x - first) / c)
        return faded

    def b_of(c: float, weights: Floats) -> tuple[float, Floats]:
        w = float(weights[1])
        # exp(700) is the largest that a float holds; such a b says nothing, and fit() drops it.
        lifted = math.exp(first / c) if first / c < 700 else math.inf
        return w * lifted, np.array([0.0, lifted, -w * lifted * first / c**2])

    return _Shape(
        columns=lambda c: np.column_stack([np.ones_like(x), -decay(c)]),
        trials=np.geomspace(span / 100, span, _STEPS),
        slope=lambda c, w: -w[1] * decay(c) * (x - first) / c**2,
        b_of=b_of,
    )
