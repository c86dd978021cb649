"""A sandbox in which nothing runs but one small function, and which remembers what it was told."""

import hashlib
import json
import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from curie.app.audit.bent import BentLedger
from curie.app.audit.case import Case
from curie.app.audit.one_case import Rules, run_case
from curie.app.clock import SystemClock
from curie.domain.dossier import Dossier
from curie.domain.outcome import Conditions, Measured
from curie.domain.plan import Draft
from curie.domain.setup import Image, Posture, Started
from curie.domain.system import System
from curie.sandbox.box import BoxSpec, BoxUsage, Ran

Json = dict[str, Any]

DRAFT = Draft.model_validate(
    {
        "system": "workbench",
        "understood": "Whether a hot kiln cracks more pots than a cold one.",
        "hypotheses": [
            {
                "id": "c1",
                "claim": {
                    "kind": "difference",
                    "metric": "cracks",
                    "a": [{"factor": "heat", "level": 900}],
                    "b": [{"factor": "heat", "level": 600}],
                    "direction": "higher",
                },
            }
        ],
        "vary": [{"factor": "heat", "levels": [600, 900]}],
        "control": [{"factor": "heat", "level": 600}],
        "replicates": 4,
        "limits": ["One kind of clay."],
        "program": {
            "purpose": "Counts cracked pots.",
            "factors": [{"name": "heat", "type": "int", "default": 600, "low": 500, "high": 1000}],
            "metrics": [
                {
                    "name": "cracks",
                    "unit": "pots",
                    "noise": "seeded",
                    "low": 0.0,
                    "spread_share": 0.02,
                    "smallest_effect_share": 0.2,
                }
            ],
        },
    }
)
"""Control `control` at 600, treatment `t1` at 900, at least four seeds."""


def cracks(heat: int, seed: int) -> float:
    """What a firing gives: the heat, and a little luck."""
    return heat / 10 + random.Random(seed).uniform(0.0, 1.0)


@dataclass(frozen=True)
class Firing:
    """One command that ran: in which box, of what spec, told what."""

    box: str
    spec: BoxSpec
    config: Json


@dataclass
class KilnBox:
    """A folder in memory; its one command fires the kiln."""

    id: str
    spec: BoxSpec
    kiln: "Kiln"
    files: dict[str, bytes] = field(default_factory=dict)
    closed: bool = False
    dataset_path: str | None = None

    def write(self, path: str, content: bytes) -> None:
        self.files[path] = content

    def read(self, path: str, *, limit_bytes: int) -> bytes:
        if path not in self.files:
            raise FileNotFoundError(path)
        return self.files[path]

    def exec(self, argv: Sequence[str], *, timeout_s: float) -> Ran:
        assert not self.closed, "a closed box takes no command"
        config = json.loads(self.files["config.json"])
        self.kiln.fired.append(Firing(self.id, self.spec, config))
        heat = config["settings"].get("heat")
        if not isinstance(heat, int) or heat in self.kiln.fails_at:
            return Ran(exit_code=1, stdout="", stderr="it burst", wall_s=0.1)
        result = {
            "version": 1,
            "system": config["system"],
            "seed": config["seed"],
            "nonce": config["nonce"],
            "metrics": [
                {
                    "name": "cracks",
                    "unit": "pots",
                    "value": cracks(heat, config["seed"]),
                }
            ],
        }
        self.files["result.json"] = json.dumps(result).encode()
        return Ran(exit_code=0, stdout="", stderr="", wall_s=0.1)

    def usage(self) -> BoxUsage:
        return BoxUsage(cpu_s=0.0, peak_memory_mib=1.0)

    def conditions(self) -> Conditions:
        resources = self.spec.resources
        return Conditions(
            image=self.spec.image.digest,
            program_sha256=hashlib.sha256(b"kiln").hexdigest(),
            config=self.files["config.json"].decode(),
            cpus=resources.cpus,
            memory_mib=resources.memory_mib,
            pids=resources.pids,
            time_limit_s=self.spec.time_limit_s,
            network="none",
        )

    def close(self) -> None:
        self.closed = True


@dataclass
class Kiln:
    """A sandbox; `fails_at` are the heats at which a trial fails."""

    fails_at: frozenset[int] = frozenset()
    fired: list[Firing] = field(default_factory=list)
    boxes: list[KilnBox] = field(default_factory=list)
    built: list[Path] = field(default_factory=list)

    def posture(self) -> Posture:
        return Posture(backend="docker", engine="none", guards=())

    def build(self, system: System, folder: Path) -> Image:
        self.built.append(folder)
        name = f"kiln-{len(self.built)}"
        return Image(name=name, digest=name, base="clay", python="3.11")

    def open(self, spec: BoxSpec) -> KilnBox:
        self.boxes.append(KilnBox(f"box-{len(self.boxes) + 1}", spec, self))
        return self.boxes[-1]

    def expect(self, spec: BoxSpec, boxes: int) -> None:
        """Nothing is kept ready."""

    def reap(self, run: str) -> int:
        return 0

    def close(self) -> None:
        """Nothing is kept."""


BOTH = ("intra", "inter")
"""With both switched off every case runs to its end, so that the whole ledger can be looked at."""


@dataclass(frozen=True)
class Done:
    """A case that was run: the facts, what was never done, and what the sandbox saw."""

    dossier: Dossier
    undone: tuple[str, ...]
    kiln: Kiln

    def started(self, arm: str) -> tuple[Started, ...]:
        """The trials of an arm that the ledger knows of."""
        phases = ("control", "treatment")
        return tuple(s for s in self.dossier.of(Started) if s.arm == arm and s.phase in phases)

    def values(self, arm: str) -> dict[int, float]:
        """What the ledger says of an arm, by seed."""
        seeds = {s.trial: s.seed for s in self.started(arm)}
        return {
            seeds[m.trial]: m.result.metrics[0].value
            for m in self.dossier.of(Measured)
            if m.trial in seeds
        }

    def fired(self, arm: str) -> tuple[Firing, ...]:
        """What ran in boxes for an arm, by the nonces that the ledger knows."""
        nonces = {s.nonce for s in self.started(arm)}
        return tuple(f for f in self.kiln.fired if f.config["nonce"] in nonces)


def case(**changes: Any) -> Case:
    """An honest case on the kiln, with these fields changed."""
    fields: Mapping[str, Any] = {
        "name": "cheats/development/kilns/one",
        "kind": "cheats",
        "half": "development",
        "about": "A kiln.",
        "family": "kilns",
        "families": ("kilns",),
        "draft": DRAFT,
        "own": False,
        "timed": False,
        **changes,
    }
    return Case.model_validate(fields)


def tried(
    folder: Path, kiln: Kiln, *tampers: Json, without: tuple[str, ...] = BOTH, **changes: Any
) -> Done:
    """A case on the kiln, run through the product's loop."""
    with BentLedger.open(folder / "ledger.db", SystemClock()) as ledger:
        what = case(tampers=tampers, **changes)
        dossier, undone = run_case(what, Rules("process", folder, without), ledger, kiln, folder)
    return Done(dossier, undone, kiln)
