"""Is a missing or meaningless input an error, and no result? Asked at the setup gate."""

from curie.domain.outcome import Measured
from curie.domain.verdict import Finding
from curie.rigor.evidence import SetupEvidence, mend_program
from curie.rigor.finding import failed, listed, passed, skipped


def inputs_demanded(evidence: SetupEvidence) -> Finding:
    """Fail when the program gives a result without an input, or at a level that means nothing.

    It was run without a varied factor's setting, with a level that nobody knows, and without the
    data set where there is one. A program that goes on all the same has a default in its place,
    and a slip in a config would measure the default under another name; or it never needed the
    input. Mended by looking every setting up and raising an error for what means nothing.
    """
    tried = evidence.log.of("refusal")
    if not tried:
        return skipped("a shipped program is not probed with spoilt inputs")
    lax = [t.started.arm.removeprefix("probe:") for t in tried if isinstance(t.outcome, Measured)]
    if lax:
        return failed(f"it gave a result with {listed(lax)}", remedy=mend_program(evidence.setup))
    return passed(f"refused: {listed([t.started.arm.removeprefix('probe:') for t in tried])}")
