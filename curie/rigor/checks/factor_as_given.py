"""Is a setting used as it was given? Asked at the setup gate."""

from collections.abc import Iterator

from curie.domain.verdict import Finding
from curie.rigor.evidence import SetupEvidence
from curie.rigor.finding import failed, listed, passed, skipped
from curie.rigor.flow import Flow, Walk, flow
from curie.rigor.flow.marks import factors
from curie.rigor.source import SHIPPED


def factor_as_given(evidence: SetupEvidence) -> Finding:
    """Fail when a setting gives way to a number of the program's own, or two levels to one.

    A capacity that is read and then overwritten, or a size that is clamped so that two planned
    levels become the same, makes arms alike that the plan holds apart. A bound that no planned
    level touches is fine. Mended by using the setting, or by raising ValueError for a level that
    cannot be run.
    """
    setup = evidence.setup
    if setup.written_by == "shipped":
        return skipped(SHIPPED)
    told = flow(evidence.plan, setup)
    wrong = list(dict.fromkeys([*_overwritten(told), *_clamped(told)]))
    if wrong:
        return failed(listed(wrong), remedy="rebuild")
    return passed("settings are used as they were given")


def _overwritten(told: Flow) -> Iterator[str]:
    for walk in told.walks:
        for event in walk.events:
            if event.kind == "overwrite" and event.sure:
                yield f"{event.name} is overwritten at {event.where}"


def _clamped(told: Flow) -> Iterator[str]:
    """Settings that `min` or `max` with a constant makes others, while nothing else uses them."""
    for walk in told.walks:
        for event in walk.events:
            if event.kind != "clamp" or not walk.ended:
                continue
            given, bound = event.values[0], event.values[-1]
            for factor in factors(given.marks):
                own = walk.settings.get(factor)
                alone = {m for m in bound.marks if m.startswith("factor:")} <= {f"factor:{factor}"}
                if given.known == own != bound.known and alone and not _used(walk, factor, own):
                    yield f"{factor}={own} becomes {bound.known} at {event.where}"


def _used(walk: Walk, factor: str, own: object) -> bool:
    """Whether the setting's own value decides on something all the same."""
    return any(
        value.known == own and f"factor:{factor}" in value.marks and value.is_plain
        for event in walk.events
        if event.kind in ("loop", "draw", "library", "method", "slice")
        for value in event.values
    )
