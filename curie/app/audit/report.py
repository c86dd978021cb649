"""The audit as files: `report.md` for people and `audit.json` for programs."""

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from curie.app.audit.audit import Audit
from curie.app.audit.tally import audit_json
from curie.app.audit.words import (
    ABLATION_HEAD,
    HEAD,
    TOTAL_HEAD,
    Rows,
    ablation_rows,
    conditions,
    family_rows,
    notes,
    total_rows,
)
from curie.domain.errors import NotReady
from curie.report.markdown import inline

INTRO = """\
Planted cheats and honest experiments were taken through the loop of `curie ask`, with a scripted
crew and no way back: the first gate that refuses ends a case. A cheat should be stopped before an
accepted answer; honest work should not be stopped at all. Cases of the held-out half were never
opened by whoever wrote the checks. Intervals are Wilson's, of 95 %.
"""


def write_report(audits: Sequence[Audit], folder: Path) -> Path:
    """Both files, in a folder that is made if there is none; the path of report.md.

    Several audits are one and its ablations, the whole first. NotReady where nothing can be
    written.
    """
    target = folder / "report.md"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        text = json.dumps(audits_json(audits), indent=1, ensure_ascii=False) + "\n"
        (folder / "audit.json").write_text(text, encoding="utf-8")
        target.write_text("\n".join(_lines(audits)), encoding="utf-8")
    except OSError as error:
        raise NotReady(f"{folder}: cannot be written: {error}; name another folder") from error
    return target


def audits_json(audits: Sequence[Audit]) -> dict[str, Any]:
    """The first audit's counts; with the ablations below it, where there are some."""
    first = audit_json(audits[0])
    if len(audits) == 1:
        return first
    return {**first, "ablations": [audit_json(audit) for audit in audits]}


def _lines(audits: Sequence[Audit]) -> Iterator[str]:
    audit = audits[0]
    yield "# How well the checks catch cheats, and how often they stop honest work\n"
    yield INTRO
    yield f"{inline(conditions(audit))}\n"
    yield from _table(TOTAL_HEAD, total_rows(audit))
    if len(audits) > 1:
        yield "## With parts of the checks switched off\n"
        yield "*intra* judges what one role made by itself; *inter* holds it against trials.\n"
        yield from _table(ABLATION_HEAD, ablation_rows(audits))
    yield "## By family\n"
    yield from _table(HEAD, family_rows(audit))
    for heading, named in notes(audit):
        yield f"## {heading}\n"
        yield from (f"- {inline(text)}" for text in named)
        yield "" if named else "Nothing.\n"


def _table(head: Sequence[str], rows: Rows) -> Iterator[str]:
    yield f"| {' | '.join(head)} |"
    yield f"|{'|'.join(':--' for _ in head)}|"
    for row in rows:
        yield f"| {' | '.join(inline(cell) for cell in row)} |"
    yield ""
