"""Does what another trial left behind change nothing? Asked at the setup gate."""

from curie.domain.outcome import Failed
from curie.domain.verdict import Finding
from curie.rigor.agreement import same
from curie.rigor.evidence import SetupEvidence, mend_program
from curie.rigor.finding import failed, listed, passed, skipped, warned
from curie.rigor.live import measured, probe
from curie.rigor.probing import BASE, USED


def used_box_agrees(evidence: SetupEvidence) -> Finding:
    """Fail when the program gives another number, or an old result, after other trials in its box.

    Trials have fresh boxes, so this shows a habit: a program that takes a result.json, a cache or a
    counter that it finds for its own work would do so wherever it finds one. If it only breaks
    there, on a file that exists already, that is a warning. Mended by measuring anew each time.
    """
    base, used = measured(evidence, BASE), probe(evidence, USED)
    if base is None or used is None:
        return skipped("no probe in a used box")
    if isinstance(used.outcome, Failed):
        if used.outcome.why == "bad_result":
            return failed(f"in a used box it {used.fate}", remedy=mend_program(evidence.setup))
        return warned(f"in a used box it {used.fate}")
    wrong = [
        f"{m.name}: {one:g} and {two:g}"
        for m in evidence.plan.metrics
        if m.noise != "timing"
        and (one := base.value(m.name)) is not None
        and (two := used.value(m.name)) is not None
        and not same(one, two)
    ]
    if wrong:
        return failed(
            f"a fresh and a used box differ: {listed(wrong)}", remedy=mend_program(evidence.setup)
        )
    return passed("what other trials leave behind changes nothing")
