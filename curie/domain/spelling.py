"""How people spell facts in TOML: settings as inline tables, named things as named tables.

    a = { planner = "perseus" }      instead of      a = [{ factor = "planner", level = "perseus" }]
    [factors.planner]                instead of      [[factors]] with name = "planner"

The system's manifest and the benchmark's questions share this spelling; nothing is read or
validated here.
"""

from typing import Any

SETTING_KEYS = ("a", "b", "where", "settings", "needs")
"""Keys whose table is a set of factors at levels."""


def spelled_out(value: Any) -> Any:
    """A TOML value in which every settings table has become a list of settings."""
    if isinstance(value, list):
        return [spelled_out(item) for item in value]
    if not isinstance(value, dict):
        return value
    shaped = {key: spelled_out(item) for key, item in value.items()}
    for key in SETTING_KEYS:
        if isinstance(value.get(key), dict):
            shaped[key] = [{"factor": f, "level": level} for f, level in value[key].items()]
    if isinstance(value.get("level_words"), dict):
        shaped["level_words"] = list(value["level_words"].items())
    return shaped


def named_tables(tables: Any, key: str) -> Any:
    """Named tables as a list of tables that hold their name under `key`; other values as is."""
    if not isinstance(tables, dict):
        return tables
    return [
        {key: name, **table} if isinstance(table, dict) else table for name, table in tables.items()
    ]
