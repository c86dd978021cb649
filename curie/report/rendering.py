"""The dossier as Markdown with figures."""

from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from functools import cache

from jinja2 import Environment, PackageLoader, StrictUndefined, Template

from curie.domain.analysis import Analysis
from curie.domain.binding import field_text, interval_text, p_text, told
from curie.domain.command import Command
from curie.domain.dossier import Dossier
from curie.domain.setting import level_text, settings_text
from curie.domain.setup import Setup
from curie.domain.verdict import Opinion
from curie.domain.wording import claim_text, exactly, number, percent, percent_exactly, with_unit
from curie.report import design, gates, provenance, summary, trials
from curie.report.markdown import Md, code, escaped, fence, inline
from curie.report.report import Figure, Report


def render(dossier: Dossier) -> Report:
    """The report of a run, finished or not. The same dossier gives the same bytes.

    Raises CurieError where a sentence of the answer holds a number that no fact stands behind,
    LedgerBroken where the dossier lacks its first fact or a frozen plan.
    """
    if dossier.opened.agent == "baseline":
        alone = _template("baseline.md.j2").render(_told_alone(dossier))
        return Report(title=dossier.question.text, markdown=alone, figures=())
    # Drawing costs a third of a second to import, which only those who draw should pay.
    from curie.report.figures import figures  # noqa: PLC0415

    drawn = figures(dossier)
    return Report(
        title=dossier.question.text,
        markdown=_template("report.md.j2").render(_told(dossier, drawn)),
        figures=drawn,
    )


def _told(dossier: Dossier, drawn: tuple[Figure, ...]) -> dict[str, object]:
    """All that the template is told."""
    claimed = summary.claimed(dossier)
    final = {a.fingerprint() for a in dossier.final_analyses()}
    superseded = tuple(a for a in dossier.analyses() if a.fingerprint() not in final)
    return {
        "run": dossier.run,
        "question": dossier.question,
        "opened": dossier.opened,
        "began": dossier.entries[0].at if dossier.entries else None,
        "ended": dossier.entries[-1].at if dossier.entries else None,
        "word": summary.verdict_word(dossier),
        "answer": summary.answer_after_word(dossier),
        "limits": summary.limits(dossier),
        "mentions_model": _mentions_model(dossier),
        "gave_up": summary.gave_up(dossier),
        "claims": claimed,
        "superseded": superseded if claimed else (),
        "withheld": 0 if claimed else len(dossier.final_analyses()),
        "figures": drawn,
        "plans": design.frozen_plans(dossier),
        "rejected": design.rejected_plans(dossier),
        "completeness": design.completeness(dossier),
        "gates": gates.judged(dossier),
        "opinions": dossier.of(Opinion),
        "failed": trials.failed_trials(dossier),
        "confessions": trials.confessions(dossier),
        "phases": trials.phase_rows(dossier),
        "system": dossier.system,
        "setups": _newest_setups(dossier),
        "postures": provenance.postures(dossier),
        "sandbox": provenance.sandbox_line(dossier),
        "calls": provenance.call_rows(dossier),
        "commands": provenance.commands(dossier),
    }


def _told_alone(dossier: Dossier) -> dict[str, object]:
    """All that the template of a baseline's report is told."""
    return {
        "run": dossier.run,
        "question": dossier.question,
        "opened": dossier.opened,
        "began": dossier.entries[0].at,
        "ended": dossier.entries[-1].at,
        "word": summary.verdict_word(dossier),
        "answer": summary.answer_after_word(dossier),
        "answered": not summary.gave_up(dossier) and summary.standing_answer(dossier) is not None,
        "limits": summary.limits(dossier),
        "claims": summary.stated(dossier),
        "ran": dossier.of(Command),
        "setup": dossier.last(Setup),
        "system": dossier.system,
        "sandbox": provenance.sandbox_line(dossier),
        "postures": provenance.postures(dossier),
        "calls": provenance.call_rows(dossier),
        "commands": provenance.commands(dossier),
    }


def _mentions_model(dossier: Dossier) -> bool:
    """Whether the limits say already what the system models."""
    system = dossier.system
    return system is not None and any(system.modelled in t for t in summary.limits(dossier))


def _newest_setups(dossier: Dossier) -> tuple[Setup, ...]:
    """The setup that each plan was measured with."""
    plans = dict.fromkeys(s.plan for s in dossier.of(Setup))
    return tuple(s for s in (dossier.setup(p) for p in plans) if s is not None)


@cache
def _template(name: str) -> Template:
    environment = Environment(
        loader=PackageLoader("curie.report", "."),
        undefined=StrictUndefined,
        finalize=escaped,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        autoescape=False,  # noqa: S701  `finalize` escapes for Markdown; the page allows no HTML
    )
    environment.filters.update(_FILTERS)
    return environment.get_template(name)


def _levels(levels: Iterable[bool | int | float | str]) -> str:
    return ", ".join(level_text(v) for v in levels)


def _estimate(analysis: Analysis) -> str:
    """The estimate and its interval: `-13.7 ms [-15.2, -12.1] ms`."""
    if analysis.estimate is None:
        return "—"
    shown = field_text(analysis, "estimate")
    if _is_exact(analysis):
        return f"{shown} (exact)"
    if analysis.low is None or analysis.high is None or analysis.low == analysis.high:
        return shown
    return f"{shown}, {percent_exactly(analysis.confidence, 4)} in {interval_text(analysis)}"


def _p(analysis: Analysis) -> str:
    if analysis.p is not None:
        return p_text(analysis.p)
    return "exact" if _is_exact(analysis) else "—"


def _is_exact(analysis: Analysis) -> bool:
    pointed = analysis.low == analysis.high == analysis.estimate
    return pointed and analysis.estimate is not None and analysis.p is None


def _moment(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%d %H:%M UTC")


def _elapsed(seconds: float) -> str:
    return with_unit(seconds / 60, "min") if seconds >= 120 else with_unit(seconds, "s")


_FILTERS: dict[str, Callable[..., str]] = {
    "md": Md,
    "inline": inline,
    "code": code,
    "fence": fence,
    "claim": claim_text,
    "told": told,
    "settings": settings_text,
    "levels": _levels,
    "level": level_text,
    "estimate": _estimate,
    "field": field_text,
    "p": _p,
    "chance": p_text,
    "number": number,
    "exactly": exactly,
    "percent": percent,
    "percent_exactly": percent_exactly,
    "moment": _moment,
    "elapsed": _elapsed,
}
