"""Is the trial's seed taken as it was given? Asked at the setup gate."""

from collections.abc import Iterator

from curie.domain.verdict import Finding
from curie.rigor.evidence import SetupEvidence
from curie.rigor.finding import failed, listed, passed, skipped
from curie.rigor.flow import Event, Flow, Grade, flow
from curie.rigor.flow.marks import LOOPED, factors
from curie.rigor.source import SHIPPED


def seed_followed(evidence: SetupEvidence) -> Finding:
    """Fail when a seed is chosen rather than followed.

    That is so where the given seed only picks one of a list that was tried before, where no
    generator hears of it though others run, and where the program goes on from seed to seed until
    it likes what comes. A generator of its own per seed and purpose is fine. Mended by making every
    generator from the seed of config.json.
    """
    setup = evidence.setup
    if setup.written_by == "shipped":
        return skipped(SHIPPED)
    told = flow(evidence.plan, setup)
    wrong = list(dict.fromkeys([*_picked(told), *_deaf(told), *_searched(told)]))
    if wrong:
        return failed(listed(wrong), remedy="rebuild")
    return passed("generators are made from the given seed")


def _generators(told: Flow) -> Iterator[tuple[tuple[Event, ...], Event]]:
    for walk in told.walks:
        for event in walk.events:
            if event.kind == "generator" and event.values:
                yield walk.events, event


def _picked(told: Flow) -> Iterator[str]:
    """Seeds that are looked up in a list."""
    for _, event in _generators(told):
        if any("listed-seed" in v.marks for v in event.values):
            yield f"the seed is picked from a list at {event.where}"
        elif any("world" in v.marks for v in event.values):
            yield f"the seed is another one in each process at {event.where}"


def _deaf(told: Flow) -> Iterator[str]:
    """Programs whose generators all have seeds of their own."""
    if not any(m.noise == "seeded" for m in told.plan.metrics):
        return
    for walk in told.walks:
        made = [e for e in walk.events if e.kind == "generator"]
        fixed = [e for e in made if all(v.grade is Grade.WRITTEN for v in e.values) and e.values]
        heard = any("seed" in v.marks for e in walk.events for v in e.values if e in made)
        if walk.ended and made and len(fixed) == len(made) and not heard:
            yield f"no generator is made from the trial's seed: {made[0].where}"
            return


def _searched(told: Flow) -> Iterator[str]:
    """Loops over seeds that end when the outcome of a level pleases."""
    varied = {v.factor for v in told.plan.vary}
    for events, event in _generators(told):
        marks = frozenset[str]().union(*(v.marks for v in event.values))
        if not event.loops or not {"seed", LOOPED} <= marks:
            continue
        for leave in events:
            asked = leave.values[0] if leave.kind == "leave" and leave.values else None
            if (
                asked is not None
                and leave.calls == event.calls
                and asked.grade is Grade.WORK
                and factors(asked.marks) & varied
            ):
                yield f"goes on from seed to seed until the outcome pleases at {event.where}"
