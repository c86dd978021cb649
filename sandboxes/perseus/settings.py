"""What one trial is told: the factors of `manifest.toml`, as a value."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Literal, get_args

from sandboxes.perseus.curves import Form, WaitingPower
from sandboxes.perseus.model import PROFILES

Planner = Literal["all_max", "perseus", "envpipe", "zeus_global", "zeus_per_stage"]


@dataclass(frozen=True)
class Settings:
    """The factors of a trial; each is described in the manifest."""

    planner: Planner = "perseus"
    profile: str = "gpt3_175b_a100"
    stages: int = 8
    microbatches: int = 12
    straggler: float = 1.0
    data_parallel: int = 16
    time_unit_ms: float = 1.0
    last_stage_scale: float = 1.0
    blocking_power_scale: float = 1.0
    profile_noise_share: float = 0.005
    jitter_share: float = 0.005
    cost_curve: Form = "exponential"
    waiting_power: WaitingPower = "published"

    def __post_init__(self) -> None:
        for name, known in _KNOWN.items():
            if getattr(self, name) not in known:
                raise ValueError(f"{name} is {getattr(self, name)!r}; give {' or '.join(known)}")
        for name, least in _LEAST.items():
            if not getattr(self, name) >= least:
                raise ValueError(f"{name} is {getattr(self, name)}; give at least {least:g}")


_KNOWN: Mapping[str, tuple[str, ...]] = {
    "planner": get_args(Planner),
    "profile": PROFILES,
    "cost_curve": get_args(Form),
    "waiting_power": get_args(WaitingPower),
}

_LEAST: Mapping[str, float] = {
    "stages": 1,
    "microbatches": 1,
    "straggler": 1.0,
    "data_parallel": 1,
    "time_unit_ms": 0.01,
    "last_stage_scale": 0.1,
    "blocking_power_scale": 0.0,
    "profile_noise_share": 0.0,
    "jitter_share": 0.0,
}
"""Below these there is no trial; manifest.toml has the ranges that make sense."""


def settings_of(levels: Mapping[str, bool | int | float | str]) -> Settings:
    """The settings in config.json. ValueError names a factor that is missing, unknown or wrong."""
    defaults = {f.name: f.default for f in fields(Settings)}
    odd = sorted(defaults.keys() ^ levels.keys())
    if odd:
        raise ValueError(f"missing or unknown factors: {', '.join(odd)}; see manifest.toml")
    for name, level in levels.items():
        wanted = (int, float) if isinstance(defaults[name], float) else type(defaults[name])
        if isinstance(level, bool) or not isinstance(level, wanted):
            raise ValueError(f"{name} is {level!r}; manifest.toml says of which type it is")
    return Settings(**levels)  # type: ignore[arg-type]  # names and types are checked above
