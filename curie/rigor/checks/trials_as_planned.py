"""Were the planned trials run, and no others? Asked at the evidence gate."""

from curie.domain.plan import Trial
from curie.domain.setup import Started
from curie.domain.verdict import Finding
from curie.rigor.evidence import TrialEvidence
from curie.rigor.finding import failed, listed, passed


def trials_as_planned(evidence: TrialEvidence) -> Finding:
    """Fail when a trial ran with other settings, seed or arm than planned, or was never planned.

    An extra trial is a second draw of the lottery, and another setting is another experiment.
    Mended by measuring again.
    """
    plan = evidence.plan
    planned = {t.id: t for t in (*plan.trials("control"), *plan.trials("treatment"))}
    wrong = []
    for one in evidence.log.of("control", "treatment"):
        started = one.started
        trial = planned.get(started.trial)
        if trial is None:
            wrong.append(f"{started.trial} was not planned")
        elif _differs(trial, started):
            wrong.append(f"{started.trial} ran otherwise than planned")
    if wrong:
        return failed(listed(wrong), remedy="rebuild")
    return passed("every trial ran as planned")


def _differs(trial: Trial, started: Started) -> bool:
    fields = ("arm", "phase", "seed", "settings", "analysed")
    return any(getattr(trial, f) != getattr(started, f) for f in fields)
