"""What the list of runs shows of each, and how runs are named."""

import random
import string
from datetime import UTC, datetime
from typing import Literal

from curie.domain.clock import Clock
from curie.domain.fact import Fact


class RunRow(Fact):
    """One line of `curie runs`."""

    run: str
    opened_at: datetime
    question: str
    system: str | None
    """The system that was chosen, or the one the person named, if any."""
    state: Literal["running", "answered", "gave_up"]
    """running: not closed, be it at work or interrupted."""
    verdict: Literal["supported", "refuted", "mixed", "inconclusive", "gave_up"] | None
    trials: int
    """Outcomes, measured and failed."""
    usd: float
    """What its model calls cost, as far as their price is known."""


def new_run_id(clock: Clock, rng: random.Random) -> str:
    """A name for a run that sorts by its start (UTC) and can be typed: `20261123-1019-kqzp`."""
    letters = "".join(rng.choices(string.ascii_lowercase, k=4))
    return f"{clock.now().astimezone(UTC):%Y%m%d-%H%M}-{letters}"
