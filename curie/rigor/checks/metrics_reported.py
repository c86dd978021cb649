"""Is what was asked for in every result? Asked at the setup, control and evidence gates."""

from curie.domain.claim import metrics_of
from curie.domain.verdict import Finding
from curie.rigor.evidence import RunEvidence, mend_program
from curie.rigor.finding import failed, listed, passed


def metrics_reported(evidence: RunEvidence) -> Finding:
    """Fail when a result lacks a hypothesis' metric, or gives one in another unit than declared.

    A missing number is a hole that looks like a trial; a wrong unit is a factor of a thousand.
    Mended in the program.
    """
    plan = evidence.plan
    wanted = dict.fromkeys(m for h in plan.hypotheses for m in metrics_of(h.claim))
    wrong = []
    for started, outcome in evidence.log.measured:
        given = {m.name: m for m in outcome.result.metrics}
        wrong += [f"{started.trial}: no {name}" for name in wanted if name not in given]
        wrong += [
            f"{started.trial}: {m.name} in {given[m.name].unit!r}, not {m.unit!r}"
            for m in plan.metrics
            if m.name in given and given[m.name].unit != m.unit
        ]
    if wrong:
        return failed(listed(wrong), remedy=mend_program(evidence.setup))
    return passed(f"{', '.join(wanted)} in every result, in the declared unit")
