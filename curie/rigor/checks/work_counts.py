"""Does the work reach the result? Asked at the setup gate."""

import ast
from collections.abc import Iterator

from curie.domain.verdict import Finding
from curie.rigor.evidence import SetupEvidence
from curie.rigor.finding import failed, listed, passed, skipped
from curie.rigor.liveness import Liveness
from curie.rigor.source import SHIPPED, Source, sources


def work_counts(evidence: SetupEvidence) -> Finding:
    """Fail when a loop works something out, round by round, that nobody looks at afterwards.

    Then what is reported was there before the work, and the work is for show. A warm-up, which
    does the same thing in each round, is fine. Mended by reporting what the loop came to.
    """
    setup = evidence.setup
    if setup.written_by == "shipped":
        return skipped(SHIPPED)
    wrong = [place for s in sources(setup) for place in _idle(s)]
    if wrong:
        return failed(f"work that reaches nothing: {listed(wrong)}", remedy="rebuild")
    return passed("what loops work out is used")


def _idle(source: Source) -> Iterator[str]:
    for function in (n for n in source.nodes if isinstance(n, ast.FunctionDef)):
        live = Liveness()
        live.walk(function.body)
        for loop in live.dead_loops:
            yield source.at(loop)
