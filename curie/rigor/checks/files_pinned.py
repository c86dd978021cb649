"""Is it certain which program ran? Asked at the setup gate."""

import hashlib
from pathlib import PurePosixPath

from curie.domain.verdict import Finding
from curie.rigor.evidence import SetupEvidence, mend_program
from curie.rigor.finding import failed, listed, passed


def files_pinned(evidence: SetupEvidence) -> Finding:
    """Fail when a file's text is not the one its hash names, or the image has no digest.

    A result is evidence about one exact program in one exact image; without hashes nobody can run
    it again. Mended by collecting the files anew.
    """
    setup = evidence.setup
    wrong = [
        f"{f.path}: its text has another hash than was recorded"
        for f in setup.files
        if hashlib.sha256(f.text.encode()).hexdigest() != f.sha256
    ]
    paths = [f.path for f in setup.files]
    wrong += [f"{p}: listed twice" for p in sorted({p for p in paths if paths.count(p) > 1})]
    wrong += [f"{p}: leaves the folder" for p in paths if _leaves(p)]
    if not paths:
        wrong.append("no file is pinned")
    if not setup.image.digest:
        wrong.append(f"image {setup.image.name} has no digest")
    if setup.plan != evidence.plan.id:
        wrong.append(f"the setup is for plan {setup.plan}, not {evidence.plan.id}")
    if wrong:
        return failed(listed(wrong), remedy=mend_program(setup))
    return passed(f"{len(paths)} files, code {setup.code_sha256[:12]}")


def _leaves(path: str) -> bool:
    pure = PurePosixPath(path)
    return pure.is_absolute() or ".." in pure.parts
