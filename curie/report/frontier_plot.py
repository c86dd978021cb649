"""Figures of Pareto claims: one metric against the other, level by level."""

import numpy as np
from matplotlib.figure import Figure as Canvas

from curie.domain.analysis import Analysis, LevelSummary
from curie.domain.claim import Frontier
from curie.domain.plan import Plan
from curie.domain.setting import level_text, same_level
from curie.report.drawing import INK, POINT, axis_name, drawable, legend_below, plain_numbers


def draw_frontier(paper: Canvas, analysis: Analysis, claim: Frontier, plan: Plan) -> None:
    """Means with intervals in both metrics; levels on the front are filled and joined."""
    axes = paper.subplots()
    pairs = _pairs(analysis, claim)
    on = [p for p in pairs if any(same_level(p[0].level or 0, v) for v in claim.levels)]
    for one, other in pairs:
        chosen = (one, other) in on
        axes.errorbar(
            one.mean, other.mean, xerr=_gaps(one), yerr=_gaps(other),
            color=INK if chosen else POINT, marker="o" if chosen else "s",
            mfc=INK if chosen else "none", ms=6, lw=1.2, capsize=3,
            ls="none", label="on the front" if chosen else "dominated",
        )  # fmt: skip
        name = "" if one.level is None else drawable(level_text(one.level))
        axes.annotate(name, (one.mean, other.mean), (6, 5), textcoords="offset points", fontsize=8)
    front = sorted((one.mean, other.mean) for one, other in on)
    axes.plot([x for x, _ in front], [y for _, y in front], ls="--", lw=1.0, color=INK)
    for name, axis in ((claim.metric, axes.set_xlabel), (claim.other, axes.set_ylabel)):
        metric = plan.metric(name)
        axis(axis_name(name, metric.unit if metric else ""))
    plain_numbers(axes, "x", "y")
    legend_below(paper, axes)


def _pairs(analysis: Analysis, claim: Frontier) -> list[tuple[LevelSummary, LevelSummary]]:
    others = {s.settings: s for s in analysis.levels if s.metric == claim.other}
    return [
        (s, others[s.settings])
        for s in analysis.levels
        if s.metric == claim.metric and s.settings in others
    ]


def _gaps(summary: LevelSummary) -> np.ndarray:
    return np.array([[summary.mean - summary.low], [summary.high - summary.mean]]).clip(min=0)
