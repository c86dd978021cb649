"""What of the checks can be switched off, to measure what it is worth, and what then is not asked.

A part is switched off as a whole, a check by its id. What is off is a fact of the run (`Opened`),
its findings say so, and the report begins with it: nothing passes by being left out.
"""

from collections.abc import Collection, Mapping
from typing import Literal

from curie.domain.verdict import GateName
from curie.rigor.gates import GATES

Part = Literal["intra", "inter"]
"""intra: what one role made is judged by itself; inter: it is held against what came of it."""

PARTS: tuple[Part, ...] = ("intra", "inter")

LIVE = frozenset(
    {
        "probes_measured", "nonces_return", "metrics_reported", "physically_possible",
        "factors_move", "seed_moves", "fresh_box_agrees",
    }
)  # fmt: skip
"""The checks of the setup gate that look at probes; the others read the program."""

OFF = "switched off"
UNPROBED = "not probed: the program is refused as it reads"


def part_of(check: str, gate: GateName) -> Part:
    """The part that a check of a gate belongs to."""
    if gate == "setup":
        return "inter" if check in LIVE else "intra"
    return "inter" if gate in ("control", "evidence") else "intra"


def switched_off(gate: GateName, without: Collection[str]) -> Mapping[str, str]:
    """The checks of a gate that are not asked, and what is said of them instead."""
    names = (check.__name__ for check in GATES[gate])
    return {n: OFF for n in names if n in without or part_of(n, gate) in without}


def unprobed() -> Mapping[str, str]:
    """The checks that are not asked about a program which was refused before it ran."""
    names = (check.__name__ for check in GATES["setup"])
    return {n: UNPROBED for n in names if part_of(n, "setup") == "inter"}


def every_switch() -> tuple[str, ...]:
    """All that can be switched off: the parts, and the checks by their ids."""
    checks = (check.__name__ for checks in GATES.values() for check in checks)
    return (*PARTS, *dict.fromkeys(checks))
