"""Is what is called deterministic the same every time? Asked at the control and evidence gates."""

from curie.domain.verdict import Finding
from curie.rigor.agreement import same
from curie.rigor.evidence import ControlEvidence, TrialEvidence, mend_program
from curie.rigor.finding import failed, listed, passed, skipped


def deterministic_repeats(evidence: ControlEvidence | TrialEvidence) -> Finding:
    """Fail when a deterministic metric differs between trials of one arm.

    An exact comparison rests on it: one replicate is taken for the truth. Mended by declaring the
    metric as noisy, or by finding what moves it.
    """
    exact = [m.name for m in evidence.plan.metrics if m.noise == "deterministic"]
    if not exact:
        return skipped("no metric is declared deterministic")
    wrong = []
    for name in exact:
        for arm, pairs in evidence.log.values(name, "control", "treatment").items():
            if any(not same(pairs[0][1], value) for _, value in pairs):
                values = sorted({v for _, v in pairs})
                wrong.append(f"{name} of {arm} is {values[0]:g} to {values[-1]:g}")
    if wrong:
        return failed(listed(wrong), remedy=mend_program(evidence.setup))
    return passed(f"{', '.join(exact)} the same in all trials of an arm")
