"""How sentences call factors, levels and metrics, and where they do."""

import re

from curie.domain.claim import PairClaim
from curie.domain.plan import Plan
from curie.domain.setting import Level, Setting, same_level
from curie.domain.system import Factor, Metric

PLAIN = frozenset(
    {
        "all", "any", "auto", "base", "basic", "best", "constant", "default", "direct",
        "dynamic", "equal", "exact", "exponential", "false", "fast", "few", "first", "fixed",
        "flat", "full", "general", "global", "good", "graph", "greedy", "half", "hard",
        "heavy", "high", "hull", "large", "last", "light", "linear", "local", "log", "long",
        "low", "many", "max", "mean", "median", "medium", "min", "mixed", "naive", "new",
        "no", "none", "normal", "off", "old", "on", "once", "one", "open", "order", "other",
        "parallel", "plain", "poor", "random", "real", "regular", "scan", "sequential",
        "short", "simple", "single", "skewed", "slow", "small", "soft", "sorted", "sparse",
        "standard", "static", "strict", "sum", "top", "true", "two", "uniform", "weak",
        "wide", "yes", "zero",
    }
)  # fmt: skip
"""Levels that are also words of everyday English: alone they name nothing for sure."""


def place(name: str, text: str) -> int:
    """Where a name stands in a text as a word of its own, in any spelling; -1 if it does not."""
    spelled = r"[\s_-]?".join(re.escape(part) for part in re.split(r"[\s_-]+", name.strip()))
    if not spelled:
        return -1
    found = re.search(rf"(?<![\w]){spelled}(?![\w])", text, re.IGNORECASE)
    return found.start() if found else -1


def level_names(factor: Factor | None, level: Level) -> tuple[str, ...]:
    """What a named level is called: itself, and the words that the manifest has for it."""
    if factor is None or not isinstance(level, str):
        return (level,) if isinstance(level, str) else ()
    words = (word for word, meant in factor.level_words if same_level(meant, level))
    return (level, *words)


def setting_names(plans: tuple[Plan, ...], setting: Setting) -> tuple[str, ...]:
    """What a setting of any of the plans is called by its level."""
    found: dict[str, None] = {}
    for plan in plans:
        found.update(dict.fromkeys(level_names(plan.factor(setting.factor), setting.level)))
    return tuple(found)


def side_place(plans: tuple[Plan, ...], claim: PairClaim, side: str, ref: str, text: str) -> int:
    """Where a sentence first speaks of a side of a pair claim, by reference or by its levels."""
    settings = claim.a if side == "a" else claim.b
    places = [m.start() for m in re.finditer(rf"\{{\{{\s*{re.escape(ref)}\.{side}\s*\}}\}}", text)]
    for setting in settings:
        places += [at for n in setting_names(plans, setting) if (at := place(n, text)) >= 0]
    return min(places, default=-1)


def metric_names(metric: Metric) -> tuple[str, ...]:
    """What a metric is called."""
    return (metric.name, *metric.words)


def factor_names(factor: Factor) -> tuple[str, ...]:
    """What a factor is called."""
    return (factor.name, *factor.words)
