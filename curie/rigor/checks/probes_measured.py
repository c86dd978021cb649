"""Does the program run? Asked at the setup gate."""

from curie.domain.outcome import Measured
from curie.domain.verdict import Finding
from curie.rigor.evidence import SetupEvidence, mend_program
from curie.rigor.finding import failed, listed, passed
from curie.rigor.live import probe
from curie.rigor.probing import wanted_probes


def probes_measured(evidence: SetupEvidence) -> Finding:
    """Fail when a probe is missing or failed: base, fresh box, other seed, each factor moved.

    A program that cannot do one trial of each kind will leave holes in the data where it matters.
    The finding holds the program's last words. Mended by mending the program, or by a plan inside
    what the system can do.
    """
    wrong, count = [], 0
    for arm in wanted_probes(evidence.plan):
        found = probe(evidence, arm)
        if found is None:
            wrong.append(f"{arm} was not run")
        elif not isinstance(found.outcome, Measured):
            wrong.append(f"{arm} {found.fate}")
        else:
            count += 1
    if wrong:
        return failed(listed(wrong, most=4), remedy=mend_program(evidence.setup))
    return passed(f"{count} probes measured")
