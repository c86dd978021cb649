import json
import subprocess
import sys
from collections.abc import Sequence

import pytest
from pydantic import SecretStr

from curie.domain.call import ModelCall
from curie.domain.errors import BudgetSpent, ModelUnavailable, UsageError
from curie.domain.plan import Draft
from curie.llm.choose import MAX_TOKENS, Means, open_model, parse_role
from curie.llm.port import ChatModel
from curie.llm.prices import Price
from tests.llm.drafts import ANSWER, DRAFT, PROMPT, Ledger
from tests.llm.loopback import Loopback

NOWHERE = "http://127.0.0.1:9/v1"


def no_runs(run: str) -> Sequence[ModelCall]:
    raise UsageError(f"run {run!r}: there is none")


def means(ledger: Ledger, **changes: object) -> Means:
    fields: dict[str, object] = {
        "logbook": ledger.logbook,
        "base_url": NOWHERE,
        "api_key": SecretStr("any"),
        "timeout_s": 5.0,
        "max_tokens": MAX_TOKENS,
        "price": None,
        "allow_unknown_price": False,
        "budget_usd": None,
        "spent": ledger.spent,
        "recorded": no_runs,
        "pause": lambda seconds, why: None,
        "monotonic": lambda: 0.0,
    }
    return Means(**{**fields, **changes})


def opened(name: str, **changes: object) -> ChatModel:
    model = open_model(name, means(Ledger(), **changes))
    assert model is not None
    return model


def test_builtin_is_no_model():
    assert open_model("builtin", means(Ledger())) is None


def test_openai_asks_the_endpoint_and_records():
    ledger = Ledger()
    with Loopback(lambda _: ANSWER) as server:
        model = open_model(
            "openai/org/test",
            means(ledger, base_url=server.url, price=Price(input_usd=0, output_usd=0)),
        )
        assert model is not None
        assert model.ask(PROMPT, Draft) == DRAFT
    assert model.name == "openai/org/test"
    assert server.requests[0]["model"] == "org/test"
    assert ledger.calls[0].usd == 0


def test_openai_without_an_endpoint_is_openais_own():
    assert opened("openai/gpt-4o", base_url=None).name == "openai/gpt-4o"


@pytest.mark.parametrize("key", [None, SecretStr("")])
def test_a_missing_key_is_told_before_anything_is_asked(key):
    with pytest.raises(ModelUnavailable, match="OPENAI_API_KEY is not set"):
        opened("openai/gpt-4o", api_key=key)


def test_an_unknown_price_is_told_before_anything_is_asked():
    with pytest.raises(UsageError, match="--price"):
        opened("openai/test")


def test_an_unknown_price_and_a_budget_cannot_be_had_together():
    with pytest.raises(UsageError, match="cannot be kept"):
        opened("openai/test", allow_unknown_price=True, budget_usd=1.0)


def test_a_budget_is_kept():
    model = opened("openai/gpt-4o", base_url=None, budget_usd=0.01)
    with pytest.raises(BudgetSpent):
        model.ask(PROMPT, Draft)


def test_scripts_and_recorded_runs_cost_nothing_and_need_no_key(tmp_path):
    path = tmp_path / "s.json"
    path.write_text(json.dumps({"architect": [{"answer": ANSWER}]}))
    ledger = Ledger()
    script = open_model(f"scripted/{path}", means(ledger, api_key=None, budget_usd=0.0))
    assert script is not None
    assert script.ask(PROMPT, Draft) == DRAFT
    assert script.name == f"scripted/{path}"
    replay = opened("replay/r1", api_key=None, budget_usd=0.0, recorded=lambda run: ledger.calls)
    assert replay.ask(PROMPT, Draft) == DRAFT
    assert replay.name == "replay/r1"


def test_a_run_that_asked_no_model_cannot_be_replayed():
    with pytest.raises(UsageError, match="nothing to replay"):
        opened("replay/r1", recorded=lambda run: ())
    with pytest.raises(UsageError, match="there is none"):
        opened("replay/r2")


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("gpt-4o", r"did you mean openai/gpt-4o\?"),
        ("opnai/gpt-4o", r"did you mean openai/…\?"),
        ("openai/", "nothing stands after the slash"),
        ("openai", "nothing stands after the slash"),
        ("", "no such provider"),
        ("mistral/large", "known: builtin, openai/NAME, replay/RUN, scripted/FILE"),
    ],
)
def test_a_name_that_means_nothing_is_refused_with_the_known_ones(name, told):
    with pytest.raises(UsageError, match=told) as caught:
        opened(name)
    assert "known: builtin" in str(caught.value)


def test_a_role_can_have_its_own_model():
    known = ("architect", "reviewer")
    assert parse_role("reviewer=openai/x=y", known=known) == ("reviewer", "openai/x=y")


@pytest.mark.parametrize("text", ["reviewer", "reviewer=", "=openai/x", "cook=openai/x", ""])
def test_what_is_no_role_is_refused(text):
    with pytest.raises(UsageError, match=r"give ROLE=MODEL|known: architect, reviewer"):
        parse_role(text, known=("reviewer", "architect"))


def test_the_client_is_not_imported_for_those_who_do_not_use_it():
    code = "import curie.llm.choose, sys; sys.exit('openai' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code]).returncode == 0
