"""From a name on the command line to a model that is counted, recorded and within budget."""

import difflib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from pydantic import SecretStr

from curie.domain.call import ModelCall
from curie.domain.errors import ModelUnavailable, UsageError
from curie.llm.dialogue import Dialogue
from curie.llm.metered import Metered
from curie.llm.port import ChatModel
from curie.llm.prices import Price, price_of
from curie.llm.replay import ReplayVoice
from curie.llm.retry import Pause
from curie.llm.scripted import ScriptedVoice
from curie.llm.voice import Logbook, Voice

BUILTIN = "builtin"
"""The name of the scientist that is plain code."""

OPENAI_URL = "https://api.openai.com/v1"
"""The endpoint of `openai/<name>` where none is given."""

MAX_TOKENS = 16_384
"""A good longest reply: room for a program or for hidden reasoning, and what most models allow."""


@dataclass(frozen=True)
class Means:
    """What models are opened with; the same for all roles of a run."""

    logbook: Logbook
    base_url: str | None
    """The endpoint of `openai/<name>`; None: OpenAI's own."""
    api_key: SecretStr | None
    timeout_s: float
    max_tokens: int
    """The most tokens that one reply may have."""
    price: Price | None
    """From --price; None: the shipped table."""
    allow_unknown_price: bool
    budget_usd: float | None
    spent: Callable[[], float]
    """USD that the run's recorded calls cost so far."""
    recorded: Callable[[str], Sequence[ModelCall]]
    """The calls of another run, by its id; UsageError if there is no such run."""
    pause: Pause
    monotonic: Callable[[], float]


def open_model(name: str, means: Means) -> ChatModel | None:
    """The model of that name; None for `builtin`.

    UsageError for a name that means nothing, an unknown price or a budget that cannot be kept;
    ModelUnavailable without a key.
    """
    if name == BUILTIN:
        return None
    provider, _, rest = name.partition("/")
    if provider not in PROVIDERS or not rest:
        raise UsageError(_unknown(name, provider))
    return Dialogue(PROVIDERS[provider](rest, means), means.logbook)


def parse_role(text: str, *, known: Iterable[str]) -> tuple[str, str]:
    """`reviewer=openai/x` as a role and a model's name; UsageError for an unknown role."""
    role, equals, name = (part.strip() for part in text.partition("="))
    roles = sorted(known)
    if not equals or not name:
        raise UsageError(f"--role {text!r}: give ROLE=MODEL, as in {roles[0]}=openai/NAME")
    if role not in roles:
        raise UsageError(f"--role {text!r}: no role {role!r}; known: {', '.join(roles)}")
    return role, name


def _openai(model: str, means: Means) -> Voice:
    # The client takes over a second to import, which only those wait for who use it.
    from curie.llm.openai_model import Endpoint, OpenAIVoice  # noqa: PLC0415

    if means.api_key is None or not means.api_key.get_secret_value():
        raise ModelUnavailable(
            f"openai/{model}: OPENAI_API_KEY is not set; set it (any word will do for a local "
            "server), or use --model builtin"
        )
    base_url = means.base_url or OPENAI_URL
    voice = OpenAIVoice(
        model,
        endpoint=Endpoint(base_url, means.api_key, means.timeout_s, means.max_tokens),
        price=price_of(
            model,
            base_url=base_url,
            given=means.price,
            allow_unknown=means.allow_unknown_price,
        ),
        pause=means.pause,
        monotonic=means.monotonic,
    )
    if means.budget_usd is None:
        return voice
    return Metered(voice, budget_usd=means.budget_usd, spent=means.spent)


def _replay(run: str, means: Means) -> Voice:
    calls = means.recorded(run)
    if not calls:
        raise UsageError(f"replay/{run}: that run asked no model, so there is nothing to replay")
    return ReplayVoice(f"replay/{run}", calls)


def _scripted(path: str, means: Means) -> Voice:
    return ScriptedVoice(Path(path))


PROVIDERS: dict[str, Callable[[str, Means], Voice]] = {
    "openai": _openai,
    "replay": _replay,
    "scripted": _scripted,
}
"""What may stand before the slash of a model's name."""


def _unknown(name: str, provider: str) -> str:
    known = f"known: {BUILTIN}, openai/NAME, replay/RUN, scripted/FILE"
    close = difflib.get_close_matches(provider, PROVIDERS, n=1)
    if provider in PROVIDERS:
        return f"--model {name!r}: nothing stands after the slash; {known}"
    hint = f"; did you mean {close[0]}/…?" if close else ""
    if "/" not in name:
        hint = f"; did you mean openai/{name}?"
    return f"--model {name!r}: no such provider{hint} {known}"
