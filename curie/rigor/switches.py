"""What of the checks can be switched off, to measure what it is worth, and what then is not asked.

A part is switched off as a whole, a check by its id. What is off is a fact of the run (`Opened`),
its findings say so, and the report begins with it: nothing passes by being left out.
"""

from collections.abc import Collection, Mapping
from typing import get_args

from curie.domain.verdict import GateName
from curie.rigor.catalogue import Part, catalogue

PARTS: tuple[Part, ...] = get_args(Part)

OFF = "switched off"
UNPROBED = "not probed: the program is refused as it reads"


def switched_off(gate: GateName, without: Collection[str]) -> Mapping[str, str]:
    """The checks of a gate that are not asked, and what is said of them instead."""
    entries = (e for e in catalogue() if e.gate == gate)
    return {e.id: OFF for e in entries if e.id in without or e.part in without}


def unprobed() -> Mapping[str, str]:
    """The checks that are not asked about a program which was refused before it ran."""
    entries = (e for e in catalogue() if e.gate == "setup" and e.part == "inter")
    return {e.id: UNPROBED for e in entries}


def every_switch() -> tuple[str, ...]:
    """All that can be switched off: the parts, and the checks by their ids."""
    return (*PARTS, *dict.fromkeys(e.id for e in catalogue()))
