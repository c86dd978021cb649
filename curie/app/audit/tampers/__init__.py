"""The dishonest executors: what each does to trials between the sandbox and the ledger.

Every hook of `base.py` gives back what it was handed, unless the deed is done there. Probes and
re-executions stay honest unless a case names their phase, so that what is planted is one deed and
no more. To add one: a class in the module for its moment, and its name in `AnyTamper`.
"""

from typing import Annotated

from pydantic import Field

from curie.app.audit.tampers.base import Config, Tamper
from curie.app.audit.tampers.planning import Extra, Omit, Replan, TreatmentFirst
from curie.app.audit.tampers.running import (
    BestOf,
    Limits,
    OtherImage,
    OtherProgram,
    OtherSettings,
    ReuseBox,
    SameSeed,
    Swap,
)
from curie.app.audit.tampers.telling import (
    Copy,
    DropWorst,
    Edit,
    Round,
    StaleNonce,
    SwallowFailures,
)

__all__ = ["AnyTamper", "Config", "DropWorst", "OtherProgram", "Tamper"]

AnyTamper = Annotated[
    OtherSettings
    | Swap
    | Limits
    | OtherImage
    | OtherProgram
    | ReuseBox
    | BestOf
    | Copy
    | Edit
    | Round
    | Omit
    | DropWorst
    | Extra
    | TreatmentFirst
    | Replan
    | StaleNonce
    | SameSeed
    | SwallowFailures,
    Field(discriminator="op"),
]
"""The table of deeds, by the word that a case says for each."""
