"""Is each result of its own trial? Asked at the setup, control and evidence gates."""

from collections import Counter

from curie.domain.verdict import Finding
from curie.rigor.evidence import RunEvidence, mend_program
from curie.rigor.finding import failed, listed, passed


def nonces_return(evidence: RunEvidence) -> Finding:
    """Fail when a result lacks its trial's nonce or seed, or two trials share a nonce.

    The nonce is told to one trial only, so a result that holds it was written by that trial and
    not copied from another. Mended by running the trials again with a program that hands it back.
    """
    wrong = []
    for started, outcome in evidence.log.measured:
        if outcome.result.nonce != started.nonce:
            wrong.append(f"{started.trial}: another nonce")
        if outcome.result.seed != started.seed:
            wrong.append(f"{started.trial}: seed {outcome.result.seed}, not {started.seed}")
        if outcome.result.system != evidence.system.name:
            wrong.append(f"{started.trial}: of system {outcome.result.system}")
    shared = Counter(t.started.nonce for t in evidence.log.tried)
    wrong += [f"{count} trials share a nonce" for count in shared.values() if count > 1]
    if wrong:
        return failed(listed(wrong), remedy=mend_program(evidence.setup))
    return passed(f"{len(evidence.log.measured)} results with their own nonce")
