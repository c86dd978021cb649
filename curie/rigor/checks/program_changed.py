"""Was a refused program changed at all? Asked at the setup gate."""

from curie.domain.verdict import Finding
from curie.rigor.evidence import SetupEvidence
from curie.rigor.finding import failed, passed, skipped


def program_changed(evidence: SetupEvidence) -> Finding:
    """Fail when the files are word for word those of a program that this gate sent back.

    Whoever was told what is wrong and hands in the same again would do so until every way back is
    spent. Not to be mended: the run gives up at once and says so.
    """
    if not evidence.refused:
        return skipped("no program was sent back before")
    code = evidence.setup.code_sha256
    twin = next((s for s in evidence.refused if s.code_sha256 == code), None)
    if twin is not None:
        return failed(
            f"setup {evidence.setup.id} has the very files of setup {twin.id}, which was sent "
            "back to be mended",
            remedy="give_up",
        )
    return passed("no file tree that was sent back comes again")
