"""Numbers in, numbers out: every claim of a plan against the trials that were run for it.

Pure: no clock, no files, and no dice but a generator seeded with the plan's own `order_seed`, so
that the same evidence gives the same analysis to the last digit. `analyse` is the way in; the
module `power` says how many replicates a claim needs before anything is run.

To add an analysis: one module named for the claim's kind, with `test(claim, case) -> Tested`; one
line in `analyse` (the dispatch) and the kind in `TESTED`; one formula in `power`; and tests against
an oracle that is not this package (scipy, a closed form, a brute force).
"""

from curie.stats.analyse import TESTED, Judged, analyse, judge, settled

__all__ = ["TESTED", "Judged", "analyse", "judge", "settled"]
