"""How things look: data on stdout, everything else on stderr."""

import json
from collections.abc import Sequence
from typing import Any

import typer

WIDEST = 100
"""Characters of a table's cell; what is longer is cut, and stands whole in the JSON."""


def put(text: str = "") -> None:
    """A line of data."""
    typer.echo(text)


def say(text: str) -> None:
    """A line for the person who waits."""
    typer.echo(text, err=True)


def put_json(value: Any) -> None:
    """One JSON value on one line."""
    typer.echo(json.dumps(value, ensure_ascii=False, allow_nan=False))


def put_table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """Columns under their names, two spaces apart."""
    lines = [[_short(cell) for cell in row] for row in (head, *rows)]
    widths = [max(len(line[i]) for line in lines) for i in range(len(head))]
    for line in lines:
        cells = (cell.ljust(width) for cell, width in zip(line, widths, strict=True))
        put("  ".join(cells).rstrip())


def figure(value: float | None) -> str:
    """A number with four digits, or a dash where there is none."""
    return "–" if value is None else f"{value:.4g}"


def _short(cell: str) -> str:
    line = " ".join(cell.split())
    return line if len(line) <= WIDEST else line[: WIDEST - 1] + "…"
