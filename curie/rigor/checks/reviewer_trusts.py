"""What does a reader of the program think? Asked at the setup gate."""

from curie.domain.verdict import Finding
from curie.rigor.evidence import SetupEvidence
from curie.rigor.finding import failed, listed, passed, skipped, warned


def reviewer_trusts(evidence: SetupEvidence) -> Finding:
    """Fail when the reviewer does not trust the setup.

    A reader sees what no rule foresaw. Trust counts as one finding among others: it can never
    undo a failed check. Mended by answering the concerns in the program.
    """
    opinion = evidence.opinion
    if opinion is None:
        return skipped("nobody was asked")
    if opinion.setup != evidence.setup.id:
        return skipped(f"the opinion is about setup {opinion.setup}")
    concerns = listed(list(opinion.concerns))
    if not opinion.trustworthy:
        return failed(concerns or "not trusted, without a reason", remedy="rebuild")
    return warned(f"trusted, with concerns: {concerns}") if concerns else passed("trusted")
