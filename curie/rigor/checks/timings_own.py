"""Was each time taken by itself? Asked at the evidence gate."""

from collections import defaultdict
from itertools import combinations

from curie.domain.verdict import Finding
from curie.rigor.agreement import same
from curie.rigor.evidence import TrialEvidence, mend_program
from curie.rigor.finding import failed, listed, passed, skipped
from curie.rigor.series import by_seed, clocked

LEAST = 3
"""Equal timings from which there is no accident."""


def timings_own(evidence: TrialEvidence) -> Finding:
    """Fail when timings of one arm are all equal, or those of another arm times a constant.

    Two clocks never agree to the last digit, and neither do two trials: the same number for every
    seed was not measured, and a row that is another arm's row, scaled, was copied from it. So is a
    trial that took as long as another one to the last digit of the host's watch. Mended by
    measuring each trial.
    """
    metrics = clocked(evidence)
    wrong = _same_watch(evidence)
    for metric in metrics:
        rows = {a: r for a, r in by_seed(evidence.log, metric.name).items() if len(r) >= LEAST}
        flat = {arm for arm, row in rows.items() if len(set(row.values())) == 1}
        wrong += [f"{metric.name} of {arm} is the same for every seed" for arm in sorted(flat)]
        wrong += [
            f"{metric.name} of {other} is that of {one} times a constant"
            for one, other in combinations(sorted(rows.keys() - flat), 2)
            if _scaled(rows[one], rows[other])
        ]
    if wrong:
        return failed(listed(wrong), remedy=mend_program(evidence.setup))
    return passed("every time stands for itself") if metrics else skipped("no metric is a time")


def _scaled(one: dict[int, float], other: dict[int, float]) -> bool:
    shared = [seed for seed in one if seed in other and one[seed]]
    ratios = [other[seed] / one[seed] for seed in shared]
    return len(ratios) >= LEAST and all(same(ratios[0], ratio) for ratio in ratios)


def _same_watch(evidence: TrialEvidence) -> list[str]:
    """Trials whose time on the host's watch is another's to the last of many digits."""
    users: dict[float, list[str]] = defaultdict(list)
    for one in evidence.log.tried:
        wall_s = one.outcome.usage.wall_s if one.outcome is not None else 0.0
        if round(wall_s, 5) != wall_s:
            users[wall_s].append(one.started.trial)
    return [f"{', '.join(t)} took exactly as long" for t in users.values() if len(t) > 1]
