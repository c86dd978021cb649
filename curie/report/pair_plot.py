"""Figures of claims that compare two arms: the trials of both, and the effect between them."""

import textwrap
from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure as Canvas

from curie.domain.analysis import Analysis, LevelSummary
from curie.domain.binding import field_text, interval_text
from curie.domain.claim import Difference, Equivalence, PairClaim, Ratio
from curie.domain.dossier import Dossier
from curie.domain.outcome import Measured
from curie.domain.plan import Plan
from curie.domain.setting import Settings, contains, settings_text
from curie.domain.wording import percent_exactly
from curie.report.drawing import FAINT, INK, POINT, axis_name, drawable, plain_numbers

_ARM_CHARACTERS = 22


def draw_pair(
    paper: Canvas, analysis: Analysis, claim: PairClaim, plan: Plan, dossier: Dossier
) -> None:
    """Both arms above, every trial a mark; below, the effect with its interval."""
    above, below = paper.subplots(2, 1, height_ratios=(1.7, 1.0))
    arms = [(claim.b, "s"), (claim.a, "o")]
    metric = plan.metric(claim.metric)
    unit = metric.unit if metric else ""
    for row, (settings, mark) in enumerate(arms):
        summary = _summary(analysis, claim.metric, settings)
        if summary is not None:
            _draw_arm(above, summary, row=row, mark=mark)
    above.set_yticks([0, 1], [_arm_name(s) for s, _ in arms])
    above.set_ylim(-0.55, 1.55)
    above.grid(visible=False, axis="y")
    above.set_xlabel(axis_name(claim.metric, unit))
    plain_numbers(above, "x")
    _draw_effect(below, analysis, claim, paired_effects(dossier, analysis, claim, unit))


def paired_effects(
    dossier: Dossier, analysis: Analysis, claim: PairClaim, unit: str
) -> tuple[float, ...]:
    """The effect within each seed, where both arms ran it once: a - b, or a / b in a ratio."""
    a = _by_seed(dossier, analysis, claim, claim.a)
    b = _by_seed(dossier, analysis, claim, claim.b)
    seeds = sorted(a.keys() & b.keys())
    if analysis.unit == "x":
        return tuple(a[s] / b[s] for s in seeds if b[s])
    return tuple(a[s] - b[s] for s in seeds) if analysis.unit == unit else ()


def _by_seed(
    dossier: Dossier, analysis: Analysis, claim: PairClaim, arm: Settings
) -> dict[int, float]:
    """The metric by seed in one arm; nothing where a seed is not unique in it."""
    setup = dossier.setup(analysis.plan)
    if setup is None:
        return {}
    settings = {s.trial: s.settings for s in dossier.started(setup.id)}
    found: dict[int, float] = {}
    for outcome in dossier.outcomes(setup.id):
        if not isinstance(outcome, Measured) or outcome.trial not in analysis.trials:
            continue
        value = outcome.result.value(claim.metric)
        if value is None or not contains(settings.get(outcome.trial, ()), arm):
            continue
        if outcome.result.seed in found:
            return {}
        found[outcome.result.seed] = value
    return found


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
    _draw_reference(axes, analysis, claim)
    _draw_points(axes, within, row=-0.2, mark="D")
    if analysis.estimate is not None:
        low = analysis.estimate if analysis.low is None else analysis.low
        high = analysis.estimate if analysis.high is None else analysis.high
        _draw_mean(axes, (low, analysis.estimate, high), row=0.22, mark="D")
        axes.annotate(
            drawable(f"{field_text(analysis, 'estimate')} {interval_text(analysis)}"),
            (analysis.estimate, 0.22), (0, 6), textcoords="offset points",
            ha="center", va="bottom", fontsize=8,
        )  # fmt: skip
    name = "a over b" if analysis.unit == "x" else "a − b"
    axes.set_yticks([0.0], [name])
    axes.set_ylim(-0.6, 1.0)
    axes.grid(visible=False, axis="y")
    unit = "" if analysis.unit == "x" else analysis.unit
    level = percent_exactly(analysis.confidence)
    axes.set_xlabel(axis_name(f"{analysis.effect}, {level} interval", unit))
    plain_numbers(axes, "x")


def _draw_reference(axes: Axes, analysis: Analysis, claim: PairClaim) -> None:
    """Where there is no effect, and the margin or the bound that the claim speaks of."""
    none = 1.0 if analysis.unit == "x" else 0.0
    axes.axvline(none, color="black", lw=1.0, ls="--")
    match claim:
        case Equivalence(margin=margin) if margin and analysis.unit != "x":
            axes.axvspan(-margin, margin, color=FAINT, alpha=0.6, lw=0)
        case Difference(at_least=least) if least and analysis.unit != "x":
            axes.axvline(
                least if claim.direction == "higher" else -least, color=INK, lw=1.0, ls=":"
            )
        case Ratio(low=low, high=high):
            for bound in (low, high):
                if bound is not None:
                    axes.axvline(bound, color=INK, lw=1.0, ls=":")
        case _:
            return


def _arm_name(settings: Settings) -> str:
    return "\n".join(
        textwrap.wrap(
            drawable(settings_text(settings)), _ARM_CHARACTERS, max_lines=3, placeholder=" …"
        )
    )
