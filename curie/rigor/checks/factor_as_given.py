"""Is a setting used as it was given? Asked at the setup gate."""

from collections import defaultdict
from collections.abc import Iterator

from curie.domain.verdict import Finding
from curie.rigor.evidence import SetupEvidence
from curie.rigor.finding import failed, listed, passed, skipped
from curie.rigor.flow import Flow, flow
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
    """Levels that `min` or `max` with a constant makes equal."""
    for varied in told.plan.vary:
        outcomes: dict[tuple[int, str], dict[object, set[object]]] = defaultdict(dict)
        for walk in told.walks:
            level = walk.settings.get(varied.factor)
            for event in walk.events:
                if event.kind != "clamp" or not _is_of(event.values[0].known, level):
                    continue
                key = (id(event.node), event.where)
                outcomes[key].setdefault(level, set()).add(event.values[-1].known)
        for (_, where), by_level in outcomes.items():
            results = [frozenset(found) for found in by_level.values()]
            if len(by_level) > 1 and len(set(results)) < len(results):
                yield f"levels of {varied.factor} become the same at {where}"


def _is_of(value: object, level: object) -> bool:
    return type(value) is type(level) and value == level


