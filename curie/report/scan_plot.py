"""Figures of claims over the levels of one factor: the metric against the level."""

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure as Canvas
from matplotlib.ticker import NullLocator

from curie.domain.analysis import Analysis, LevelSummary
from curie.domain.claim import Best, Interaction, ScanClaim, Threshold
from curie.domain.plan import Plan
from curie.domain.setting import Level, level_of, level_text
from curie.domain.wording import exactly, percent_exactly
from curie.report.drawing import (
    INK,
    POINT,
    axis_name,
    drawable,
    is_wide,
    legend_below,
    names_at,
    plain_numbers,
    ticks_at,
)

_MAGNITUDES = 100.0
"""Largest over smallest value, from which y is logarithmic too."""
_LINES = (("-", "o"), ("--", "s"), (":", "^"), ("-.", "D"), ("-", "v"), ("--", "P"))


def draw_scan(paper: Canvas, analysis: Analysis, claim: ScanClaim, plan: Plan) -> None:
    """Mean with interval per level and every replicate; one line per level of a second factor."""
    summaries = [s for s in analysis.levels if s.metric == claim.metric and s.level is not None]
    axes = paper.subplots()
    places, log = _places([_level(s) for s in summaries])
    lines = _lines(summaries, claim)
    level = percent_exactly(analysis.confidence, 4)
    mean = f"mean and its {level} interval" if len(lines) == 1 else f"mean, {level} interval"
    for (name, members), (dash, mark) in zip(lines, _pens(len(lines)), strict=False):
        _draw_line(axes, members, places, name=f"{mean}{name}", dash=dash, mark=mark, log=log)
    _mark_chosen(axes, analysis, claim, [(s, places[level_text(_level(s))]) for s in summaries])
    _mark_bound(axes, claim)
    factor, metric = plan.factor(claim.factor), plan.metric(claim.metric)
    axes.set_xlabel(axis_name(claim.factor, factor.unit if factor else ""))
    axes.set_ylabel(axis_name(claim.metric, metric.unit if metric else analysis.unit))
    _scale(axes, summaries, places, log=log)
    legend_below(paper, axes)


def _scale(
    axes: Axes, summaries: Sequence[LevelSummary], places: dict[str, float], *, log: bool
) -> None:
    if _ordered(summaries):
        ticks_at(axes, list(places.values()), list(places), log=log)
    else:
        names_at(axes, list(places))
    values = [v for s in summaries for v in (*s.values, s.low)]
    if min(values) > 0 and max(values) / min(values) >= _MAGNITUDES:
        axes.set_yscale("log")
        axes.yaxis.set_minor_locator(NullLocator())
    plain_numbers(axes, "y")


def _level(summary: LevelSummary) -> Level:
    assert summary.level is not None
    return summary.level


def _places(levels: Sequence[Level]) -> tuple[dict[str, float], bool]:
    """Where each level stands on x: numbers at their value, names side by side."""
    numbers = [v for v in levels if isinstance(v, int | float) and not isinstance(v, bool)]
    if len(numbers) == len(levels) and numbers:
        return {level_text(v): float(v) for v in numbers}, is_wide(numbers)
    names = list(dict.fromkeys(level_text(v) for v in levels))
    return {name: float(i) for i, name in enumerate(names)}, False


def _lines(
    summaries: Sequence[LevelSummary], claim: ScanClaim
) -> list[tuple[str, list[LevelSummary]]]:
    if not isinstance(claim, Interaction):
        return [("", list(summaries))]
    groups: dict[str, list[LevelSummary]] = {}
    for summary in summaries:
        by = level_of(summary.settings, claim.by)
        name = f" at {claim.by}={level_text(by)}" if by is not None else ""
        groups.setdefault(name, []).append(summary)
    return list(groups.items())


def _pens(count: int) -> list[tuple[str, str]]:
    return [_LINES[i % len(_LINES)] for i in range(count)]


def _draw_line(
    axes: Axes,
    summaries: Sequence[LevelSummary],
    places: dict[str, float],
    *,
    name: str,
    dash: str,
    mark: str,
    log: bool,
) -> None:
    ordered = sorted(summaries, key=lambda s: places[level_text(_level(s))])
    x = [places[level_text(_level(s))] for s in ordered]
    mean = np.array([s.mean for s in ordered])
    gaps = np.array([[s.mean - s.low, s.high - s.mean] for s in ordered]).T.clip(min=0)
    for place, summary in zip(x, ordered, strict=True):
        spread = _spread(place, len(summary.values), places, log=log)
        axes.plot(
            spread,
            summary.values,
            "o",
            ms=3.5,
            mfc="none",
            mec=POINT,
            mew=0.8,
            label="one replicate",
        )
    joined = dash if _ordered(ordered) else "none"
    axes.errorbar(
        x, mean, yerr=gaps, color=INK, ls=joined, marker=mark, ms=5.5, lw=1.4, elinewidth=1.4,
        capsize=3.5, zorder=3, label=drawable(name),
    )  # fmt: skip


def _ordered(summaries: Sequence[LevelSummary]) -> bool:
    """Whether a line between levels means something: it does not between names."""
    return all(
        isinstance(s.level, int | float) and not isinstance(s.level, bool) for s in summaries
    )


def _spread(place: float, count: int, places: dict[str, float], *, log: bool) -> list[float]:
    """Places side by side around one level, so that equal values stay visible."""
    if count < 2:
        return [place] * count
    every = sorted(np.log10(p) if log else p for p in set(places.values()))
    gap = min((b - a for a, b in pairwise(every)), default=1.0)
    centre = np.log10(place) if log else place
    moved = [centre + 0.3 * gap * (k / (count - 1) - 0.5) for k in range(count)]
    return [float(10**m) if log else float(m) for m in moved]


def _mark_chosen(
    axes: Axes,
    analysis: Analysis,
    claim: ScanClaim,
    placed: Sequence[tuple[LevelSummary, float]],
) -> None:
    """Ring the levels that were found to be best, or to be the first that meets the bound."""
    if not isinstance(claim, Best | Threshold):
        return
    found = analysis.found.split(", ")
    chosen = [(place, s.mean) for s, place in placed if level_text(_level(s)) in found]
    if chosen:
        label = "found best, with ties" if isinstance(claim, Best) else "found"
        axes.plot(
            [x for x, _ in chosen], [y for _, y in chosen], "o", ms=14, mfc="none", mec=INK,
            mew=1.2, label=label, zorder=4,
        )  # fmt: skip


def _mark_bound(axes: Axes, claim: ScanClaim) -> None:
    if isinstance(claim, Threshold):
        sign = "≥" if claim.side == "at_least" else "≤"
        axes.axhline(claim.bound, color="black", ls="--", lw=1.0)
        axes.annotate(
            f"bound {sign} {exactly(claim.bound)}", (1.0, claim.bound), (0, 3),
            xycoords=("axes fraction", "data"), textcoords="offset points",
            ha="right", va="bottom", fontsize=8,
        )  # fmt: skip
