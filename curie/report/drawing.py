"""Paper and pens of the figures: one style, fixed fonts, and the same bytes each time."""

import io
import re
import textwrap
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from typing import Any, Literal

import matplotlib as mpl
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure as Canvas
from matplotlib.font_manager import FontProperties, findfont, get_font
from matplotlib.ticker import FuncFormatter, NullLocator

from curie.domain.wording import exactly

INK = "#1f3b57"
POINT = "#5f6b76"
FAINT = "#c9d2da"
SIZE_INCHES = (6.0, 3.6)
_TITLE_CHARACTERS = 58
_LEGEND_CHARACTERS = 84

_STYLE: dict[Any, Any] = {
    "font.family": "DejaVu Sans",
    "font.size": 9.0,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.edgecolor": "#444444",
    "axes.linewidth": 0.8,
    "axes.grid": True,
    "axes.axisbelow": True,
    "grid.color": "#e6e9ec",
    "grid.linewidth": 0.7,
    "legend.frameon": False,
    "legend.fontsize": 8.0,
    "svg.hashsalt": "curie",
    "svg.fonttype": "path",
    "text.parse_math": False,
    "figure.facecolor": "white",
}


@contextmanager
def style() -> Iterator[None]:
    """Our style and nobody's matplotlibrc: a person's own settings do not change a report."""
    with mpl.rc_context():
        mpl.rcdefaults()
        mpl.rcParams.update(_STYLE)
        yield


def canvas(title: str) -> Canvas:
    """An empty figure with a title."""
    paper = Canvas(figsize=SIZE_INCHES, layout="constrained")
    # A sign stays with its number: textwrap breaks at spaces that may break only.
    kept = re.sub(r"([≥≤]) ", "\\1\N{NO-BREAK SPACE}", drawable(title))
    lines = textwrap.wrap(kept, _TITLE_CHARACTERS, max_lines=3, placeholder=" …")
    paper.suptitle("\n".join(lines), x=0.012, ha="left", fontsize=10, fontweight="bold")
    return paper


def subtitled(paper: Canvas, text: str) -> None:
    """A quieter line between the title and what is drawn."""
    paper.axes[0].set_title(drawable(text), loc="left", fontsize=8, color=POINT)


def printed(paper: Canvas) -> tuple[bytes, bytes]:
    """The figure as SVG and as PNG, without date and version."""
    svg, png = io.BytesIO(), io.BytesIO()
    nothing = {"Date": None, "Creator": None, "Format": None, "Type": None}
    paper.savefig(svg, format="svg", metadata=nothing)
    paper.savefig(png, format="png", dpi=160, metadata={"Software": None})
    return svg.getvalue(), png.getvalue()


def drawable(text: str) -> str:
    """The text on one line, with `?` for characters that the font lacks."""
    known = _characters()
    return "".join(c if ord(c) in known else "?" for c in " ".join(text.split()))


def axis_name(name: str, unit: str) -> str:
    """An axis label: a name and its unit, if it has one."""
    return drawable(f"{name} ({unit})" if unit else name)


def plain_numbers(axes: Axes, *which: Literal["x", "y"]) -> None:
    """Write tick labels in full: no offsets, no exponents for everyday sizes."""
    for name in which:
        axis = axes.xaxis if name == "x" else axes.yaxis
        axis.set_major_formatter(FuncFormatter(_plain))


def inward(axes: Axes, x: float) -> Literal["left", "center", "right"]:
    """How a text at x is aligned so that it stays inside the axes."""
    left, right = axes.get_xlim()
    place = (x - left) / (right - left)
    if place < 0.25:
        return "left"
    return "right" if place > 0.75 else "center"


def is_wide(levels: Sequence[float]) -> bool:
    """Whether levels are better shown on a logarithmic axis: positive, and 20-fold apart."""
    return min(levels) > 0 and max(levels) / min(levels) >= 20


def names_at(axes: Axes, names: Sequence[str]) -> None:
    """Ticks on x at 0, 1, 2 … for names, all of them, on up to three lines each."""
    width = max(6, 78 // max(1, len(names)))
    wrapped = [
        "\n".join(textwrap.wrap(drawable(n), width, max_lines=3, placeholder=" …")) for n in names
    ]
    axes.set_xticks(range(len(names)), wrapped)
    axes.set_xlim(-0.5, len(names) - 0.5)


def ticks_at(axes: Axes, places: Sequence[float], labels: Sequence[str], *, log: bool) -> None:
    """Ticks on x at these places, leaving out those that would run into their neighbours."""
    if log:
        axes.set_xscale("log")
    axes.xaxis.set_minor_locator(NullLocator())
    shown = _apart(places, labels, log=log)
    axes.set_xticks([places[i] for i in shown], [drawable(labels[i]) for i in shown])


def legend_below(paper: Canvas, axes: Axes) -> None:
    """A legend under everything, where it covers no data; in columns that fit the width."""
    handles, labels = axes.get_legend_handles_labels()
    unique = dict(zip(labels, handles, strict=True))
    paper.legend(
        list(unique.values()),
        list(unique),
        loc="outside lower left",
        ncols=_columns([len(label) for label in unique]),
        handletextpad=0.4,
        columnspacing=1.4,
        borderaxespad=0.2,
    )


def _columns(lengths: list[int]) -> int:
    """All labels in one row where they fit, else as many equal columns as do."""
    if sum(lengths) + 6 * len(lengths) <= _LEGEND_CHARACTERS:
        return len(lengths)
    return max(1, _LEGEND_CHARACTERS // (max(lengths) + 6))


def _plain(value: float, _position: int | None = None) -> str:
    return exactly(value, 6).replace("-", "−")


def _apart(places: Sequence[float], labels: Sequence[str], *, log: bool) -> list[int]:
    """Indices of labels that fit side by side, from the left; the last one always fits."""
    at = np.log10(places) if log else np.asarray(places, dtype=float)
    span = float(at.max() - at.min()) or 1.0
    widths = [0.02 + 0.016 * len(label) for label in labels]
    last = len(labels) - 1
    shown = [last]
    for i in range(last - 1, -1, -1):
        if (at[shown[-1]] - at[i]) / span >= (widths[i] + widths[shown[-1]]) / 2:
            shown.append(i)
    return shown[::-1]


@cache
def _characters() -> frozenset[int]:
    font = get_font(findfont(FontProperties(family="DejaVu Sans")))
    return frozenset(font.get_charmap())
