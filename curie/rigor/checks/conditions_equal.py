"""Did all arms run under the same conditions? Asked at the evidence gate."""

from collections import defaultdict

from curie.domain.outcome import Conditions
from curie.domain.setup import Setup
from curie.domain.verdict import Finding
from curie.rigor.evidence import TrialEvidence
from curie.rigor.finding import failed, listed, passed, skipped

FIELDS = (
    "image", "program_sha256", "cpus", "memory_mib", "pids", "time_limit_s", "network", "gpus",
)  # fmt: skip


def conditions_equal(evidence: TrialEvidence) -> Finding:
    """Fail when trials had another image, program, limit, network or number of GPUs than others.

    Whatever differs between arms beside the factor is a second explanation. Each box tells what it
    really was; image, program and time limit must also be those of the accepted setup. Mended by
    measuring all arms again.
    """
    tried = [t for t in evidence.log.tried if t.outcome is not None]
    known = [(t.started, t.outcome.conditions) for t in tried if t.outcome and t.outcome.conditions]
    if not known:
        return skipped("a run from before conditions were recorded")
    if len(known) < len(tried):
        return failed(f"{len(tried) - len(known)} trials say nothing of theirs", remedy="rebuild")
    wrong = []
    for field in FIELDS:
        usual = _expected(field, evidence.setup)
        if usual is None:
            usual = getattr(known[0][1], field)
        odd: dict[str, set[str]] = defaultdict(set)
        for started, conditions in known:
            value = getattr(conditions, field)
            if value != usual:
                odd[_text(field, value)].add(started.arm)
        wrong += [
            f"{field} is {value} in {', '.join(sorted(arms))}, {_text(field, usual)} elsewhere"
            for value, arms in odd.items()
        ]
    if wrong:
        return failed(listed(wrong), remedy="rebuild")
    return passed(f"{len(known)} trials under equal conditions: {_all(known[0][1])}")


def _expected(field: str, setup: Setup) -> str | float | None:
    """What the accepted setup says, where it says anything."""
    if field == "image":
        return setup.image.digest
    if field == "time_limit_s":
        return setup.time_limit_s
    if field == "program_sha256" and setup.written_by == "technician":
        return setup.code_sha256
    return None


def _text(field: str, value: object) -> str:
    return str(value)[:19] if field in ("image", "program_sha256") else str(value)


def _all(one: Conditions) -> str:
    limits = f"{one.cpus:g} cpus, {one.memory_mib:g} MiB, {one.time_limit_s:g} s"
    return f"{limits}, network {one.network}"
