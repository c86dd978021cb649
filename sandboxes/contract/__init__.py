"""The contract between curie and a program under test: one file in, one file out.

The program runs as `python -m sandboxes.<system> .` in the trial's folder, reads config.json and
writes result.json; exit code 0 and a valid result of this very trial make it a measurement.
Standard library only, so that it runs in any image.
"""

import json
import math
import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

VERSION = 1

Level = bool | int | float | str


@dataclass(frozen=True)
class Config:
    """What a trial is told."""

    version: int
    system: str
    seed: int
    nonce: str
    """Must come back in the result: it proves that the result is of this trial."""
    settings: dict[str, Level]
    """Factor to level, complete: no factor is left to a default of the program."""
    dataset: Path | None


def read_config(folder: str | Path) -> Config:
    """The config of the trial in that folder. ValueError for another version of the contract."""
    raw = json.loads((Path(folder) / "config.json").read_text(encoding="utf-8"))
    if raw["version"] != VERSION:
        raise ValueError(f"config.json has version {raw['version']}, this program knows {VERSION}")
    dataset = raw.get("dataset")
    return Config(
        version=raw["version"],
        system=raw["system"],
        seed=raw["seed"],
        nonce=raw["nonce"],
        settings=raw["settings"],
        dataset=Path(dataset) if dataset else None,
    )


def write_result(
    folder: str | Path,
    config: Config,
    metrics: Mapping[str, tuple[float, str]],
    *,
    series: Mapping[str, tuple[Iterable[float], str]] | None = None,
    warnings: Iterable[str] = (),
) -> None:
    """Write result.json, whole or not at all.

    `metrics` is name to (value, unit), `series` name to (values, unit). ValueError for NaN,
    infinity, or no metric: a number that is none must never reach an analysis.
    """
    if not metrics:
        raise ValueError("a result needs at least one metric")
    result = {
        "version": VERSION,
        "system": config.system,
        "seed": config.seed,
        "nonce": config.nonce,
        "metrics": [
            {"name": name, "value": _finite(name, value), "unit": unit}
            for name, (value, unit) in metrics.items()
        ],
        "series": [
            {"name": name, "unit": unit, "values": [_finite(name, v) for v in values]}
            for name, (values, unit) in (series or {}).items()
        ],
        "warnings": list(warnings),
    }
    path = Path(folder) / "result.json"
    draft = path.with_name("result.json.part")
    draft.write_text(json.dumps(result, allow_nan=False), encoding="utf-8")
    os.replace(draft, path)  # noqa: PTH105 - the one call whose atomicity is the point


def _finite(name: str, value: float) -> float:
    number = float(value)  # also takes numpy's numbers, which json does not
    if not math.isfinite(number):
        raise ValueError(f"{name} is {number}, which is no measurement")
    return number
