"""Options as a person types them, as a request and settings."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from pydantic import ValidationError

from curie.app.request import Request
from curie.app.settings import Settings, load_settings
from curie.app.wiring import ROLES
from curie.domain.dossier import AgentName
from curie.domain.errors import UsageError
from curie.domain.question import Budget
from curie.llm.choose import parse_role
from curie.llm.prices import parse_price
from curie.rigor import every_switch
from curie.sandbox.manifest import nearest


@dataclass(frozen=True)
class Given:
    """The options of a question; None: not given, so the settings decide."""

    home: Path | None = None
    agent: AgentName = "curie"
    model: str | None = None
    roles: Sequence[str] = ()
    system: str | None = None
    workspace: Path | None = None
    dataset: Path | None = None
    budget_usd: float | None = None
    budget_trials: int | None = None
    budget_minutes: float | None = None
    sandbox: str | None = None
    workers: int | None = None
    price: str | None = None
    allow_unknown_price: bool = False
    without: Sequence[str] = ()


def read_options(question: str, given: Given) -> tuple[Request, Settings]:
    """What is asked, and the settings in force. UsageError names the option that cannot be."""
    settings = load_settings(
        {
            "home": given.home,
            "model": given.model,
            "sandbox": given.sandbox,
            "workers": given.workers,
            "price": given.price,
            "allow_unknown_price": given.allow_unknown_price or None,
        }
    )
    if settings.price is not None:
        parse_price(settings.price)
    request = Request(
        question=question,
        agent=given.agent,
        system=given.system,
        model=settings.model,
        roles=tuple(parse_role(text, known=ROLES) for text in given.roles),
        sandbox=settings.sandbox,
        workers=settings.workers,
        workspace=given.workspace,
        dataset=given.dataset,
        budget=_budget(given),
        allow_unknown_price=settings.allow_unknown_price,
        without=read_without(given.without),
    )
    return request, settings


def read_without(given: Iterable[str]) -> tuple[str, ...]:
    """What is switched off, each once. UsageError with near names for what cannot be."""
    known = every_switch()
    wanted = tuple(dict.fromkeys(given))
    for name in wanted:
        if name not in known:
            raise UsageError(
                f"--without {name}: neither a part (intra, inter) nor the id of a check; "
                f"{nearest(name, known)}"
            )
    return wanted


def _budget(given: Given) -> Budget:
    try:
        return Budget(
            usd=given.budget_usd, trials=given.budget_trials, minutes=given.budget_minutes
        )
    except ValidationError as error:
        first = error.errors()[0]
        raise UsageError(f"--budget-{first['loc'][0]}: {first['msg']}") from error
