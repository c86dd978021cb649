"""The commands that only read: runs, show, report, systems, config."""

from typing import TYPE_CHECKING, Annotated

import typer

from curie.cli import options as o
from curie.cli.asking import BASELINE, CLAIM_HEAD, claim_rows, sandbox_line
from curie.cli.printing import put, put_json, put_table, say

if TYPE_CHECKING:
    from curie.app.runs import Shown
    from curie.domain.system import System


def runs(as_json: o.AsJson = False, home: o.Home = None) -> None:
    """List all runs, newest first."""
    from curie.app.runs import list_runs
    from curie.app.settings import load_settings

    rows = list_runs(load_settings({"home": home}))
    if as_json:
        put_json([row.model_dump(mode="json") for row in rows])
        return
    if not rows:
        say('no runs yet; ask a question with `curie ask "…"`')
        return
    head = ("run", "state", "verdict", "system", "trials", "usd", "question")
    put_table(
        head,
        [
            (
                row.run,
                row.state,
                row.verdict or "–",
                row.system or "–",
                str(row.trials),
                f"{row.usd:.4f}",
                row.question,
            )
            for row in rows
        ],
    )


def show(run: o.RunId, as_json: o.AsJson = False, home: o.Home = None) -> None:
    """Show one run: its answer, plans, verdicts and trials."""
    from curie.app.runs import show as look_up
    from curie.app.settings import load_settings

    shown = look_up(run, load_settings({"home": home}))
    if as_json:
        put_json(shown.as_json())
    else:
        _show_words(shown)


def report(
    run: o.RunId,
    html: Annotated[bool, typer.Option("--html", help="One self-contained page.")] = False,
    as_json: o.AsJson = False,
    home: o.Home = None,
) -> None:
    """Make the report of a run again, from the ledger, and print its path."""
    from curie.app.runs import report as render
    from curie.app.settings import load_settings

    path = render(run, load_settings({"home": home}), html=html)
    if as_json:
        put_json({"report": str(path)})
    else:
        put(str(path))


def systems(
    name: Annotated[
        str | None,
        typer.Argument(
            metavar="[NAME]", help="One system, in detail.", autocompletion=o.complete_system
        ),
    ] = None,
    as_json: o.AsJson = False,
) -> None:
    """List the systems that can be asked about, or show one."""
    from curie.app.systems import list_systems, one_system, system_json

    if name is not None:
        system = one_system(name)
        if as_json:
            put_json(system_json(system))
        else:
            _system_words(system)
        return
    found = list_systems()
    if as_json:
        put_json([system_json(system) for system in found])
        return
    put_table(("system", "mode", "asks"), [(s.name, s.mode, s.about) for s in found])


def config(as_json: o.AsJson = False, home: o.Home = None) -> None:
    """Show every setting and where it comes from; never a key."""
    from curie.app.settings import origins

    rows = origins({"home": home})
    if as_json:
        put_json([{"name": n, "value": value, "from": where} for n, value, where in rows])
    else:
        put_table(("setting", "value", "from"), rows)


def _show_words(shown: "Shown") -> None:
    put(f"{shown.run}: {shown.question}")
    if shown.agent == "baseline":
        put(BASELINE)
    put(f"{shown.verdict}: {shown.answer}")
    put(sandbox_line(shown.sandbox, shown.open_doors))
    put(f"Model: {shown.model}, ${shown.usd:.4f}")
    if shown.claims:
        put()
        put_table(CLAIM_HEAD, claim_rows(shown.claims))
    for plan in shown.plans:
        put()
        state = "frozen" if plan["frozen"] else "not frozen"
        put(f"Plan {plan['id']} on {plan['system']}, {plan['sha256'][:16]}, {state}")
        put(f"  {plan['understood']}")
        for arm in plan["arms"]:
            put(f"  {arm['id']} ({arm['role']}): {arm['settings']}")
        if plan["hold"]:
            put(f"  held: {plan['hold']}")
    _judgements(shown)
    _trials(shown)
    put()
    put(f"Report: {shown.report} (`curie report {shown.run}` makes it again)")


def _judgements(shown: "Shown") -> None:
    if not shown.verdicts:
        return
    put()
    for verdict in shown.verdicts:
        word = "accepted" if verdict["accepted"] else f"sent back: {verdict['remedy']}"
        put(f"Gate {verdict['gate']} on {verdict['subject']}: {word}")
        for finding in verdict["findings"]:
            if finding["status"] not in ("passed", "skipped"):
                put(f"  {finding['check']} {finding['status']}: {finding['detail']}")


def _trials(shown: "Shown") -> None:
    if not shown.trials:
        return
    put()
    put_table(
        ("trial", "phase", "seed", "state", "measured"),
        [
            (
                trial["trial"],
                trial["phase"],
                str(trial["seed"]),
                f"{trial['state']} {trial['why']}".strip(),
                ", ".join(f"{name}={value:.4g}" for name, value in trial["metrics"].items()) or "–",
            )
            for trial in shown.trials
        ],
    )


def _system_words(system: "System") -> None:
    from curie.app.systems import allowed_text, system_json
    from curie.domain.setting import level_text

    put(f"{system.name}: {system.title}")
    put(system.about)
    put(f"Paper: {system.paper or 'none'}")
    put(f"Real: {system.real}")
    put(f"Modelled: {system.modelled}")
    if system.factors:
        put()
        put_table(
            ("factor", "unit", "default", "levels", "about"),
            [
                (f.name, f.unit or "–", level_text(f.default), allowed_text(f), f.about)
                for f in system.factors
            ],
        )
    if system.metrics:
        put()
        put_table(
            ("metric", "unit", "better", "noise", "about"),
            [(m.name, m.unit or "–", m.better, m.noise, m.about) for m in system.metrics],
        )
    if system.claims:
        put()
        put("Published claims:")
        for claim in system_json(system)["claims"]:
            put(f"  {claim['id']}: {claim['text']}")
            put(f"    {claim['figure']} ({claim['source']}; {claim['verified']})")
