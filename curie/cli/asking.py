"""The commands that start or go on with a run: ask, plan, resume."""

import shlex
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from curie.cli import options as o
from curie.cli.exits import Interrupted
from curie.cli.printing import figure, put, put_json, put_table, say
from curie.cli.progress import Onlooker, looking_on
from curie.domain.errors import REJECTED, CurieError, UsageError

if TYPE_CHECKING:
    from curie.app.options import Given
    from curie.app.request import Approve, Ended


def ask(
    question: o.QuestionText,
    agent: o.Agent = "curie",
    model: o.Model = None,
    role: o.Roles = None,
    system: o.SystemName = None,
    workspace: o.Workspace = None,
    dataset: o.Dataset = None,
    budget_usd: o.BudgetUsd = None,
    budget_trials: o.BudgetTrials = None,
    budget_minutes: o.BudgetMinutes = None,
    approve: o.Approve = False,
    yes: o.Yes = False,
    sandbox: o.Sandbox = None,
    workers: o.Workers = None,
    price: o.PriceText = None,
    allow_unknown_price: o.AllowUnknownPrice = False,
    without: o.Without = None,
    strict: o.Strict = False,
    as_json: o.AsJson = False,
    home: o.Home = None,
) -> None:
    """Answer a question by experiment, and write a report."""
    given = _given(
        home=home,
        agent=agent,
        model=model,
        roles=role or (),
        system=system,
        workspace=workspace,
        dataset=dataset,
        budget_usd=budget_usd,
        budget_trials=budget_trials,
        budget_minutes=budget_minutes,
        sandbox=sandbox,
        workers=workers,
        price=price,
        allow_unknown_price=allow_unknown_price,
        without=without or (),
    )
    show_end(_answer(question, given, approve=approve, yes=yes), as_json=as_json, strict=strict)


def plan(
    question: o.QuestionText,
    model: o.Model = None,
    role: o.Roles = None,
    system: o.SystemName = None,
    workspace: o.Workspace = None,
    dataset: o.Dataset = None,
    budget_usd: o.BudgetUsd = None,
    budget_trials: o.BudgetTrials = None,
    price: o.PriceText = None,
    allow_unknown_price: o.AllowUnknownPrice = False,
    as_json: o.AsJson = False,
    home: o.Home = None,
) -> None:
    """Design an experiment and say what it could see; run nothing."""
    given = _given(
        home=home,
        model=model,
        roles=role or (),
        system=system,
        workspace=workspace,
        dataset=dataset,
        budget_usd=budget_usd,
        budget_trials=budget_trials,
        price=price,
        allow_unknown_price=allow_unknown_price,
    )
    _design(question, given, as_json=as_json)


def _given(**words: Any) -> "Given":
    """The options as they were given; what is not said is left to the settings."""
    from curie.app.options import Given

    return Given(**words)


def resume(
    run: o.RunId,
    approve: o.Approve = False,
    yes: o.Yes = False,
    strict: o.Strict = False,
    as_json: o.AsJson = False,
    home: o.Home = None,
) -> None:
    """Take an interrupted run to its end; nothing is measured twice."""
    check_approval(approve=approve, yes=yes)
    from curie.app.ask import resume as go_on
    from curie.app.settings import load_settings

    settings = load_settings({"home": home})
    with resumable(home), looking_on() as watch:
        ended = go_on(run, settings, watch=watch, approve=approval(watch, approve=approve, yes=yes))
    show_end(ended, as_json=as_json, strict=strict)


def read_question(given: str) -> str:
    """The question itself; from stdin for `-`."""
    return sys.stdin.read() if given == "-" else given


def check_approval(*, approve: bool, yes: bool) -> None:
    """UsageError where a person is to be asked and nobody can answer."""
    if approve and not yes and not sys.stdin.isatty():
        raise UsageError(
            "--approve: stdin is no terminal, so nobody can be asked; add --yes to agree to every "
            "plan, or look at it first with `curie plan`"
        )


def approval(watch: Onlooker, *, approve: bool, yes: bool) -> "Approve | None":
    """Who is asked about a plan: the person, nobody who reads it out, or nobody."""
    if not approve:
        return None
    from curie.app.plans import agreeing, asking

    return agreeing(_apart(watch)) if yes else asking(_apart(watch), _read)


@contextmanager
def resumable(home: Path | None) -> Iterator[None]:
    """Has whatever stops a run say how to go on, with the home folder that was given."""
    try:
        yield
    except CurieError as error:
        _note_home(error, home)
        raise
    except KeyboardInterrupt as error:
        stopped = Interrupted("stopped; what was measured until now is kept")
        for note in getattr(error, "__notes__", ()):
            stopped.add_note(note)
        _note_home(stopped, home)
        raise stopped from error


def show_end(ended: "Ended", *, as_json: bool, strict: bool) -> None:
    """Print what a run came to, and leave with its exit code."""
    if as_json:
        put_json(ended.as_json())
    else:
        _show_words(ended)
    code = ended.exit_code
    if strict and code == 0 and ended.verdict == "inconclusive":
        code = REJECTED
    raise typer.Exit(code)


def _answer(question: str, given: "Given", *, approve: bool, yes: bool) -> "Ended":
    from curie.app.options import read_options

    check_approval(approve=approve, yes=yes)
    request, settings = read_options(read_question(question), given)
    from curie.app.ask import ask as answer

    with resumable(given.home), looking_on() as watch:
        asked = approval(watch, approve=approve, yes=yes)
        return answer(request, settings, watch=watch, approve=asked)


def _design(question: str, given: "Given", *, as_json: bool) -> None:
    from curie.app.options import read_options

    request, settings = read_options(read_question(question), given)
    from curie.app.ask import plan_only
    from curie.app.plans import plan_lines, trial_count

    with looking_on() as watch:
        designed = plan_only(request, settings, watch=watch)
    if as_json:
        shaped = designed.model_dump(mode="json")
        put_json({**shaped, "sha256": designed.fingerprint(), "trials": trial_count(designed)})
        return
    for line in plan_lines(designed):
        put(line)


def _show_words(ended: "Ended") -> None:
    if ended.agent == "baseline":
        put(BASELINE)
    put(ended.answer)
    put(f"Verdict: {ended.verdict.replace('_', ' ')}")
    if ended.verdict == "gave_up":
        for limit in ended.limits:
            put(f"  {limit}")
    if ended.claims:
        put()
        put_table(CLAIM_HEAD, claim_rows(ended.claims))
        put()
    if ended.without:
        put(f"Switched off, so not asked: {', '.join(ended.without)}")
    put(sandbox_line(ended.sandbox, ended.open_doors))
    put(f"Run: {ended.run}")
    put(f"Report: {ended.report}")


BASELINE = (
    "Agent: baseline. No plan was frozen and no check was asked; the numbers are the model's."
)

CLAIM_HEAD = ("claim", "verdict", "estimate", "low", "high", "unit", "p", "n", "text")


def claim_rows(claims: "tuple[dict[str, object], ...]") -> list[list[str]]:
    """The claims of a run as rows of a table."""
    return [
        [
            str(claim["id"]),
            str(claim["verdict"]),
            *(_number(claim[key]) for key in ("estimate", "low", "high")),
            str(claim["unit"]) or "–",
            _number(claim["p"]),
            str(claim["n"]),
            str(claim["text"]),
        ]
        for claim in claims
    ]


def sandbox_line(backend: str, open_doors: tuple[str, ...]) -> str:
    """Where the trials ran, and what that place does not protect from."""
    places = {
        "docker": "Docker containers",
        "process": "process boxes, without a container engine",
        "none": "no trial was run",
    }
    line = f"Sandbox: {places.get(backend, backend)}"
    return f"{line}; not enforced: {', '.join(open_doors)}" if open_doors else line


def _number(value: object) -> str:
    return figure(value if isinstance(value, int | float) else None)


def _note_home(error: CurieError, home: Path | None) -> None:
    if home is not None and hasattr(error, "__notes__"):
        error.__notes__ = [f"{note} --home {shlex.quote(str(home))}" for note in error.__notes__]


def _apart(watch: Onlooker) -> Callable[[str], None]:
    def show(line: str) -> None:
        watch.aside()
        say(line)

    return show


def _read(prompt: str) -> str:
    typer.echo(prompt, err=True, nl=False)
    line = sys.stdin.readline()
    if not line:
        raise UsageError("--approve: stdin ended before the plan was answered; run it again")
    return line
