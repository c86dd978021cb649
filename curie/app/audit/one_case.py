"""One case through the product's own loop, in a ledger of its own that is thrown away."""

import os
import secrets
import tempfile
import time
from collections.abc import Collection
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import curie
from curie.app.audit.bent import BentFleet, BentLedger, BentSandbox
from curie.app.audit.case import Case, Half, Kind
from curie.app.audit.crew import crew_of
from curie.app.audit.hand import Hand
from curie.app.audit.patched import shelf_for
from curie.app.audit.scene import Scene
from curie.app.clock import SystemClock
from curie.domain.answer import Answer
from curie.domain.dossier import Closed, Dossier, Opened
from curie.domain.errors import INTERRUPTED, CurieError
from curie.domain.fact import Fact
from curie.domain.question import Question
from curie.domain.setup import Started
from curie.fleet.local import LocalFleet
from curie.graph.loop import run as run_loop
from curie.graph.state import Deps, Event
from curie.metering.machine import host, load_per_core
from curie.report.summary import answer_text
from curie.sandbox.backends import open_sandbox
from curie.sandbox.box import Sandbox


class Tried(Fact):
    """What became of a case."""

    case: str
    kind: Kind
    half: Half
    family: str
    how: Literal["stopped", "let_through", "broken"]
    gate: str = ""
    """Where it was stopped: a gate, or `report`, which prints no number without its fact."""
    checks: tuple[str, ...] = ()
    """What stopped it."""
    why: str = ""
    """What the checks found; of a case that went through, its verdict; else what broke."""
    trials: int = 0
    seconds: float = 0.0


@dataclass(frozen=True)
class Rules:
    """How cases are run."""

    kind: Literal["docker", "process"]
    state: Path
    """Where the sandbox keeps packages and boxes."""
    without: tuple[str, ...] = ()
    stop: Path = Path(os.devnull) / "stop"
    """Once this file is there, cases end after the trial that runs; else there is no such place."""


class Stopped(CurieError):
    """The person pressed Ctrl-C: the case has no end."""

    exit_code = INTERRUPTED


@dataclass(frozen=True)
class Lookout:
    """A watch that stops its case once a file is there: workers see it in every process."""

    stop: Path

    def tell(self, event: Event) -> None:
        """Nothing, or Stopped."""
        if self.stop.exists():
            raise Stopped(f"stopped at {event.step}")


def try_case(case: Case, rules: Rules) -> Tried:
    """Run a case to its end. Raises what breaks: that is no result."""
    begun = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="curie-audit-") as name:
        folder = Path(name)
        with (
            BentLedger.open(folder / "ledger.db", SystemClock()) as ledger,
            closing(_sandbox(rules)) as sandbox,
        ):
            dossier, undone = run_case(case, rules, ledger, sandbox, folder)
    tried = _ended(case, dossier, undone)
    return tried.but(trials=len(dossier.of(Started)), seconds=round(time.monotonic() - begun, 3))


def _sandbox(rules: Rules) -> Sandbox:
    return open_sandbox(rules.kind, state=rules.state, workers=1, say=lambda _: None)


def run_case(
    case: Case, rules: Rules, ledger: BentLedger, sandbox: Sandbox, folder: Path
) -> tuple[Dossier, tuple[str, ...]]:
    """All facts of the case's run, and the deeds that were never done in it."""
    shelf = shelf_for(case, folder / "system")
    hand = Hand(case.tampers, Scene(sandbox, shelf, folder / "other" / case.draft.system))
    ledger.hand = hand
    run = f"audit-{secrets.token_hex(6)}"
    ledger.writer(run, "loop").add(_opened(case, rules.without))
    with closing(BentSandbox(sandbox, hand)) as bent:
        deps = Deps(
            run=run,
            ledger=ledger,
            clock=SystemClock(),
            crew=crew_of(case),
            sandbox=bent,
            fleet=BentFleet(LocalFleet(1), hand),
            shelves=(shelf,),
            host=host(),
            load=load_per_core,
            watch=Lookout(rules.stop),
            usd=lambda: 0.0,
            ways_back=0,
        )
        run_loop(deps, folder / "checkpoints.db")
    return ledger.dossier(run), hand.undone()


def broken(case: Case, error: BaseException) -> Tried:
    """A case that could not be run to its end."""
    return _tried(case, "broken", why=f"{type(error).__name__}: {error}")


def _opened(case: Case, without: Collection[str]) -> Opened:
    return Opened(
        question=Question(text=case.draft.understood, system=case.draft.system),
        model="scripted",
        curie_version=curie.__version__,
        secret=secrets.token_hex(16),
        without=tuple(without),
    )


def _ended(case: Case, dossier: Dossier, undone: tuple[str, ...]) -> Tried:
    """What the ledger says of the end; a deed that never came to be done shows nothing."""
    closed = dossier.last(Closed)
    if closed is None:
        return _tried(case, "broken", why="the run has no end")
    if closed.how == "answered":
        if undone:
            return _tried(case, "broken", why=f"never done: {', '.join(undone)}")
        return _answered(case, dossier)
    verdict = next((v for v in reversed(dossier.verdicts()) if not v.accepted), None)
    if verdict is None:
        return _tried(case, "broken", why="given up, though no gate refused it")
    checks = tuple(f.check for f in verdict.failures)
    if _too_early(case, verdict.gate, undone):
        why = f"stopped at the {verdict.gate} gate ({', '.join(checks)}) before anything was done"
        return _tried(case, "broken", why=f"{why}; mend the experiment")
    why = "; ".join(f"{f.check}: {f.detail}" for f in verdict.failures)
    return _tried(case, "stopped", gate=verdict.gate, checks=checks, why=why)


def _answered(case: Case, dossier: Dossier) -> Tried:
    """An accepted answer, if the report can be made of it."""
    try:
        answer_text(dossier)
    except CurieError as error:
        return _tried(case, "stopped", gate="report", checks=("binding",), why=str(error))
    answer = dossier.last(Answer)
    return _tried(case, "let_through", why=answer.verdict if answer else "")


def _too_early(case: Case, gate: str, undone: tuple[str, ...]) -> bool:
    """Whether a cheat was stopped for something that is not its deed."""
    if case.own or case.kind == "honest" or len(undone) < len(case.tampers):
        return False
    return case.answer is None or gate != "answer"


def _tried(
    case: Case,
    how: Literal["stopped", "let_through", "broken"],
    *,
    gate: str = "",
    checks: tuple[str, ...] = (),
    why: str = "",
) -> Tried:
    return Tried(
        case=case.name,
        kind=case.kind,
        half=case.half,
        family=case.family,
        how=how,
        gate=gate,
        checks=checks,
        why=why,
    )
