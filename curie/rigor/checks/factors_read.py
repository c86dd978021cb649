"""Does the program know which arm it is? Asked at the setup gate."""

from curie.domain.verdict import Finding
from curie.rigor.evidence import SetupEvidence
from curie.rigor.finding import failed, passed, skipped
from curie.rigor.lookups import reads
from curie.rigor.source import SHIPPED, sources


def factors_read(evidence: SetupEvidence) -> Finding:
    """Fail when a varied factor's name is nowhere looked up in the program.

    A program that does not read the factor runs the control in every arm, and the result is "no
    difference" for a reason that has nothing to do with the system. Mended by using the setting.
    """
    setup = evidence.setup
    if setup.written_by == "shipped":
        return skipped(SHIPPED)
    files = sources(setup)
    varied = [v.factor for v in evidence.plan.vary]
    unread = [name for name in varied if not any(reads(s, name) for s in files)]
    if unread:
        return failed(f"never looked up: {', '.join(unread)}", remedy="rebuild")
    return passed(f"looks up {', '.join(varied)}")
