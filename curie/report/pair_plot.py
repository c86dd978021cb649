"""Figures of claims that compare two arms: the trials of both, and the effect between them."""

import textwrap
from collections.abc import Sequence
from statistics import fmean
from typing import assert_never

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure as Canvas

from curie.domain.analysis import Analysis, LevelSummary
from curie.domain.binding import field_text, interval_text
from curie.domain.claim import Difference, Equivalence, PairClaim, Ratio
from curie.domain.dossier import Dossier
from curie.domain.outcome import Measured, value_of
from curie.domain.plan import Plan, defaults_of
from curie.domain.setting import Settings, contains, overlay, settings_text
from curie.domain.wording import percent_exactly
from curie.report.drawing import FAINT, INK, POINT, axis_name, drawable, inward, plain_numbers

_ARM_CHARACTERS = 22


def draw_pair(
    paper: Canvas, analysis: Analysis, claim: PairClaim, plan: Plan, dossier: Dossier
) -> None:
    """Both arms above, every replicate a mark; below, the effect with its interval."""
    above, below = paper.subplots(2, 1, height_ratios=(1.7, 1.0))
    arms = [(claim.b, "s"), (claim.a, "o")]
    metric = plan.metric(claim.metric)
    unit = metric.unit if metric else ""
    for row, (settings, mark) in enumerate(arms):
        summary = _summary(analysis, claim.metric, settings)
        if summary is not None:
            _draw_arm(above, summary, row=row, mark=mark)
    above.set_yticks([0, 1], [_arm_name("b", claim.b), _arm_name("a", claim.a)])
    above.set_ylim(-0.55, 1.55)
    above.grid(visible=False, axis="y")
    above.set_xlabel(axis_name(claim.metric, unit))
    plain_numbers(above, "x")
    _draw_effect(below, analysis, claim, paired_effects(dossier, analysis, claim, plan))


def paired_effects(
    dossier: Dossier, analysis: Analysis, claim: PairClaim, plan: Plan
) -> tuple[float, ...]:
    """The effect within each seed that both arms ran: a - b, or a / b in a ratio."""
    filled = overlay(defaults_of(plan.factors), plan.hold)
    a = _by_seed(dossier, analysis, claim.metric, overlay(_part(filled, claim), claim.a))
    b = _by_seed(dossier, analysis, claim.metric, overlay(_part(filled, claim), claim.b))
    seeds = sorted(a.keys() & b.keys())
    if analysis.unit == "x":
        return tuple(a[s] / b[s] for s in seeds if b[s])
    return tuple(a[s] - b[s] for s in seeds)


def _part(filled: Settings, claim: PairClaim) -> Settings:
    """The settings of the factors that either arm names."""
    named = {s.factor for s in (*claim.a, *claim.b)}
    return tuple(s for s in filled if s.factor in named)


def _by_seed(dossier: Dossier, analysis: Analysis, metric: str, arm: Settings) -> dict[int, float]:
    """The metric by seed in one arm: the mean over its analysed trials of that seed."""
    setup = dossier.setup(analysis.plan)
    if setup is None:
        return {}
    settings = {s.trial: s.settings for s in dossier.started(setup.id)}
    last = {o.trial: o for o in dossier.outcomes(setup.id) if o.trial in analysis.trials}
    values: dict[int, list[float]] = {}
    for trial, outcome in last.items():
        value = value_of(outcome, metric)
        if (
            isinstance(outcome, Measured)
            and value is not None
            and contains(settings.get(trial, ()), arm)
        ):
            values.setdefault(outcome.result.seed, []).append(value)
    return {seed: fmean(of_seed) for seed, of_seed in values.items()}


def _summary(analysis: Analysis, metric: str, settings: Settings) -> LevelSummary | None:
    return next(
        (
            s
            for s in analysis.levels
            if s.metric == metric
            and len(s.settings) == len(settings)
            and contains(s.settings, settings)
        ),
        None,
    )


def _draw_arm(axes: Axes, summary: LevelSummary, *, row: int, mark: str) -> None:
    _draw_points(axes, summary.values, row=row - 0.16, mark=mark)
    _draw_mean(axes, (summary.low, summary.mean, summary.high), row=row + 0.14, mark=mark)


def _draw_points(axes: Axes, values: Sequence[float], *, row: float, mark: str) -> None:
    rows = [row + 0.09 * ((k % 3) - 1) for k in range(len(values))]
    axes.plot(values, rows, mark, ms=3.8, mfc="none", mec=POINT, mew=0.8, ls="none")


def _draw_mean(axes: Axes, interval: tuple[float, float, float], *, row: float, mark: str) -> None:
    low, mean, high = interval
    gaps = np.array([[mean - low], [high - mean]]).clip(min=0)
    axes.errorbar(
        [mean], [row], xerr=gaps, color=INK, marker=mark, ms=6, lw=1.6, capsize=4, zorder=3
    )


def _draw_effect(
    axes: Axes, analysis: Analysis, claim: PairClaim, within: tuple[float, ...]
) -> None:
    _draw_points(axes, within, row=-0.2, mark="D")
    if analysis.estimate is not None:
        low = analysis.estimate if analysis.low is None else analysis.low
        high = analysis.estimate if analysis.high is None else analysis.high
        _draw_mean(axes, (low, analysis.estimate, high), row=0.22, mark="D")
    _draw_reference(axes, analysis, claim)
    if analysis.estimate is not None:
        axes.annotate(
            drawable(_effect_text(analysis)), (analysis.estimate, 0.22), (0, 6),
            textcoords="offset points", ha=inward(axes, analysis.estimate), va="bottom",
            fontsize=8, bbox={"facecolor": "white", "alpha": 0.8, "lw": 0, "pad": 0.8},
        )  # fmt: skip
    name = "a over b" if analysis.unit == "x" else "a − b"
    axes.set_yticks([0.0], [name])
    axes.set_ylim(-0.6, 1.3)
    axes.grid(visible=False, axis="y")
    unit = "" if analysis.unit == "x" else analysis.unit
    level = percent_exactly(analysis.confidence, 4)
    axes.set_xlabel(axis_name(f"{analysis.effect}, {level} interval", unit))
    plain_numbers(axes, "x")


def _effect_text(analysis: Analysis) -> str:
    exact = analysis.low == analysis.high == analysis.estimate and analysis.p is None
    interval = "(exact)" if exact else interval_text(analysis)
    return f"{field_text(analysis, 'estimate')} {interval}"


def _draw_reference(axes: Axes, analysis: Analysis, claim: PairClaim) -> None:
    """Where there is no effect, and the margin or the bounds that the claim speaks of."""
    none = 1.0 if analysis.unit == "x" else 0.0
    axes.axvline(none, color="black", lw=1.0, ls="--")
    bounds = _bounds(analysis, claim)
    if isinstance(claim, Equivalence) and claim.side == "both" and bounds:
        axes.axvspan(min(bounds), max(bounds), color=FAINT, alpha=0.6, lw=0)
    for bound in bounds:
        axes.axvline(bound, color=INK, lw=1.0, ls=":")
        side = "right" if inward(axes, bound) == "right" else "left"
        axes.annotate(
            "stated", (bound, 1.0), (-2 if side == "right" else 2, -2),
            xycoords=("data", "axes fraction"), textcoords="offset points",
            ha=side, va="top", fontsize=7, color=POINT,
        )  # fmt: skip


def _bounds(analysis: Analysis, claim: PairClaim) -> tuple[float, ...]:
    """The sizes of effect that the claim states, in the unit of its estimate."""
    base = _summary(analysis, claim.metric, claim.b)
    size = abs(base.mean) if base else 0.0
    match claim:
        case Ratio(low=low, high=high):
            return tuple(v for v in (low, high) if v is not None)
        case Difference():
            least = claim.at_least or claim.at_least_share * size
            return (-least if claim.direction == "lower" else least,) if least else ()
        case Equivalence():
            margin = claim.margin or claim.margin_share * size
            sides = {"both": (-margin, margin), "not_higher": (margin,), "not_lower": (-margin,)}
            return sides[claim.side]
        case _:
            assert_never(claim)


def _arm_name(side: str, settings: Settings) -> str:
    words = drawable(f"{side}: {settings_text(settings)}")
    return "\n".join(textwrap.wrap(words, _ARM_CHARACTERS, max_lines=3, placeholder=" …"))
