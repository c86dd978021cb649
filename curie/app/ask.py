"""From a question to a report, or as far as the budget reaches; and on from there."""

import random
import secrets
from collections.abc import Sequence
from pathlib import Path

from pydantic import ValidationError

import curie
from curie.agents.briefs import ArchitectBrief
from curie.agents.design import Circumstances, complete
from curie.app.baseline import answer_alone, check_baseline
from curie.app.clock import SystemClock
from curie.app.home import Home, open_ledger
from curie.app.request import Approve, Ended, Request
from curie.app.settings import Settings
from curie.app.shelves import shelves
from curie.app.wiring import crew, material, open_deps
from curie.domain.dossier import Closed, Dossier, Opened
from curie.domain.errors import BudgetSpent, CurieError, NotAnswerable, UsageError
from curie.domain.plan import Plan
from curie.domain.setup import Setup, SourceFile
from curie.graph.loop import run as run_loop
from curie.graph.state import Watch
from curie.report import render, write
from curie.report.summary import answer_text, claims_json, limits, standing_answer
from curie.stats import TESTED
from curie.store import Ledger, new_run_id

RESUME = "resume: curie resume "
"""How the note begins that an error carries when the run that it stopped can go on."""

REQUEST = "request.json"
"""Beside the report of a run: the options it was started with. Paths stay on this machine."""


def ask(
    request: Request, settings: Settings, *, watch: Watch, approve: Approve | None = None
) -> Ended:
    """Answer a question. Whatever stops it, what was measured until then stays in the ledger.

    An error that stopped a run which can go on carries a note that says how (`RESUME`).
    """
    if request.agent == "baseline":
        check_baseline(request, approve)
    given = material(request)
    on_offer = shelves(request.system, request.workspace)
    clock = SystemClock()
    run = new_run_id(clock, random.Random(secrets.randbits(64)))
    home = Home(settings.home)
    with open_ledger(home) as ledger:
        _keep_request(home, run, request)
        ledger.writer(run, "loop").add(
            Opened(
                question=given.question,
                model=request.model,
                roles=request.roles,
                agent=request.agent,
                curie_version=curie.__version__,
                secret=secrets.token_hex(16),
                without=request.without,
            )
        )
        assert on_offer, "shelves raises where there is none"
        return _go_on(
            run,
            request,
            settings,
            ledger=ledger,
            files=given.workspace,
            watch=watch,
            approve=approve,
        )


def resume(
    prefix: str, settings: Settings, *, watch: Watch, approve: Approve | None = None
) -> Ended:
    """Take an interrupted run to its end. A run that has ended is only reported again."""
    home = Home(settings.home)
    with open_ledger(home) as ledger:
        run = ledger.resolve(prefix)
        dossier = ledger.dossier(run)
        if dossier.last(Closed) is not None:
            return ended(run, dossier, home)
        if dossier.opened.agent == "baseline":
            raise UsageError(
                f"run {run}: a baseline works in one box, which is gone; ask again with "
                "--agent baseline"
            )
        request = _kept_request(home, run)
        given = material(request)
        if given.question != dossier.question:
            raise UsageError(
                f"run {run}: its workspace or dataset has changed since it began; put it back as "
                "it was, or ask again"
            )
        return _go_on(
            run,
            request,
            settings,
            ledger=ledger,
            files=given.workspace,
            watch=watch,
            approve=approve,
        )


def plan_only(request: Request, settings: Settings, *, watch: Watch) -> Plan:
    """The design and its power; runs nothing. A model's calls are recorded in a run of its own."""
    given = material(request)
    offered = shelves(request.system, request.workspace)
    run = new_run_id(SystemClock(), random.Random(secrets.randbits(64)))
    with open_ledger(Home(settings.home)) as ledger:
        roles = crew(run, request, settings, ledger=ledger, say=lambda _: None)
        if request.model != "builtin":
            ledger.writer(run, "loop").add(
                Opened(
                    question=given.question,
                    model=request.model,
                    roles=request.roles,
                    curie_version=curie.__version__,
                    secret=secrets.token_hex(16),
                )
            )
        draft = roles.architect.draft(
            ArchitectBrief(
                question=given.question,
                systems=tuple(s.system for s in offered),
                tested=tuple(sorted(TESTED)),
                trials_left=request.budget.trials,
            )
        )
    system = next((s.system for s in offered if s.system.name == draft.system), None)
    if system is None:
        raise UsageError(f"the architect chose {draft.system!r}, which is not on offer")
    return complete(
        draft,
        system,
        Circumstances(plan_id="p1", question=given.question.text, first_seed=1, order_key=run),
    )


def ended(run: str, dossier: Dossier, home: Home) -> Ended:
    """What a run came to, with its report written anew."""
    report = write(render(dossier), home.run(run))
    answer = standing_answer(dossier)
    closed = dossier.last(Closed)
    setup = dossier.last(Setup)
    return Ended(
        run=run,
        verdict=answer.verdict if answer else "gave_up",
        answer=answer_text(dossier),
        report=report,
        sandbox=setup.posture.backend if setup else "none",
        claims=tuple(claims_json(dossier)),
        exit_code=closed.exit_code if closed else BudgetSpent.exit_code,
        open_doors=tuple(g.name for g in setup.posture.open_doors) if setup else (),
        limits=limits(dossier),
        agent=dossier.opened.agent,
        without=dossier.opened.without,
    )


def _go_on(
    run: str,
    request: Request,
    settings: Settings,
    *,
    ledger: Ledger,
    files: Sequence[SourceFile],
    watch: Watch,
    approve: Approve | None,
) -> Ended:
    home = Home(settings.home)
    if request.agent == "baseline":
        answer_alone(run, request, settings, ledger=ledger, files=files, watch=watch)
        return ended(run, ledger.dossier(run), home)
    try:
        with open_deps(
            run, request, settings, ledger=ledger, files=files, watch=watch, approve=approve
        ) as deps:
            run_loop(deps, home.checkpoints)
    except NotAnswerable:
        ledger.writer(run, "loop").add(Closed(how="gave_up", exit_code=NotAnswerable.exit_code))
        raise
    except (CurieError, KeyboardInterrupt) as error:
        write(render(ledger.dossier(run)), home.run(run))
        error.add_note(f"{RESUME}{run}")
        raise
    return ended(run, ledger.dossier(run), home)


def _keep_request(home: Home, run: str, request: Request) -> None:
    folder = home.run(run)
    folder.mkdir(parents=True, mode=0o700)
    absolute = request.but(
        workspace=request.workspace and request.workspace.resolve(),
        dataset=request.dataset and request.dataset.resolve(),
    )
    (folder / REQUEST).write_text(absolute.model_dump_json(indent=1), encoding="utf-8")


def _kept_request(home: Home, run: str) -> Request:
    path: Path = home.run(run) / REQUEST
    try:
        return Request.model_validate_json(path.read_text(encoding="utf-8"))
    except (OSError, ValidationError) as error:
        raise UsageError(
            f"{path}: cannot be read, so the run cannot be resumed; its facts are kept, see "
            f"`curie show {run}`"
        ) from error
