"""Figures show the evidence, and say in words what they show."""

import io
import random
import re
import warnings

import numpy as np
import pytest
from matplotlib.figure import Figure as Canvas
from matplotlib.image import imread

from curie.domain.analysis import LevelSummary
from curie.domain.claim import (
    Best,
    Difference,
    Equivalence,
    Frontier,
    Interaction,
    Law,
    Ranking,
    Ratio,
    Threshold,
    Trend,
)
from curie.domain.outcome import Measured
from curie.domain.setting import Setting, Settings
from curie.report.drawing import drawable, is_wide, style
from curie.report.figures import figures
from curie.report.pair_plot import draw_pair, paired_effects
from curie.report.scan_plot import draw_scan
from tests.report import dossiers as d

INDEX = ("flat", "ivf", "hnsw $x_1$", "a_very_long_name_without_any_space_in_it", "漢")


def at(**settings: object) -> Settings:
    return tuple(Setting(factor=f, level=v) for f, v in settings.items())


def summary(settings: Settings, level, metric: str, mean: float, n: int = 5) -> LevelSummary:
    rng = random.Random(f"{settings}{metric}")
    values = tuple(rng.gauss(mean, abs(mean) / 50) for _ in range(n))
    low, middle, high = d.interval(values) if n > 1 else (values[0],) * 3
    return LevelSummary(
        settings=settings,
        level=level,
        metric=metric,
        n=n,
        mean=middle,
        low=low,
        high=high,
        values=values,
    )


def scan(factor: str, levels, metric: str = "latency_us", n: int = 5) -> tuple[LevelSummary, ...]:
    return tuple(summary(at(**{factor: v}), v, metric, 10 + 7 * i, n) for i, v in enumerate(levels))


LONG, SHORT = at(planner="p" * 60), at(planner="none")
PAIR = (summary(LONG, None, "latency_us", 90), summary(SHORT, None, "latency_us", 100))
KINDS = {
    "trend": (Trend(metric="latency_us", factor="m"), scan("m", (1, 2, 3, 50), n=1)),
    "best": (Best(metric="latency_us", factor="index", goal="lowest"), scan("index", INDEX)),
    "bool": (Best(metric="latency_us", factor="on", goal="lowest"), scan("on", (False, True))),
    "ranking": (Ranking(metric="latency_us", factor="m", goal="lowest"), scan("m", (8, 16))),
    "threshold": (
        Threshold(metric="latency_us", factor="m", side="at_most", bound=20),
        scan("m", (1, 10, 100, 1000)),
    ),
    "law": (Law(metric="latency_us", factor="m"), scan("m", (-1.5, 0.0, 2.5))),
    "interaction": (
        Interaction(metric="latency_us", factor="m", by="k"),
        tuple(
            summary(at(m=m, k=k), m, "latency_us", m * k**6) for m in (1, 2, 4) for k in (1, 2, 3)
        ),
    ),
    "frontier": (
        Frontier(
            metric="latency_us",
            goal="lowest",
            other="recall_at_10",
            other_goal="highest",
            factor="index",
            levels=("flat", "ivf"),
        ),
        (*scan("index", INDEX), *scan("index", INDEX, "recall_at_10")),
    ),
    "difference": (
        Difference(metric="latency_us", a=LONG, b=SHORT, direction="lower", at_least_share=0.01),
        PAIR,
    ),
    "ratio": (Ratio(metric="latency_us", a=LONG, b=SHORT, high=1.0), PAIR),
    "equivalence": (Equivalence(metric="latency_us", a=LONG, b=SHORT, margin=20), PAIR),
}


def analysis_of(claim, levels, **changes):
    return d.analysis("c1", d.claims()[0].claim, OUTCOMES).but(
        claim=claim, levels=levels, n=sum(s.n for s in levels), found="flat", **changes
    )


OUTCOMES = [(t, d.measured(t)) for t in d.trials(d.plan())]


def dossier_with(analysis):
    facts = [(who, b) for who, b in d.facts() if b.fact != "analysis"]
    facts[-3:-3] = [("statistician", analysis)]
    facts[-3] = ("analyst", d.answer("It is so."))
    return d.dossier(facts)


def drawn_scan(claim, levels):
    paper = Canvas()
    with style():
        draw_scan(paper, analysis_of(claim, levels), claim, d.plan())
    return paper.axes[0]


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_of_claim_has_a_figure_that_is_drawn_without_a_warning(kind):
    claim, levels = KINDS[kind]
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        (figure,) = figures(dossier_with(analysis_of(claim, levels)))
    assert figure.svg.startswith(b"<?xml")
    picture = imread(io.BytesIO(figure.png))
    assert picture.shape[:2] == (576, 960)
    ink = np.argwhere(picture[..., :3].min(axis=2) < 0.5)
    assert ink.min() >= 1, "something is cut off at the top or the left"
    assert (ink.max(axis=0) < np.array([575, 959])).all(), "something is cut off"
    assert f"n = {sum(s.n for s in levels)}" in figure.alt
    assert "95 % interval" in figure.alt


def test_a_claim_without_values_has_no_figure():
    assert figures(dossier_with(analysis_of(Trend(metric="x", factor="m"), ()))) == ()


def test_file_names_hold_nothing_but_letters_digits_and_dashes():
    claim = Trend(metric="../../etc/pass wd", factor="m")
    (figure,) = figures(dossier_with(analysis_of(claim, scan("m", (1, 2), claim.metric))))
    assert re.fullmatch(r"[a-z0-9-]+", figure.name)


def test_figures_hold_no_date_and_no_version():
    for figure in figures(d.dossier()):
        assert b"<dc:date>" not in figure.svg
        assert b"Matplotlib v" not in figure.svg
        assert b"Software" not in figure.png


def test_levels_far_apart_are_shown_on_a_logarithmic_axis():
    assert drawn_scan(*KINDS["threshold"]).get_xscale() == "log"
    assert drawn_scan(*KINDS["ranking"]).get_xscale() == "linear"
    assert is_wide([1, 20])
    assert not is_wide([0, 20])


def test_all_points_and_all_intervals_are_drawn():
    claim, levels = KINDS["threshold"]
    axes = drawn_scan(claim, levels)
    drawn = sorted(y for line in axes.lines if line.get_marker() == "o" for y in line.get_ydata())
    values = sorted(v for s in levels for v in s.values)
    assert set(values) <= set(drawn)
    (bars,) = axes.containers
    ends = sorted(y for line in bars.lines[1] for y in line.get_ydata())
    assert ends == pytest.approx(sorted(e for s in levels for e in (s.low, s.high)))


def test_axes_name_the_quantity_and_its_unit():
    axes = drawn_scan(*KINDS["threshold"])
    assert axes.get_ylabel() == "latency_us (µs)"
    assert axes.get_xlabel() == "m"


def test_levels_with_names_are_all_labelled():
    axes = drawn_scan(*KINDS["best"])
    assert len(axes.get_xticklabels()) == len(INDEX)


def test_lines_of_an_interaction_differ_without_colour():
    axes = drawn_scan(*KINDS["interaction"])
    means = [bars.lines[0] for bars in axes.containers]
    assert len({(m.get_linestyle(), m.get_marker()) for m in means}) == 3


def test_paired_effects_are_the_differences_within_each_seed():
    dossier = d.dossier()
    c3 = dossier.final_analyses()[2]
    low, high = c3.levels
    expected = [a - b for a, b in zip(high.values, low.values, strict=True)]
    got = paired_effects(dossier, c3, c3.claim, d.plan())
    assert got == pytest.approx(expected)
    assert sum(got) / len(got) == pytest.approx(c3.estimate)


def test_an_arm_that_is_named_by_nothing_is_at_the_defaults():
    dossier = d.dossier()
    c3 = dossier.final_analyses()[2]
    bare = c3.but(claim=c3.claim.but(b=()))
    ends = {s.level: s.values for s in d.summaries("latency_us", OUTCOMES)}
    expected = [a - b for a, b in zip(ends[512], ends[64], strict=True)]
    assert paired_effects(dossier, bare, bare.claim, d.plan()) == pytest.approx(expected)


def test_a_failed_trial_has_no_point():
    facts = d.facts()
    trial = next(t for t in d.trials(d.plan()) if d.level_of(t) == 512)
    facts = [
        (who, d.failed(trial) if isinstance(b, Measured) and b.trial == trial.id else b)
        for who, b in facts
    ]
    dossier = d.dossier(facts)
    c3 = dossier.final_analyses()[2]
    assert len(paired_effects(dossier, c3, c3.claim, d.plan())) == len(d.SEEDS) - 1


def test_both_arms_and_the_effect_are_drawn_with_their_intervals():
    dossier = d.dossier()
    c3 = dossier.final_analyses()[2]
    paper = Canvas()
    with style():
        draw_pair(paper, c3, c3.claim, d.plan(), dossier)
    arms, effect = paper.axes
    assert len(arms.containers) == 2
    (bars,) = effect.containers
    assert sorted(bars.lines[2][0].get_segments()[0][:, 0]) == pytest.approx([c3.low, c3.high])
    assert "95 % interval (µs)" in effect.get_xlabel()


def test_characters_that_the_font_lacks_are_replaced():
    assert drawable("a\n漢 µ") == "a ? µ"
