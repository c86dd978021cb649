"""Does the program do something with what it reads? Asked at the setup gate."""

from curie.domain.verdict import Finding
from curie.rigor.evidence import SetupEvidence
from curie.rigor.finding import failed, passed, skipped
from curie.rigor.lookups import is_used, reads
from curie.rigor.source import SHIPPED, sources


def factors_used(evidence: SetupEvidence) -> Finding:
    """Fail when a varied factor is looked up and then dropped.

    Reading a setting into a name that nobody uses is the same as not reading it, and harder to
    see. Mended by using the setting.
    """
    setup = evidence.setup
    if setup.written_by == "shipped":
        return skipped(SHIPPED)
    unused = []
    for varied in evidence.plan.vary:
        places = [(s, r) for s in sources(setup) for r in reads(s, varied.factor)]
        if places and not any(is_used(s, r) for s, r in places):
            source, read = places[0]
            unused.append(f"{varied.factor} at {source.at(read)}")
    if unused:
        return failed(f"looked up and dropped: {', '.join(unused)}", remedy="rebuild")
    return passed("every varied factor that is looked up is used")
