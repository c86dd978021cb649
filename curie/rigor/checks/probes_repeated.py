"""Do the trials give what the probes gave? Asked at the evidence gate."""

from curie.domain.setting import Settings
from curie.domain.verdict import Finding
from curie.rigor.agreement import same
from curie.rigor.evidence import TrialEvidence, Tried, mend_program
from curie.rigor.finding import failed, listed, passed, skipped


def probes_repeated(evidence: TrialEvidence) -> Finding:
    """Fail when a trial gives another number than the probe with the same settings and seed.

    Probes run before anybody has seen a result. A program that behaves while it is probed, or an
    executor that mends numbers afterwards, is caught by its own earlier word. Timings are left
    out, since they differ anyway. Mended in the program, by measuring again.
    """
    probed: dict[tuple[Settings, int], Tried] = {}
    for probe in evidence.log.of("probe"):
        probed.setdefault((probe.started.settings, probe.started.seed), probe)
    wrong, count = [], 0
    for one in evidence.log.of("control", "treatment"):
        earlier = probed.get((one.started.settings, one.started.seed))
        if earlier is None:
            continue
        differing = _differing(evidence, earlier, one)
        count += 1
        if differing:
            wrong.append(f"{one.started.trial}: {', '.join(differing)}")
    if wrong:
        return failed(
            f"other than in the probe: {listed(wrong)}", remedy=mend_program(evidence.setup)
        )
    return passed(f"{count} trials as in their probes") if count else skipped("no probe of a trial")


def _differing(evidence: TrialEvidence, earlier: Tried, later: Tried) -> list[str]:
    return [
        f"{m.name} was {one:g}, is {two:g}"
        for m in evidence.plan.metrics
        if m.noise != "timing"
        and (one := earlier.value(m.name)) is not None
        and (two := later.value(m.name)) is not None
        and not same(one, two)
    ]
