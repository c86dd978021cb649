"""What was promised before the first trial, and what came of the promise."""

from dataclasses import dataclass

from curie.domain.dossier import Dossier
from curie.domain.errors import LedgerBroken
from curie.domain.plan import Approval, Frozen, Plan
from curie.domain.verdict import Finding, Verdict


@dataclass(frozen=True)
class FrozenPlan:
    """A plan with its promise."""

    plan: Plan
    sha256: str
    kept: bool
    """Whether the plan in the ledger still has the hash that was promised."""
    planned: int
    """Trials that its analysis rests on: those due by the last look that was taken."""
    looked: int
    """The number of that look."""
    missing: tuple[str, ...]
    """Those of them that were never measured."""
    approvals: tuple[Approval, ...]

    @property
    def measured(self) -> int:
        """How many of the planned trials were measured."""
        return self.planned - len(self.missing)


@dataclass(frozen=True)
class RejectedPlan:
    """A draft that the plan gate sent back."""

    plan: str
    round: int
    remedy: str
    failures: tuple[Finding, ...]


def frozen_plans(dossier: Dossier) -> tuple[FrozenPlan, ...]:
    """Every frozen plan, oldest first."""
    return tuple(_frozen(dossier, promise) for promise in dossier.of(Frozen))


def rejected_plans(dossier: Dossier) -> tuple[RejectedPlan, ...]:
    """Every draft that was sent back, oldest first."""
    return tuple(
        RejectedPlan(v.subject, v.round, v.remedy, v.failures)
        for v in dossier.of(Verdict)
        if v.gate == "plan" and not v.accepted
    )


def plan_of(dossier: Dossier, promise: Frozen) -> Plan | None:
    """The plan that was promised: the one with the hash, else the newest of that id."""
    hashed = (p for p in dossier.of(Plan) if p.fingerprint() == promise.sha256)
    return next(hashed, dossier.plan(promise.plan))


def completeness(dossier: Dossier) -> str:
    """Whether every planned trial was measured, in one sentence."""
    plans = frozen_plans(dossier)
    if not plans:
        return "No plan was frozen, so no trial was due."
    planned = sum(p.planned for p in plans)
    missing = sum(len(p.missing) for p in plans)
    if not missing:
        return f"All {planned:,} planned trials were measured."
    return (
        f"Incomplete: {planned - missing:,} of {planned:,} planned trials were measured; "
        f"missing: {missing:,}."
    )


def _frozen(dossier: Dossier, promise: Frozen) -> FrozenPlan:
    plan = plan_of(dossier, promise)
    if plan is None:
        raise LedgerBroken(
            f"run {dossier.run}: plan {promise.plan} was frozen but is not in the ledger; "
            "restore the ledger from a copy, or start the run again"
        )
    looked = max((a.look for a in dossier.analyses(plan.id)), default=plan.last_look)
    ids = [t.id for t in plan.due(looked) if t.analysed]
    measured = _measured(dossier, plan.id)
    return FrozenPlan(
        plan=plan,
        sha256=promise.sha256,
        kept=plan.fingerprint() == promise.sha256,
        planned=len(ids),
        looked=looked,
        missing=tuple(i for i in ids if i not in measured),
        approvals=tuple(a for a in dossier.of(Approval) if a.plan == plan.id),
    )


def _measured(dossier: Dossier, plan_id: str) -> set[str]:
    setup = dossier.setup(plan_id)
    if setup is None:
        return set()
    return {o.trial for o in dossier.outcomes(setup.id) if o.fact == "measured"}
