"""Options that several commands have, and the completion of their values."""

from pathlib import Path
from typing import Annotated, Literal

import typer

from curie.app.places import home_now, run_names, system_names

AgentKind = Literal["curie", "baseline"]
SandboxKind = Literal["auto", "docker", "process"]


def complete_run(context: typer.Context, incomplete: str) -> list[str]:
    """Runs that begin so, newest first; none where the home folder cannot be read."""
    named = context.params.get("home")
    home = Path(named) if named else home_now()
    return [name for name in run_names(home) if name.startswith(incomplete)]


def complete_system(incomplete: str) -> list[str]:
    """Shipped systems that begin so."""
    return [name for name in system_names() if name.startswith(incomplete)]


def complete_model(incomplete: str) -> list[str]:
    """The kinds of models."""
    kinds = ("builtin", "openai/", "replay/", "scripted/")
    return [kind for kind in kinds if kind.startswith(incomplete)]


Home = Annotated[
    Path | None,
    typer.Option("--home", metavar="DIR", help="Where the ledger and the reports are."),
]
AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON value on stdout.")]
RunId = Annotated[
    str,
    typer.Argument(
        metavar="RUN",
        help="A run: the beginning of its id, or `last`.",
        autocompletion=complete_run,
    ),
]
Sandbox = Annotated[
    SandboxKind | None,
    typer.Option("--sandbox", help="Where trials run; auto is Docker where an engine answers."),
]
QuestionText = Annotated[
    str, typer.Argument(metavar="QUESTION", help="The question in words; - reads it from stdin.")
]
Model = Annotated[
    str | None,
    typer.Option(
        "--model",
        metavar="MODEL",
        help="Who thinks: builtin, openai/NAME, replay/RUN or scripted/FILE.",
        autocompletion=complete_model,
    ),
]
Agent = Annotated[
    AgentKind,
    typer.Option(
        "--agent",
        help="Who answers: curie, or for comparison one model alone, whose word nobody checks.",
    ),
]
Roles = Annotated[
    list[str] | None,
    typer.Option(
        "--role",
        metavar="ROLE=MODEL",
        help="A model of its own for architect, technician, reviewer or analyst; repeatable.",
    ),
]
SystemName = Annotated[
    str | None,
    typer.Option(
        "--system",
        metavar="NAME",
        help="The system to ask; else it is found by the question's words.",
        autocompletion=complete_system,
    ),
]
Workspace = Annotated[
    Path | None,
    typer.Option("--workspace", metavar="DIR", help="Your code: copied, never written to."),
]
Dataset = Annotated[
    Path | None,
    typer.Option("--dataset", metavar="DIR", help="Your data: read-only, its hash is recorded."),
]
BudgetUsd = Annotated[
    float | None, typer.Option("--budget-usd", min=0, help="The most to spend on model calls.")
]
BudgetTrials = Annotated[
    int | None, typer.Option("--budget-trials", min=1, help="The most trials to run.")
]
BudgetMinutes = Annotated[
    float | None, typer.Option("--budget-minutes", min=0, help="The longest it may take.")
]
Workers = Annotated[
    int | None, typer.Option("--workers", min=1, max=256, help="Trials that run at the same time.")
]
Without = Annotated[
    list[str] | None,
    typer.Option(
        "--without",
        metavar="PART|CHECK",
        help="Switch off intra, inter or one check, to see what it is worth; repeatable.",
    ),
]
PriceText = Annotated[
    str | None,
    typer.Option("--price", metavar="IN,OUT", help="USD per million tokens in and out."),
]
AllowUnknownPrice = Annotated[
    bool, typer.Option("--allow-unknown-price", help="Go on where a model's price is unknown.")
]
Approve = Annotated[
    bool, typer.Option("--approve", help="Show each plan and wait for yes, no or a comment.")
]
Yes = Annotated[bool, typer.Option("--yes", help="Say yes to every plan without asking.")]
Strict = Annotated[bool, typer.Option("--strict", help="Exit with 5 if it is inconclusive.")]
