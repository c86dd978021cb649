import json

import pytest

from curie.domain.call import Message, ModelCall
from curie.domain.errors import ModelMisbehaved
from curie.domain.plan import Draft
from curie.domain.verdict import Opinion
from curie.llm.dialogue import Dialogue
from curie.llm.replay import ReplayVoice
from tests.llm.behaviours import Reply
from tests.llm.desk import Desk
from tests.llm.drafts import ANSWER, DRAFT, PROMPT, WRONG, Ledger
from tests.llm.loopback import Loopback, in_turn


def recorded(*replies: Reply, refuses: tuple[str, ...] = ()) -> list[ModelCall]:
    with Loopback(in_turn(replies), refuses=refuses) as server:
        desk = Desk(server.url)
        try:
            desk.ask()
        except ModelMisbehaved:
            assert len(desk.ledger.calls) == 3
    return desk.ledger.calls


def replayed(calls: list[ModelCall]) -> tuple[Dialogue, Ledger]:
    ledger = Ledger()
    return Dialogue(ReplayVoice("replay/r1", calls), ledger.logbook), ledger


@pytest.mark.parametrize("refuses", [(), ("response_format",), ("response_format", "tools")])
def test_a_recorded_answer_comes_again_whichever_way_it_came(refuses):
    text = f"Gladly: {json.dumps(ANSWER)}"
    model, ledger = replayed(recorded(text, refuses=refuses))
    assert model.ask(PROMPT, Draft) == DRAFT
    (call,) = ledger.calls
    assert (call.way, call.number, call.attempt, call.usd) == ("replay", 1, 1, 0.0)


@pytest.mark.parametrize("refuses", [(), ("response_format", "tools")])
def test_only_the_answer_that_was_accepted_is_played(refuses):
    model, ledger = replayed(recorded(json.dumps(WRONG), json.dumps(ANSWER), refuses=refuses))
    assert model.ask(PROMPT, Draft) == DRAFT
    assert len(ledger.calls) == 1


@pytest.mark.parametrize("refuses", [(), ("response_format", "tools")])
def test_another_prompt_is_refused_with_the_difference(refuses):
    model, ledger = replayed(recorded(json.dumps(ANSWER), refuses=refuses))
    user = Message(role="user", content="Does efSearch change latency?")
    prompt = PROMPT.but(messages=(PROMPT.messages[0], user))
    with pytest.raises(ModelMisbehaved) as caught:
        model.ask(prompt, Draft)
    lines = str(caught.value).splitlines()
    assert "-Does efSearch change recall?" in lines
    assert "+Does efSearch change latency?" in lines
    assert not any("JSON Schema" in line for line in lines)
    assert ledger.calls[0].answer == ""


def test_a_call_that_failed_fails_again():
    model, _ = replayed(recorded(*[json.dumps(WRONG)] * 3))
    with pytest.raises(ModelMisbehaved, match="failed when it was recorded"):
        model.ask(PROMPT, Draft)


def test_calls_beyond_the_recorded_ones_are_refused():
    model, _ = replayed(recorded(ANSWER))
    model.ask(PROMPT, Draft)
    with pytest.raises(ModelMisbehaved, match="1 calls of this role"):
        model.ask(PROMPT, Draft)


def test_each_role_and_number_has_its_own_answer():
    calls = recorded(ANSWER)
    second = calls[0].but(number=2, answer=json.dumps({**ANSWER, "system": "perseus"}))
    other = calls[0].but(role="reviewer", answer=json.dumps({**ANSWER, "system": "workbench"}))
    model, _ = replayed([second, *calls, other])
    assert model.ask(PROMPT.but(role="reviewer"), Draft).system == "workbench"
    assert model.ask(PROMPT, Draft).system == "vector_index"
    assert model.ask(PROMPT, Draft).system == "perseus"


def test_an_answer_recorded_for_another_type_is_refused():
    model, _ = replayed(recorded(ANSWER))
    with pytest.raises(ModelMisbehaved, match="recorded as Draft, now wanted as Opinion"):
        model.ask(PROMPT, Opinion)
