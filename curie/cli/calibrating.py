"""`curie calibrate`: whether the verdicts keep their error rates."""

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from curie.cli import options as o
from curie.cli.printing import put, put_json, put_table, say

if TYPE_CHECKING:
    from curie.app.calibration.results import Calibration, Measured


Runs = Annotated[
    int, typer.Option("--runs", min=20, max=100_000, help="Experiments a cell, of each truth.")
]
Claims = Annotated[
    list[str] | None, typer.Option("--claim", help="Only this kind of claim; repeatable.")
]
Families = Annotated[
    list[str] | None, typer.Option("--family", help="Only this noise; repeatable.")
]
Counts = Annotated[
    list[int] | None,
    typer.Option("--n", min=3, max=200, help="Only so many replicates; repeatable."),
]
Seed = Annotated[int, typer.Option("--seed", help="Of the made-up experiments.")]
Folder = Annotated[
    Path | None,
    typer.Option(
        "--report",
        metavar="DIR",
        help="Write report.md and calibration.json there, and go on from what is there.",
    ),
]


def calibrate(
    runs: Runs = 200,
    claim: Claims = None,
    family: Families = None,
    n: Counts = None,
    seed: Seed = 1,
    workers: o.Workers = None,
    report: Folder = None,
    as_json: o.AsJson = False,
) -> None:
    """Measure the error rates of the verdicts on made-up experiments whose truth is known."""
    from curie.app.calibration.report import write
    from curie.app.calibration.run import Grid
    from curie.app.calibration.run import calibrate as measure

    found = measure(
        Grid(tuple(claim or ()), tuple(family or ()), tuple(n or ())),
        runs=runs,
        seed=seed,
        workers=workers or os.cpu_count() or 1,
        folder=report,
        tell=_tell,
    )
    if report:
        say(f"report: {write(found, report)}")
    if as_json:
        put_json(found.model_dump(mode="json"))
    else:
        _show(found)


def _tell(done: int, of: int) -> None:
    if sys.stderr.isatty():
        typer.echo(f"\r{done} of {of} cells", nl=done == of, err=True)


def _show(found: "Calibration") -> None:
    put_table(
        (
            "claim",
            "family",
            "n",
            "early stop",
            "false +",
            "at most",
            "coverage",
            "power",
            "promised",
        ),
        [
            (
                cell.claim,
                cell.family,
                str(cell.n),
                "yes" if cell.adaptive else "no",
                *_rates(cell),
            )
            for cell in found.cells
        ],
    )
    worst = found.worst
    put()
    put(f"{worst.accepted} of {worst.cells} cells accepted; {found.runs:,} experiments a cell")
    put(
        f"false positives: {worst.false_positive_mean:.2%} on average, at most "
        f"{worst.false_positive:.2%} ({worst.false_positive_cell})"
    )
    put(f"significantly above 5 %: {'; '.join(worst.significant) or 'none'}")
    put(f"coverage: at least {worst.coverage:.2%} ({worst.coverage_cell})")
    put(f"power: at most {100 * worst.power_short:.1f} points short ({worst.power_short_cell})")
    put("promises kept" if worst.kept else "promises NOT kept (with few experiments, by chance)")


def _rates(cell: "Measured") -> tuple[str, ...]:
    if not cell.accepted:
        return ("refused", "–", "–", "–", "–")
    said = " (said)" if cell.warned_share >= 0.5 else ""
    return (
        f"{cell.false_positive:.2%}",
        f"{cell.false_positive_high:.2%}",
        f"{cell.coverage:.2%}",
        f"{cell.power:.2f}{said}",
        f"{cell.power_promised:.2f}",
    )
