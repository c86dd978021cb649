"""The shipped systems: what may be asked of each, and what was published about it."""

from typing import Any

from curie.domain.setting import level_text, settings_text
from curie.domain.system import Factor, Published, System
from curie.domain.wording import claim_text
from curie.sandbox.manifest import find, load, shipped


def list_systems() -> tuple[System, ...]:
    """All that are shipped, by name."""
    return tuple(load(folder) for folder in shipped().values())


def one_system(name: str) -> System:
    """The system of that name; UsageError with the nearest names if there is none."""
    return load(find(name))


def system_json(system: System) -> dict[str, Any]:
    """A system as `curie systems --json` prints it: its manifest, with each claim in words."""
    shaped = system.model_dump(mode="json")
    shaped["factors"] = [
        {**factor.model_dump(mode="json"), "needs": _levels(factor)} for factor in system.factors
    ]
    shaped["claims"] = [_claim_json(published) for published in system.claims]
    return shaped


def allowed_text(factor: Factor) -> str:
    """The levels that a trial may have, in words: `8, 16 or 32`, `1 to 4096`, `any text`."""
    if factor.type == "bool":
        return "true or false"
    if factor.low is not None and factor.high is not None:
        return f"{level_text(factor.low)} to {level_text(factor.high)}"
    if not factor.levels:
        return {"int": "any whole number", "float": "any number"}.get(factor.type, "any text")
    words = [level_text(level) for level in factor.levels]
    return " or ".join((", ".join(words[:-1]), words[-1])) if len(words) > 1 else words[0]


def _levels(factor: Factor) -> dict[str, Any]:
    return {need.factor: need.level for need in factor.needs}


def _claim_json(published: Published) -> dict[str, Any]:
    return {
        "id": published.id,
        "kind": published.claim.kind,
        "text": claim_text(published.claim),
        "settings": settings_text(published.settings),
        "figure": published.figure,
        "source": published.source,
        "verified": published.verified,
        "fitted": published.fitted,
        "note": published.note,
    }
