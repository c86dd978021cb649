"""The command that measures the checks: audit."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from curie.cli import options as o
from curie.cli.exits import BROKEN, DONE
from curie.cli.printing import put, put_json, put_table, say
from curie.domain.errors import INTERRUPTED, UsageError

if TYPE_CHECKING:
    from curie.app.audit.audit import Audit
    from curie.app.audit.one_case import Tried


Cases = Annotated[
    Path | None,
    typer.Option("--cases", metavar="DIR", help="The corpus; else that of the checkout."),
]
Only = Annotated[
    list[str] | None,
    typer.Option("--only", metavar="GLOB", help="Cases or families like this; repeatable."),
]
HalfOf = Annotated[
    Literal["development", "held_out", "both"], typer.Option("--half", help="Which cases.")
]
Sample = Annotated[
    int | None, typer.Option("--sample", min=1, help="Only so many, drawn at random.")
]
Seed = Annotated[int, typer.Option("--seed", min=0, help="What --sample is drawn by.")]
Workers = Annotated[
    int | None, typer.Option("--workers", min=1, max=256, help="Cases that run at the same time.")
]
Ablations = Annotated[
    bool, typer.Option("--ablations", help="Once whole, then without each part, then neither.")
]
Demand = Annotated[
    str | None,
    typer.Option(
        "--demand",
        metavar="CAUGHT,ALARMS",
        help="Exit with 1 if fewer cheats or more honest work was stopped: 0.97,0.02.",
    ),
]
ReportFolder = Annotated[
    Path | None,
    typer.Option("--report", metavar="DIR", help="Write report.md and audit.json there."),
]


def audit(
    cases: Cases = None,
    only: Only = None,
    half: HalfOf = "both",
    sample: Sample = None,
    seed: Seed = 0,
    workers: Workers = None,
    sandbox: o.Sandbox = "process",
    without: o.Without = None,
    ablations: Ablations = False,
    demand: Demand = None,
    report: ReportFolder = None,
    as_json: o.AsJson = False,
    home: o.Home = None,
) -> None:
    """Measure how many planted cheats the checks stop, and how much honest work."""
    from curie.app.audit.choose import Choice
    from curie.app.audit.run import Wanted, run_audit
    from curie.app.options import read_without
    from curie.app.settings import load_settings

    floor = _demand(demand)
    wanted = Wanted(
        cases=cases,
        choice=Choice(only=tuple(only or ()), half=half, sample=sample, seed=seed),
        sandbox=sandbox or "process",
        without=read_without(without or ()),
        ablations=ablations,
    )
    settings = load_settings({"home": home, "workers": workers})
    audits = run_audit(wanted, settings, say=say, heard=_told)
    _show(audits, as_json=as_json)
    if report is not None:
        from curie.app.audit.report import write_report

        say(f"Report: {write_report(audits, report)}")
    raise typer.Exit(_code(audits, floor))


def _told(tried: "Tried", done: int, total: int) -> None:
    """A line as each case ends."""
    how = {
        "stopped": f"stopped at {tried.gate} ({', '.join(tried.checks)})",
        "let_through": f"answered {tried.why}",
        "broken": f"broke: {tried.why}",
    }
    say(f"[{done}/{total}] {tried.case}: {how[tried.how]}, {tried.seconds:.1f} s")


def _demand(text: str | None) -> tuple[float, float] | None:
    if text is None:
        return None
    try:
        caught, alarms = (float(part) for part in text.split(","))
    except ValueError as error:
        raise UsageError(f"--demand {text!r}: give two shares, as in 0.97,0.02") from error
    if not (0 <= caught <= 1 and 0 <= alarms <= 1):
        raise UsageError(f"--demand {text!r}: shares lie between 0 and 1")
    return caught, alarms


def _show(audits: "tuple[Audit, ...]", *, as_json: bool) -> None:
    from curie.app.audit.report import audits_json
    from curie.app.audit.words import (
        ABLATION_HEAD,
        HEAD,
        TOTAL_HEAD,
        ablation_rows,
        conditions,
        family_rows,
        notes,
        total_rows,
    )

    if as_json:
        put_json(audits_json(audits))
        return
    first = audits[0]
    put_table(HEAD, family_rows(first))
    put()
    put_table(TOTAL_HEAD, total_rows(first))
    for heading, named in notes(first):
        if named:
            put(f"\n{heading}:")
            for text in named:
                put(f"  {text}")
    if len(audits) > 1:
        put()
        put_table(ABLATION_HEAD, ablation_rows(audits))
    put(f"\n{conditions(first)}")


def _code(audits: "tuple[Audit, ...]", floor: tuple[float, float] | None) -> int:
    from curie.app.audit.tally import broke, meets

    if not all(audit.complete for audit in audits):
        return INTERRUPTED
    if any(broke(audit) for audit in audits):
        return BROKEN
    if floor is not None and not meets(audits[0], catch=floor[0], alarm=floor[1]):
        return BROKEN
    return DONE
