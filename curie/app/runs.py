"""The runs that the ledger holds: all in a list, or one with what was planned, judged and found."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any, assert_never

from curie.app.home import Home, open_ledger
from curie.app.settings import Settings
from curie.domain.dossier import AgentName, Dossier
from curie.domain.outcome import Failed, Measured
from curie.domain.plan import Plan
from curie.domain.setting import settings_text
from curie.domain.setup import Setup, Started
from curie.domain.verdict import Verdict
from curie.domain.wording import claim_text
from curie.report import html as html_page
from curie.report import render, write
from curie.report.summary import answer_text, claims_json, verdict_word
from curie.store import RunRow

PAGE = "report.html"
"""The report as one page, beside its Markdown."""


@dataclass(frozen=True)
class Shown:
    """One run, as `curie show` prints it."""

    run: str
    question: str
    agent: AgentName
    model: str
    verdict: str
    """`Supported`, `No answer`, `Not finished` …"""
    answer: str
    sandbox: str
    open_doors: tuple[str, ...]
    """What the sandbox did not protect from."""
    report: Path
    usd: float
    claims: tuple[dict[str, Any], ...]
    plans: tuple[dict[str, Any], ...]
    verdicts: tuple[dict[str, Any], ...]
    trials: tuple[dict[str, Any], ...]

    def as_json(self) -> dict[str, Any]:
        """The object of `curie show --json`."""
        return {
            "run": self.run,
            "question": self.question,
            "agent": self.agent,
            "model": self.model,
            "verdict": self.verdict,
            "answer": self.answer,
            "sandbox": self.sandbox,
            "open_doors": list(self.open_doors),
            "report": str(self.report),
            "usd": self.usd,
            "claims": list(self.claims),
            "plans": list(self.plans),
            "verdicts": list(self.verdicts),
            "trials": list(self.trials),
        }


def list_runs(settings: Settings) -> tuple[RunRow, ...]:
    """All runs, newest first."""
    with open_ledger(Home(settings.home)) as ledger:
        return ledger.runs()


def show(prefix: str, settings: Settings) -> Shown:
    """One run by the beginning of its id. UsageError if that is no run, or several."""
    home = Home(settings.home)
    dossier = _dossier(prefix, home)
    setup = dossier.last(Setup)
    return Shown(
        run=dossier.run,
        question=dossier.question.text,
        agent=dossier.opened.agent,
        model=dossier.opened.model,
        verdict=verdict_word(dossier),
        answer=answer_text(dossier),
        sandbox=setup.posture.backend if setup else "none",
        open_doors=tuple(g.name for g in setup.posture.open_doors) if setup else (),
        report=home.run(dossier.run) / "report.md",
        usd=dossier.usd,
        claims=tuple(claims_json(dossier)),
        plans=tuple(_plan_row(dossier, plan) for plan in dossier.of(Plan)),
        verdicts=tuple(_verdict_row(verdict) for verdict in dossier.of(Verdict)),
        trials=_trial_rows(dossier),
    )


def report(prefix: str, settings: Settings, *, html: bool) -> Path:
    """The report of a run, made anew from the ledger: its Markdown, or one self-contained page."""
    home = Home(settings.home)
    dossier = _dossier(prefix, home)
    rendered = render(dossier)
    path = write(rendered, home.run(dossier.run))
    if not html:
        return path
    page = path.with_name(PAGE)
    page.write_text(html_page(rendered), encoding="utf-8")
    return page


def _dossier(prefix: str, home: Home) -> Dossier:
    with open_ledger(home) as ledger:
        return ledger.dossier(ledger.resolve(prefix))


def _plan_row(dossier: Dossier, plan: Plan) -> dict[str, Any]:
    frozen = dossier.frozen(plan.id)
    sha256 = plan.fingerprint()
    return {
        "id": plan.id,
        "system": plan.system,
        "understood": plan.understood,
        "hypotheses": [{"id": h.id, "text": claim_text(h.claim)} for h in plan.hypotheses],
        "arms": [
            {"id": a.id, "role": a.role, "settings": settings_text(a.settings)} for a in plan.arms
        ],
        "hold": settings_text(plan.hold) if plan.hold else "",
        "seeds": list(plan.seeds),
        "sha256": sha256,
        "frozen": frozen is not None and frozen.sha256 == sha256,
    }


def _verdict_row(verdict: Verdict) -> dict[str, Any]:
    return {
        "gate": verdict.gate,
        "subject": verdict.subject,
        "round": verdict.round,
        "accepted": verdict.accepted,
        "remedy": verdict.remedy,
        "findings": [f.model_dump(mode="json") for f in verdict.findings],
    }


def _trial_rows(dossier: Dossier) -> tuple[dict[str, Any], ...]:
    """Every trial once, in the order of the intents; one without an outcome is still `started`."""
    ended = {(o.setup, o.trial): o for e in dossier.entries if (o := _outcome(e.body)) is not None}
    return tuple(
        {
            "trial": s.trial,
            "setup": s.setup,
            "arm": s.arm,
            "phase": s.phase,
            "seed": s.seed,
            "settings": {x.factor: x.level for x in s.settings},
            **_outcome_row(ended.get((s.setup, s.trial))),
        }
        for s in dossier.of(Started)
    )


def _outcome(fact: object) -> Measured | Failed | None:
    return fact if isinstance(fact, Measured | Failed) else None


def _outcome_row(outcome: Measured | Failed | None) -> dict[str, Any]:
    match outcome:
        case Measured(result=result, usage=usage):
            metrics = {m.name: m.value for m in result.metrics}
            return {"state": "measured", "why": "", "wall_s": usage.wall_s, "metrics": metrics}
        case Failed(why=why, usage=usage):
            return {"state": "failed", "why": why, "wall_s": usage.wall_s, "metrics": {}}
        case None:
            return {"state": "started", "why": "", "wall_s": None, "metrics": {}}
        case _:
            assert_never(outcome)
