"""The commands that use a sandbox without a question: run, doctor, sandbox build."""

from typing import TYPE_CHECKING, Annotated

import typer

from curie.cli import options as o
from curie.cli.asking import sandbox_line
from curie.cli.exits import BROKEN, NOT_READY
from curie.cli.printing import figure, put, put_json, put_table, say

if TYPE_CHECKING:
    from curie.app.doctor import Check
    from curie.app.one_trial import Tried

_TAIL = 15
"""Lines of a failed trial's output that are shown."""


def run(
    system: Annotated[
        str,
        typer.Argument(metavar="SYSTEM", help="The system.", autocompletion=o.complete_system),
    ],
    assignments: Annotated[
        list[str] | None,
        typer.Option(
            "--set", metavar="FACTOR=LEVEL", help="A factor away from its default; repeatable."
        ),
    ] = None,
    seed: Annotated[int, typer.Option("--seed", min=0, help="The seed of its dice.")] = 1,
    sandbox: o.Sandbox = None,
    as_json: o.AsJson = False,
    home: o.Home = None,
) -> None:
    """Run one trial of a system by hand, in a sandbox; it is not kept."""
    from curie.app.one_trial import run_one
    from curie.app.settings import load_settings
    from curie.domain.outcome import Failed

    settings = load_settings({"home": home, "sandbox": sandbox})
    tried = run_one(system, assignments or (), settings, seed=seed, say=say)
    for note in tried.notes:
        say(f"note: {note}")
    if as_json:
        put_json(tried.as_json())
    else:
        _show_trial(tried)
    if isinstance(tried.outcome, Failed):
        raise typer.Exit(BROKEN)


def doctor(
    as_json: o.AsJson = False,
    sandbox: Annotated[
        bool, typer.Option("--sandbox", help="Let a hostile program try to leave its box.")
    ] = False,
    home: o.Home = None,
) -> None:
    """Say whether this machine can answer questions, and what it lacks."""
    from curie.app.doctor import examine
    from curie.app.settings import load_settings

    health = examine(load_settings({"home": home}), probe=sandbox, say=say)
    if as_json:
        put_json(health.as_json())
    else:
        for check in health.checks:
            _show_check(check)
        put("Ready." if health.ok else "Not ready: mend what is missing first.")
    if not health.ok:
        raise typer.Exit(NOT_READY)


def build(
    names: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[SYSTEM]...",
            help="The systems; all shipped ones if none is named.",
            autocompletion=o.complete_system,
        ),
    ] = None,
    sandbox: o.Sandbox = None,
    as_json: o.AsJson = False,
    home: o.Home = None,
) -> None:
    """Make the base image and the systems' images now; only this phase sees a network."""
    from curie.app.sandboxes import build as build_images
    from curie.app.settings import load_settings

    settings = load_settings({"home": home, "sandbox": sandbox})
    made = []
    for name, image in build_images(names or (), settings, say=say):
        made.append({"system": name, **image.model_dump(mode="json")})
        if not as_json:
            put(f"{name}: {image.name}, {image.digest[:26]}, from {image.base}")
    if as_json:
        put_json(made)


def _show_trial(tried: "Tried") -> None:
    from curie.domain.outcome import Failed
    from curie.domain.setting import settings_text

    put(f"{tried.system} with {settings_text(tried.settings)}; seed {tried.seed}")
    put(sandbox_line(tried.posture.backend, tuple(g.name for g in tried.posture.open_doors)))
    outcome = tried.outcome
    if isinstance(outcome, Failed):
        put(f"Failed ({outcome.why}): {outcome.detail}")
        for line in outcome.output.splitlines()[-_TAIL:]:
            say(f"  {line}")
        return
    put()
    put_table(
        ("metric", "value", "unit"),
        [(m.name, figure(m.value), m.unit or "–") for m in outcome.result.metrics],
    )
    for warning in outcome.result.warnings:
        say(f"the program warns: {warning}")
    put()
    put(f"Took {outcome.usage.wall_s:.2f} s")


def _show_check(check: "Check") -> None:
    word = "ok" if check.ok else ("MISSING" if check.required else "advice")
    put(f"{word:<8} {check.name}: {check.detail}")
    if check.fix:
        put(f"         {check.fix}")
