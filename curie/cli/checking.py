"""The command that tells of the checks: what each gate asks, and why."""

from typing import TYPE_CHECKING, Annotated

import typer

from curie.cli import options as o
from curie.cli.printing import put, put_json, put_table

if TYPE_CHECKING:
    from curie.rigor import Entry


def checks(
    name: Annotated[
        str | None, typer.Argument(metavar="[ID]", help="One check: what it asks, and why.")
    ] = None,
    as_json: o.AsJson = False,
) -> None:
    """List what the gates check, or explain one check."""
    from curie.app.checks import check_json, list_checks, one_check

    found = list_checks() if name is None else one_check(name)
    if as_json:
        put_json([check_json(entry, whole=name is not None) for entry in found])
    elif name is None:
        put_table(
            ("check", "gate", "severity", "fails or warns"),
            [(e.id, e.gate, e.severity, e.summary) for e in found],
        )
    else:
        _in_words(found)


def _in_words(found: "tuple[Entry, ...]") -> None:
    first = found[0]
    gates = ", ".join(e.gate for e in found)
    put(f"{first.id} ({first.severity}), asked at the {gates} gate{'s' if len(found) > 1 else ''}")
    put()
    put(first.about)
