"""Was each program told what its trial is? Asked at the setup, control and evidence gates."""

import json

from curie.domain.outcome import Conditions
from curie.domain.setup import Started
from curie.domain.verdict import Finding
from curie.rigor.evidence import RunEvidence
from curie.rigor.finding import failed, listed, passed, skipped


def told_as_planned(evidence: RunEvidence) -> Finding:
    """Fail when the config.json in a box was not that of its trial: settings, seed and nonce.

    An arm that is run with other settings than it is booked under makes any difference one likes.
    The config is recorded as it was put into the box. Mended by measuring again.
    """
    known = [
        (t.started, t.outcome.conditions)
        for t in evidence.log.tried
        if t.outcome is not None and t.outcome.conditions is not None
    ]
    if not known:
        return skipped("a run from before configs were recorded")
    wrong = [
        f"{started.trial}: {', '.join(problems)}"
        for started, conditions in known
        if (problems := _differences(started, conditions))
    ]
    if wrong:
        return failed(f"told otherwise than booked: {listed(wrong)}", remedy="rebuild")
    return passed(f"{len(known)} configs as booked")


def _differences(started: Started, conditions: Conditions) -> list[str]:
    try:
        told = json.loads(conditions.config)
    except ValueError:
        return ["no config"]
    booked = {
        "settings": {s.factor: s.level for s in started.settings},
        "seed": started.seed,
        "nonce": started.nonce,
    }
    return [name for name, value in booked.items() if told.get(name) != value]
