"""One figure for each claim that the report stands for."""

import re

from curie.domain.analysis import Analysis
from curie.domain.binding import told
from curie.domain.claim import Difference, Equivalence, Frontier, Ratio
from curie.domain.dossier import Dossier
from curie.domain.plan import Plan
from curie.domain.setting import level_text
from curie.domain.wording import percent_exactly
from curie.report.drawing import canvas, printed, style, subtitled
from curie.report.frontier_plot import draw_frontier
from curie.report.pair_plot import draw_pair
from curie.report.report import Figure
from curie.report.scan_plot import draw_scan
from curie.report.summary import claimed


def figures(dossier: Dossier) -> tuple[Figure, ...]:
    """The figures of all claims with something to show, in order of their ids."""
    drawn = []
    with style():
        for analysis in claimed(dossier):
            plan = dossier.plan(analysis.plan)
            if plan is not None and any(s.values for s in analysis.levels):
                drawn.append(_figure(analysis, plan, dossier))
    return tuple(drawn)


def _figure(analysis: Analysis, plan: Plan, dossier: Dossier) -> Figure:
    title = told(analysis)
    paper = canvas(f"{analysis.id}: {title}")
    claim = analysis.claim
    if isinstance(claim, Difference | Ratio | Equivalence):
        draw_pair(paper, analysis, claim, plan, dossier)
    elif isinstance(claim, Frontier):
        draw_frontier(paper, analysis, claim, plan)
    else:
        draw_scan(paper, analysis, claim, plan)
    found = f" ({analysis.found})" if analysis.found else ""
    subtitled(paper, f"{analysis.verdict}{found}, n = {analysis.n:,} trials")
    svg, png = printed(paper)
    return Figure(name=_file_name(analysis), title=title, alt=_alt(analysis), svg=svg, png=png)


def _file_name(analysis: Analysis) -> str:
    """Letters, digits and dashes only: a metric's name is written by others."""
    slug = re.sub(r"[^a-z0-9]+", "-", f"{analysis.id}-{analysis.claim.metric}".lower())
    return slug.strip("-")


def _alt(analysis: Analysis) -> str:
    claim = analysis.claim
    level = percent_exactly(analysis.confidence, 4)
    if isinstance(claim, Difference | Ratio | Equivalence):
        shown = (
            f"{claim.metric} in every replicate of both arms with the mean and its {level} "
            f"interval; below, the {analysis.effect} with its {level} interval"
        )
    elif isinstance(claim, Frontier):
        shown = f"{claim.other} against {claim.metric}, means with {level} intervals per level"
    else:
        levels = ", ".join(
            dict.fromkeys(level_text(s.level) for s in analysis.levels if s.level is not None)
        )
        shown = (
            f"{claim.metric} against {claim.factor} at {levels}: every replicate, the mean per "
            f"level and its {level} interval"
        )
    return f"{shown}. n = {analysis.n:,} trials; {analysis.verdict}."
