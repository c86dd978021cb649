"""Energy of the CPU packages, by the counters that Linux shows under /sys/class/powercap.

The counters see the whole package, not one trial: the figure is of the trial only where the trial
ran alone.
"""

from dataclasses import dataclass
from pathlib import Path

POWERCAP = Path("/sys/class/powercap")


@dataclass(frozen=True)
class EnergyReading:
    """The counters at one moment: zone to (microjoules, microjoules at which it wraps)."""

    zones: tuple[tuple[str, int, int], ...]

    def joules_since(self, before: "EnergyReading") -> float | None:
        """Joules since an earlier reading; None where either lacks a counter.

        A counter may have wrapped once; after more than that it cannot be told.
        """
        earlier = {name: count for name, count, _ in before.zones}
        if not self.zones or earlier.keys() != {name for name, _, _ in self.zones}:
            return None
        total = 0
        for name, count, wrap in self.zones:
            used = count - earlier[name]
            total += used if used >= 0 else used + wrap
        return total / 1e6


def read_energy(powercap: Path = POWERCAP) -> EnergyReading:
    """The package counters as far as they can be read (usually by root only)."""
    zones = []
    for zone in sorted(powercap.glob("intel-rapl:*")):
        if zone.name.count(":") != 1:
            continue  # a part of a package, counted with it
        try:
            count = int((zone / "energy_uj").read_text(encoding="ascii"))
            wrap = int((zone / "max_energy_range_uj").read_text(encoding="ascii"))
        except (OSError, ValueError):
            continue
        zones.append((zone.name, count, wrap))
    return EnergyReading(zones=tuple(zones))
