"""Questions about the arms of a plan that several checks ask."""

from collections.abc import Iterable

from curie.domain.claim import (
    Best,
    Claim,
    Difference,
    Equivalence,
    Frontier,
    Interaction,
    PairClaim,
    Ranking,
    Ratio,
    Threshold,
)
from curie.domain.plan import Arm, Plan
from curie.domain.setting import (
    Level,
    Settings,
    contains,
    level_of,
    overlay,
    same_level,
)


def is_pair(claim: Claim) -> bool:
    """Whether the claim compares two arms."""
    return isinstance(claim, Difference | Ratio | Equivalence)


def differing(one: Settings, other: Settings) -> frozenset[str]:
    """The factors in which two full settings differ."""
    names = {s.factor for s in (*one, *other)}
    return frozenset(n for n in names if not _same(level_of(one, n), level_of(other, n)))


def arms_with(plan: Plan, settings: Settings) -> tuple[Arm, ...]:
    """The arms that run with these settings, defaults and held factors included."""
    return tuple(a for a in plan.arms if contains(plan.full_settings(a), settings))


def side_arms(plan: Plan, claim: PairClaim, side: str) -> tuple[Arm, ...]:
    """The arms that a pair claim's `a` or `b` can mean."""
    return arms_with(plan, overlay(claim.where, claim.a if side == "a" else claim.b))


def scanned_levels(plan: Plan, factor: str, where: Settings) -> tuple[Level, ...]:
    """The levels of a factor over which a scan can be made with all else equal: the longest one."""
    rows: dict[Settings, list[Level]] = {}
    for arm in arms_with(plan, where):
        full = plan.full_settings(arm)
        level = level_of(full, factor)
        rest = tuple(s for s in full if s.factor != factor)
        row = rows.setdefault(rest, [])
        if level is not None and not among(level, row):
            row.append(level)
    longest: list[Level] = max(rows.values(), key=len, default=[])
    return tuple(longest)


def named_levels(claim: Claim) -> tuple[Level, ...]:
    """The levels of the scanned factor that the claim itself names."""
    match claim:
        case Best(levels=levels) | Frontier(levels=levels):
            return levels
        case Ranking(order=order):
            return tuple(level for group in order for level in group)
        case Threshold(level=level) if level is not None:
            return (level,)
        case _:
            return ()


def crossing(plan: Plan, claim: Interaction) -> tuple[int, int]:
    """How many levels of an interaction's two factors are fully crossed."""
    cells: dict[Level, list[Level]] = {}
    for arm in arms_with(plan, claim.where):
        full = plan.full_settings(arm)
        one, other = level_of(full, claim.factor), level_of(full, claim.by)
        if one is not None and other is not None:
            cells.setdefault(one, []).append(other)
    shared = set.intersection(*(set(x) for x in cells.values())) if cells else set()
    return len(cells), len(shared)


def among(level: Level, levels: Iterable[Level]) -> bool:
    """Whether a level is one of these."""
    return any(same_level(level, x) for x in levels)


def _same(one: Level | None, other: Level | None) -> bool:
    if one is None or other is None:
        return one is other
    return same_level(one, other)
