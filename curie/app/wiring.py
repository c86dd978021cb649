"""Puts the parts together: the only place that knows which class plays which part."""

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import cast

from curie.agents.analyst import ModelAnalyst
from curie.agents.architect import ModelArchitect
from curie.agents.builtin.analyst import BuiltinAnalyst
from curie.agents.builtin.architect import BuiltinArchitect
from curie.agents.reviewer import ModelReviewer
from curie.agents.technician import ModelTechnician
from curie.app.clock import SystemClock
from curie.app.folders import hash_dataset, read_workspace
from curie.app.home import Home
from curie.app.request import Approve, Request
from curie.app.settings import Settings
from curie.app.shelves import shelves
from curie.domain.call import ModelCall
from curie.domain.dossier import Role
from curie.domain.errors import UsageError
from curie.domain.question import Question
from curie.domain.setup import SourceFile
from curie.fleet.local import LocalFleet
from curie.graph.state import Crew, Deps, Event, Watch
from curie.llm.choose import Means, open_model
from curie.llm.port import ChatModel
from curie.llm.prices import parse_price
from curie.llm.voice import Logbook
from curie.metering.machine import host, load_per_core
from curie.prompts import PromptBook, prompts_folder
from curie.sandbox.backends import Kind, open_sandbox
from curie.store import Ledger

ROLES: tuple[Role, ...] = ("architect", "technician", "reviewer", "analyst")
"""Roles that a language model may play."""


@dataclass(frozen=True)
class Material:
    """What a person handed in with a question, read and hashed."""

    question: Question
    workspace: tuple[SourceFile, ...]


def material(request: Request) -> Material:
    """The question as a fact, with the folders that come with it. UsageError for bad input."""
    if not request.question.strip():
        raise UsageError(
            "the question is empty; ask something like "
            '"How does efSearch change recall of an HNSW index?"'
        )
    folder, files = (None, ()) if request.workspace is None else read_workspace(request.workspace)
    dataset = None if request.dataset is None else hash_dataset(request.dataset)
    return Material(
        Question(
            text=request.question.strip(),
            system=request.system,
            budget=request.budget,
            workspace=folder,
            dataset=dataset,
        ),
        files,
    )


@contextmanager
def open_deps(
    run: str,
    request: Request,
    settings: Settings,
    *,
    ledger: Ledger,
    files: Sequence[SourceFile],
    watch: Watch,
    approve: Approve | None,
) -> Iterator[Deps]:
    """The tools of one run; every box is gone in the end."""
    home = Home(settings.home)

    def say(text: str) -> None:
        watch.tell(Event("prepare", text))

    def spent() -> float:
        return ledger.dossier(run).usd if uses_model(request) else 0.0

    kind = cast("Kind", request.sandbox)
    with closing(
        open_sandbox(kind, state=home.sandbox, workers=request.workers, say=say)
    ) as sandbox:
        sandbox.reap(run)
        yield Deps(
            run=run,
            ledger=ledger,
            clock=SystemClock(),
            crew=crew(run, request, settings, ledger=ledger, say=say),
            sandbox=sandbox,
            fleet=LocalFleet(request.workers),
            shelves=shelves(request.system, request.workspace),
            host=host(),
            load=load_per_core,
            watch=watch,
            usd=spent,
            deadline=_deadline(run, request, ledger),
            approve=approve,
            workspace=tuple(files),
            dataset=request.dataset,
        )


def crew(
    run: str, request: Request, settings: Settings, *, ledger: Ledger, say: Callable[[str], None]
) -> Crew:
    """Who plays which role: the model of the role, or the built-in scientist."""
    prompts = PromptBook(prompts_folder())
    models = {
        role: model_of(role, run, request, settings, ledger=ledger, say=say) for role in ROLES
    }
    architect, analyst = models["architect"], models["analyst"]
    technician, reviewer = models["technician"], models["reviewer"]
    return Crew(
        architect=ModelArchitect(architect, prompts) if architect else BuiltinArchitect(),
        analyst=ModelAnalyst(analyst, prompts) if analyst else BuiltinAnalyst(),
        technician=ModelTechnician(technician, prompts) if technician else None,
        reviewer=ModelReviewer(reviewer, prompts) if reviewer else None,
    )


def model_of(
    role: Role,
    run: str,
    request: Request,
    settings: Settings,
    *,
    ledger: Ledger,
    say: Callable[[str], None],
) -> ChatModel | None:
    """The model that plays a role; None for the built-in scientist."""
    name = dict(request.roles).get(role, request.model)
    return open_model(name, _means(run, role, request, settings, ledger=ledger, say=say))


def uses_model(request: Request) -> bool:
    """Whether any role is played by a language model."""
    return any(name != "builtin" for name in (request.model, *(m for _, m in request.roles)))


def _means(
    run: str,
    role: Role,
    request: Request,
    settings: Settings,
    *,
    ledger: Ledger,
    say: Callable[[str], None],
) -> Means:
    writer = ledger.writer(run, role)

    def record(call: ModelCall) -> None:
        writer.add(call)

    def already(name: str) -> int:
        return max(
            (c.number for c in ledger.dossier(run).of(ModelCall) if c.role == name), default=0
        )

    def pause(seconds: float, why: str) -> None:
        say(f"waiting {seconds:.0f} s: {why}")
        time.sleep(seconds)

    return Means(
        logbook=Logbook(record, already),
        base_url=settings.openai_base_url,
        api_key=settings.openai_api_key,
        timeout_s=settings.model_timeout_s,
        max_tokens=settings.max_tokens,
        price=None if settings.price is None else parse_price(settings.price),
        allow_unknown_price=request.allow_unknown_price,
        budget_usd=request.budget.usd,
        spent=lambda: ledger.dossier(run).usd,
        recorded=lambda other: ledger.dossier(ledger.resolve(other)).of(ModelCall),
        pause=pause,
        monotonic=time.monotonic,
    )


def _deadline(run: str, request: Request, ledger: Ledger) -> datetime | None:
    """When the run's minutes are over, counted from its first fact."""
    minutes = request.budget.minutes
    return None if minutes is None else ledger.entries(run)[0].at + timedelta(minutes=minutes)
