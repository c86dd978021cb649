"""The ports of the loop, in a dishonest hand: what trials run, what runs them, what is written."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from curie.app.audit.hand import Hand
from curie.app.audit.tampers import Config
from curie.domain.dossier import AnyFact, Entry, Role
from curie.domain.fact import canonical_json
from curie.domain.outcome import Conditions, Failed, Measured
from curie.domain.plan import Trial
from curie.domain.setup import Image, Posture
from curie.domain.system import System
from curie.fleet.port import Do, Fleet
from curie.sandbox.box import Box, BoxSpec, BoxUsage, Ran, Sandbox
from curie.sandbox.trial import RESULT_LIMIT_BYTES
from curie.store import Ledger

CONFIG, RESULT = "config.json", "result.json"


@dataclass(frozen=True)
class BentFleet:
    """Runs the trials that the hand wants, and gives the outcomes that it lets through."""

    inner: Fleet
    hand: Hand

    @property
    def workers(self) -> int:
        """How many trials run at once."""
        return self.inner.workers

    def run(self, trials: Sequence[Trial], do: Do, *, alone: bool) -> Iterator[Measured | Failed]:
        """Outcomes, once all are there: only then it is known which are the worst."""

        def done(trial: Trial) -> Measured | Failed:
            with self.hand.scene.running(trial):
                return do(trial)

        wanted = self.hand.trials(tuple(trials))
        yield from self.hand.kept(tuple(self.inner.run(wanted, done, alone=alone)))


class BentLedger(Ledger):
    """A ledger whose writers write what the hand lets them."""

    hand: Hand | None = None

    def append(self, run: str, role: Role, facts: Sequence[AnyFact]) -> tuple[Entry, ...]:
        """Add what the hand makes of these facts. For a fact that vanished, the newest entry."""
        if self.hand is None:
            return super().append(run, role, facts)
        written: tuple[Entry, ...] = ()
        for fact in facts:
            for author, told in self.hand.passed_on(role, fact):
                written = super().append(run, author, (told,))
        return written or self.entries(run)[-1:]


@dataclass(frozen=True)
class BentSandbox:
    """Gives a trial the box that the hand wants."""

    inner: Sandbox
    hand: Hand
    shared: dict[str, Box] = field(default_factory=dict)

    def posture(self) -> Posture:
        """As it is."""
        return self.inner.posture()

    def build(self, system: System, folder: Path) -> Image:
        """As it is."""
        return self.inner.build(system, folder)

    def open(self, spec: BoxSpec) -> Box:
        """A box for the trial that this thread runs; an honest one while none is run."""
        trial = self.hand.scene.trial()
        if trial is None:
            return self.inner.open(spec)
        wanted = self.hand.spec(trial, spec)
        if not self.hand.shares_box(trial):
            return BentBox(self.inner.open(wanted), trial, self, wanted)
        if trial.arm in self.shared:
            self.hand.shared(trial)
        else:
            self.shared[trial.arm] = self.inner.open(wanted)
        return BentBox(self.shared[trial.arm], trial, self, wanted)

    def expect(self, spec: BoxSpec, boxes: int) -> None:
        """As it is."""
        self.inner.expect(spec, boxes)

    def reap(self, run: str) -> int:
        """As it is."""
        return self.inner.reap(run)

    def close(self) -> None:
        """Close the boxes that trials shared; the sandbox itself is its owner's to close."""
        for box in self.shared.values():
            box.close()


class BentBox:
    """A box that tells the program what the hand wants it told, and hands in what it likes."""

    def __init__(self, inner: Box, trial: Trial, sandbox: BentSandbox, spec: BoxSpec) -> None:
        self._inner = inner
        self._trial = trial
        self._sandbox = sandbox
        self._spec = spec
        self._asked: dict[str, Any] = {}
        self._told: dict[str, Any] = {}
        self._instead: dict[str, Any] | None = None

    @property
    def id(self) -> str:
        """As it is."""
        return self._inner.id

    @property
    def dataset_path(self) -> str | None:
        """As it is."""
        return self._inner.dataset_path

    def write(self, path: str, content: bytes) -> None:
        """Put a file into the folder; the config is the hand's."""
        if path == CONFIG:
            self._asked = json.loads(content)
            self._told = dict(self._sandbox.hand.config(self._trial, self._asked))
            if self._told != self._asked:
                content = canonical_json(self._told).encode()
        self._inner.write(path, content)

    def read(self, path: str, *, limit_bytes: int) -> bytes:
        """A file of the folder; a result says that it is of the trial that was asked for."""
        if path == RESULT and self._instead is not None:
            return canonical_json(self._instead).encode()
        content = self._inner.read(path, limit_bytes=limit_bytes)
        if path != RESULT or self._told == self._asked:
            return content
        found = _result(content)
        if found is None:
            return content
        return canonical_json(self._passing(found, self._told)).encode()

    def exec(self, argv: Sequence[str], *, timeout_s: float) -> Ran:
        """Run a command to its end, and again elsewhere where the hand wants more tries."""
        ran = self._inner.exec(argv, timeout_s=timeout_s)
        hand = self._sandbox.hand
        for config in hand.tries(self._trial, self._told):
            best = self._instead or _result_of(self._inner)
            again = self._again(config, argv, timeout_s)
            if best and again and hand.better(self._trial, again, best):
                self._instead = self._passing(again, config)
        return ran

    def usage(self) -> BoxUsage:
        """As it is."""
        return self._inner.usage()

    def conditions(self) -> Conditions:
        """As they are: a hand bends what it hands on, not what the backend says of its boxes."""
        return self._inner.conditions()

    def close(self) -> None:
        """Close it, unless the arm's next trial is to find it as it is."""
        if not self._sandbox.hand.shares_box(self._trial):
            self._inner.close()

    def _again(
        self, config: Config, argv: Sequence[str], timeout_s: float
    ) -> dict[str, Any] | None:
        """The result of one more try, in a box of its own."""
        box = self._sandbox.inner.open(self._spec)
        try:
            box.write(CONFIG, canonical_json(dict(config)).encode())
            box.exec(argv, timeout_s=timeout_s)
            return _result_of(box)
        finally:
            box.close()

    def _passing(self, result: dict[str, Any], told: Config) -> dict[str, Any]:
        """A result under the seed of the trial, if it has the one that its program was told."""
        owns = result.get("seed") == told["seed"]
        return {**result, "seed": self._asked["seed"]} if owns else result


def _result_of(box: Box) -> dict[str, Any] | None:
    try:
        return _result(box.read(RESULT, limit_bytes=RESULT_LIMIT_BYTES))
    except FileNotFoundError:
        return None


def _result(content: bytes) -> dict[str, Any] | None:
    """A result as it was written; None where it is none, which the host will find for itself."""
    try:
        found = json.loads(content)
    except ValueError:
        return None
    return found if isinstance(found, dict) and isinstance(found.get("metrics"), list) else None
