"""A small world for the real loop: roles that follow a script of moods, boxes without a machine.

Everything here is honest but for its moods: a box answers what its mood says, and the real checks
have to find out.
"""

import json
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from curie.agents.briefs import AnalystBrief, ArchitectBrief, ReviewerBrief, TechnicianBrief
from curie.agents.builtin.analyst import BuiltinAnalyst
from curie.agents.technician import source_file
from curie.domain.answer import Answer, Sentence
from curie.domain.claim import Trend
from curie.domain.clock import StoppedClock
from curie.domain.dossier import Opened
from curie.domain.errors import NotAnswerable
from curie.domain.outcome import Conditions
from curie.domain.plan import Approval, Draft, Hypothesis, Plan, Program, Varied
from curie.domain.question import Question
from curie.domain.setup import Image, Posture, SourceFile
from curie.domain.system import Factor, Metric, System
from curie.domain.verdict import Opinion
from curie.fleet.local import LocalFleet
from curie.graph.state import Crew, Deps, Event, Shelf
from curie.sandbox.box import Box, BoxSpec, BoxUsage, Ran
from curie.store import Ledger
from tests.domain.samples import AT, SETUP, held

MILL = System(
    name="mill",
    title="A mill",
    about="How the speed of a mill changes the flour.",
    real="nothing",
    modelled="everything",
    mode="simulated",
    time_limit_s=10.0,
    brings_program=False,
)
SPEED = Factor(name="speed", type="int", default=1, levels=(1, 2, 3))
FLOUR = Metric(name="flour", unit="g", noise="seeded", spread_share=0.01, smallest_effect_share=0.5)
PROGRAM = """
import random
import sys
from sandboxes.contract import read_config, write_result

config = read_config(sys.argv[1])
dice = random.Random(config.seed)
grains = [dice.random() for _ in range(100 * config.settings["speed"])]
ground = 0
for grain, stone in zip(grains, sorted(grains)):
    if grain < stone:
        ground += 1
write_result(sys.argv[1], config, {"flour": (ground / 10, "g")})
"""
TYPED = (
    'from sandboxes.contract import write_result\nwrite_result(".", None, {"flour": (4, "g")})\n'
)
"""A program that every reading refuses: it types its result and reads no factor."""

DIES = {"dies": Ran(1, "", "it broke", 0.1), "late": Ran(None, "", "", 10.0, timed_out=True)}
"""Moods of a box whose command ends badly, and how it ends."""
VALUES = {
    "right": lambda speed, seed, box: 10.0 * speed + 0.01 * (seed * speed**2 % 7),
    "deaf": lambda speed, seed, box: 10.0 + 0.01 * (seed % 7),
    "numb": lambda speed, seed, box: 10.0 * speed,
    "drunk": lambda speed, seed, box: 10.0 * speed + box,
    "vague": lambda speed, seed, box: random.Random(f"{seed}/{speed}").gauss(10.0, 0.1),
    "stranger": lambda speed, seed, box: 10.0 * speed + 0.01 * (seed * speed**2 % 7),
}
"""Moods of a box that leaves a result, and what it reports."""
BOX_MOODS = (*DIES, *VALUES, "silent")


@dataclass
class FakeBox:
    """Answers a trial from the table of its mood."""

    id: str
    mood: str
    number: int
    spec: BoxSpec
    dataset_path: str | None = None
    held: dict[str, bytes] = field(default_factory=dict)

    def write(self, path: str, content: bytes) -> None:
        self.held[path] = content

    def read(self, path: str, *, limit_bytes: int) -> bytes:
        if path not in self.held:
            raise FileNotFoundError(path)
        return self.held[path][:limit_bytes]

    def exec(self, argv: Sequence[str], *, timeout_s: float) -> Ran:
        if self.mood in DIES:
            return DIES[self.mood]
        if "speed" not in json.loads(self.held["config.json"])["settings"]:
            return Ran(1, "", "KeyError: 'speed'", 0.1)
        if self.mood != "silent":
            self.held["result.json"] = self._result()
        return Ran(0, "", "", 0.1)

    def _result(self) -> bytes:
        told = json.loads(self.held["config.json"])
        value = VALUES[self.mood](told["settings"]["speed"], told["seed"], self.number)
        flour = {"name": "flour", "value": value, "unit": "g"}
        nonce = "another" if self.mood == "stranger" else told["nonce"]
        return json.dumps(
            {"version": 1, "system": "mill", "seed": told["seed"], "nonce": nonce,
             "metrics": [flour], "series": [], "warnings": []}
        ).encode()  # fmt: skip

    def usage(self) -> BoxUsage:
        return BoxUsage(None, None)

    def conditions(self) -> Conditions:
        return Conditions(
            image=self.spec.image.digest, cpus=1, memory_mib=64, pids=8, network="none",
            program_sha256=SETUP.but(files=self.spec.files).code_sha256,
            config=self.held["config.json"].decode(), time_limit_s=self.spec.time_limit_s,
        )  # fmt: skip

    def close(self) -> None:
        """Nothing runs."""


@dataclass
class World:
    """All that has a mood: who plays the roles, the person, the sandbox; and who looks on.

    `moods` says what comes next for each of them; when it is used up all is well.
    """

    moods: dict[str, Iterator[str]]
    boxes: int = 0
    step: str = ""
    mood: str = "right"
    steps: list[str] = field(default_factory=list)

    def next(self, who: str, usual: str) -> str:
        return next(self.moods.get(who, iter(())), usual)

    def tell(self, event: Event) -> None:
        """A new mood for the boxes of each step."""
        if event.step != self.step:
            self.step = event.step
            self.steps.append(event.step)
            if event.step in ("probe", "control", "treat", "reexecute"):
                self.mood = self.next("box", "right")

    def posture(self) -> Posture:
        return SETUP.posture

    def build(self, system: System, folder: Path) -> Image:
        return SETUP.image

    def open(self, spec: BoxSpec) -> Box:
        self.boxes += 1
        return FakeBox(f"b{self.boxes}", self.mood, self.boxes, spec)

    def expect(self, spec: BoxSpec, boxes: int) -> None:
        """Nothing to prepare."""

    def reap(self, run: str) -> int:
        return 0

    def close(self) -> None:
        """Nothing is kept."""

    def draft(self, brief: ArchitectBrief) -> Draft:
        mood = self.next("architect", "sound")
        if mood == "out of ideas" and brief.earlier:
            raise NotAnswerable("no other plan comes to mind")
        levels = (1, 2) if mood == "too few levels" else (1, 2, 3)
        shape = None if mood == "open" else "rises"
        trend = Trend(metric="flour", factor="speed", shape=shape)
        return Draft(
            system="mill",
            understood="flour along the speed",
            hypotheses=(Hypothesis(id="c1", claim=trend, why="it is asked"),),
            vary=(Varied(factor="speed", levels=levels),),
            control=held(speed=1),
            program=Program(purpose="grind", factors=(SPEED,), metrics=(FLOUR,)),
            limits=("It is a model.",),
        )

    def write(self, brief: TechnicianBrief, box: Box) -> tuple[SourceFile, ...]:
        mood = self.next("technician", "new")
        if mood == "same" and brief.files:
            return brief.files
        text = TYPED if mood == "typed" else PROGRAM
        return (source_file("program.py", f"{text}# {self.boxes}\n"),)

    def review(self, brief: ReviewerBrief) -> Opinion:
        trusts = self.next("reviewer", "trusts") == "trusts"
        concerns = () if trusts else ("it grinds nothing",)
        return Opinion(setup=brief.setup.id, trustworthy=trusts, concerns=concerns)

    def answer(self, brief: AnalystBrief, *, answer_id: str) -> Answer:
        honest = BuiltinAnalyst().answer(brief, answer_id=answer_id)
        if self.next("analyst", "honest") == "honest":
            return honest
        return honest.but(sentences=(Sentence(text="It is 42 g.", claims=("c1",)),))

    def approve(self, plan: Plan) -> Approval:
        said = self.next("person", "yes")
        return Approval(plan=plan.id, said=said, comment="slower" if said == "comment" else "")


def deps(world: World, ledger: Ledger) -> Deps:
    """The tools of a run in this world, which is opened."""
    ledger.writer("r1", "loop").add(
        Opened(
            question=Question(text="How does flour go along the speed?"),
            model="test",
            curie_version="0",
            secret="s",
        )
    )
    return Deps(
        run="r1",
        ledger=ledger,
        clock=StoppedClock(AT),
        crew=Crew(architect=world, analyst=world, technician=world, reviewer=world),
        sandbox=world,
        fleet=LocalFleet(1),
        shelves=(Shelf(system=MILL, folder=Path("none"), manifest_sha256="m" * 64, shipped=True),),
        host=SETUP.host,
        load=lambda: 0.0,
        watch=world,
        usd=lambda: 0.0,
        approve=world.approve,
    )
