"""On what the evidence was made: sandbox, image, code, host, models; and how to make it again."""

import shlex
from dataclasses import dataclass

from curie.domain.call import ModelCall
from curie.domain.dossier import Dossier
from curie.domain.plan import Plan
from curie.domain.setting import Settings, level_text, same_level
from curie.domain.setup import Posture, Setup
from curie.domain.wording import exactly, number
from curie.report.design import frozen_plans


@dataclass(frozen=True)
class CallRow:
    """What one role asked of one model."""

    role: str
    model: str
    calls: int
    tokens_in: int
    tokens_out: int
    usd: str


def postures(dossier: Dossier) -> tuple[Posture, ...]:
    """The sandboxes that ran trials of this run, each once."""
    return tuple(dict.fromkeys(s.posture for s in dossier.of(Setup)))


def sandbox_line(dossier: Dossier) -> str:
    """Where trials ran and which guards are off there, in one line."""
    what = "Commands" if dossier.opened.agent == "baseline" else "Trials"
    lines = [_posture_line(p, what) for p in postures(dossier)]
    return " ".join(lines) or "No sandbox was opened: no trial was run."


def call_rows(dossier: Dossier) -> tuple[CallRow, ...]:
    """Calls by role and model, in the order of their first call."""
    groups: dict[tuple[str, str], list[ModelCall]] = {}
    for call in dossier.of(ModelCall):
        groups.setdefault((call.role, call.model), []).append(call)
    return tuple(_call_row(role, model, calls) for (role, model), calls in groups.items())


def commands(dossier: Dossier) -> tuple[str, ...]:
    """Shell lines that make the evidence again: the whole run, and one trial of each plan."""
    trials = [_trial_command(dossier, p.plan) for p in frozen_plans(dossier)]
    return (_ask_command(dossier), *(t for t in trials if t))


def _posture_line(posture: Posture, what: str) -> str:
    if posture.backend == "docker":
        place = f"{what} ran in Docker containers ({posture.engine})."
    else:
        place = f"{what} ran in the process sandbox ({posture.engine}), not in containers."
    off = ", ".join(g.name for g in posture.open_doors)
    doors = f"It does not protect from everything; off here: {off}." if off else ""
    return f"{place} {doors or 'Every guard that is checked was on.'}"


def _call_row(role: str, model: str, calls: list[ModelCall]) -> CallRow:
    known = [c.usd for c in calls if c.usd is not None]
    unpriced = len(calls) - len(known)
    usd = number(sum(known)) if known else "unknown price"
    return CallRow(
        role=role,
        model=model,
        calls=len(calls),
        tokens_in=sum(c.tokens_in for c in calls),
        tokens_out=sum(c.tokens_out for c in calls),
        usd=f"{usd} (and {unpriced} of unknown price)" if known and unpriced else usd,
    )


def _ask_command(dossier: Dossier) -> str:
    opened, question = dossier.opened, dossier.question
    system = question.system or (dossier.system.name if dossier.system else None)
    words = ["curie", "ask"]
    if opened.agent != "curie":
        words += ["--agent", opened.agent]
    if system:
        words += ["--system", system]
    if opened.model != "builtin":
        words += ["--model", opened.model]
    for role, model in opened.roles:
        words += ["--role", f"{role}={model}"]
    words += _budget_words(dossier)
    for switch in opened.without:
        words += ["--without", switch]
    for option, folder in (("--workspace", question.workspace), ("--dataset", question.dataset)):
        if folder is not None:
            words += [option, folder.name]
    # A question may start with a dash, which would make it an option.
    return shlex.join([*words, "--", question.text])


def _budget_words(dossier: Dossier) -> list[str]:
    budget = dossier.question.budget
    amounts = (
        ("--budget-usd", budget.usd),
        ("--budget-trials", budget.trials),
        ("--budget-minutes", budget.minutes),
    )
    return [
        word
        for option, amount in amounts
        if amount is not None
        for word in (option, exactly(amount).replace(",", ""))
    ]


def _trial_command(dossier: Dossier, plan: Plan) -> str | None:
    """One trial by hand; None where the program is not a shipped one."""
    setup = dossier.setup(plan.id)
    if setup is None or setup.written_by != "shipped":
        return None
    arm = next((a for a in plan.arms if a.role == "treatment"), plan.arms[0])
    words = ["curie", "run", plan.system]
    for name, level in _away_from_defaults(plan, plan.full_settings(arm)):
        words += ["--set", f"{name}={level}"]
    return shlex.join([*words, "--seed", str(plan.seeds[0])])


def _away_from_defaults(plan: Plan, settings: Settings) -> list[tuple[str, str]]:
    away = []
    for setting in settings:
        factor = plan.factor(setting.factor)
        if factor is None or not same_level(factor.default, setting.level):
            level = setting.level
            spelled = repr(level) if isinstance(level, float) else level_text(level)
            away.append((setting.factor, spelled))
    return away
