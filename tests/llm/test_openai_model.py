import json

import pytest

from curie.domain.errors import ModelMisbehaved, ModelUnavailable
from curie.domain.plan import Draft
from curie.llm.prices import tokens_at_most
from curie.llm.schema import schema_of
from tests.llm.behaviours import (
    Finished,
    NoChoices,
    Refusal,
    Reply,
    Request,
    Status,
    ToolCall,
    Truncated,
    Uncounted,
    tokens_of,
)
from tests.llm.desk import Desk, last_message, served
from tests.llm.drafts import ANSWER, DRAFT, PROMPT, WRONG
from tests.llm.loopback import Answers, Loopback, in_turn


def test_an_answer_by_json_schema_comes_back_as_the_value():
    with served(ANSWER) as server:
        assert Desk(server.url).ask() == DRAFT
    form = server.requests[0]["response_format"]
    assert form["type"] == "json_schema"
    assert form["json_schema"]["strict"] is True
    assert form["json_schema"]["name"] == "Draft"
    assert "tools" not in server.requests[0]


def test_the_prompt_is_sent_word_for_word_with_a_limit_on_the_answer():
    with served(ANSWER) as server:
        Desk(server.url).ask()
    (request,) = server.requests
    assert request["model"] == "test"
    assert request["messages"] == [m.model_dump() for m in PROMPT.messages]
    assert request["max_tokens"] == 4000


def test_a_call_is_recorded_with_its_tokens_price_and_way():
    with served(ANSWER) as server:
        desk = Desk(server.url)
        desk.ask()
    (call,) = desk.ledger.calls
    assert (call.role, call.number, call.attempt, call.way) == ("architect", 1, 1, "json_schema")
    assert (call.model, call.want, call.problem) == ("openai/test", "Draft", "")
    assert call.messages == PROMPT.messages
    assert json.loads(call.answer) == ANSWER
    assert call.tokens_in == tokens_of(server.requests[0]) > 0
    assert call.usd == pytest.approx((2 * call.tokens_in + 8 * call.tokens_out) / 1e6)


def test_an_unknown_price_is_recorded_as_unknown():
    with served(ANSWER) as server:
        desk = Desk(server.url, price=None)
        desk.ask()
    assert desk.ledger.calls[0].usd is None


def test_tokens_that_the_server_does_not_count_are_counted_high():
    with served(Uncounted(ANSWER)) as server:
        desk = Desk(server.url)
        desk.ask()
    (call,) = desk.ledger.calls
    assert call.tokens_out == tokens_at_most(call.answer) > len(call.answer) / 4
    sent = len("".join(m.content for m in PROMPT.messages)) + len(schema_of(Draft).text)
    assert call.tokens_in >= sent / 4


@pytest.mark.parametrize(
    ("reply", "told"),
    [
        (Truncated(ANSWER), "cut off"),
        ("I would vary ef_search and look at recall.", "no JSON object"),
        (json.dumps(WRONG), "design: Input should be 'one_at_a_time' or 'factorial'"),
        ({**ANSWER, "budget": 3}, "budget: Extra inputs are not permitted"),
        (Refusal("I cannot plan this."), "refused: I cannot plan this."),
        (NoChoices(), "no choices"),
        ("", "empty"),
        (ToolCall("search_web", {"query": "recall"}), "there is no tool 'search_web'"),
        (Finished("", "content_filter"), "content filter"),
        ('{"system": "vector_index", "understood": "it en', "never ends"),
    ],
    ids=[
        "truncated",
        "prose",
        "wrong value",
        "unknown key",
        "refusal",
        "no choices",
        "empty",
        "unknown tool",
        "filtered",
        "unfinished",
    ],
)
def test_an_invalid_answer_is_sent_back_with_what_is_wrong(reply, told):
    with served(reply, ANSWER) as server:
        desk = Desk(server.url)
        assert desk.ask() == DRAFT
    assert told in last_message(server.requests[1])
    first, second = desk.ledger.calls
    assert (first.attempt, second.attempt) == (1, 2)
    assert told in first.problem
    assert second.problem == ""
    roles = [m["role"] for m in server.requests[1]["messages"]]
    assert roles == ["system", "user", "assistant", "user"]
    assert all(m["content"] for m in server.requests[1]["messages"])
    assert [m.model_dump() for m in second.messages] == server.requests[1]["messages"]


def test_an_answer_without_the_right_shape_is_sent_back_with_the_schema():
    with served({"plan": "vary ef_search"}, ANSWER) as server:
        Desk(server.url).ask()
    assert schema_of(Draft).text in last_message(server.requests[1])


def test_an_answer_with_one_wrong_value_is_sent_back_without_the_schema():
    with served(json.dumps(WRONG), ANSWER) as server:
        Desk(server.url).ask()
    assert len(last_message(server.requests[1])) < 400


def test_three_invalid_answers_are_the_end_and_all_are_recorded():
    with served(*[json.dumps(WRONG)] * 3) as server:
        desk = Desk(server.url)
        with pytest.raises(ModelMisbehaved, match=r"3 tries.*design") as caught:
            desk.ask()
    assert len(server.requests) == 3
    assert [c.attempt for c in desk.ledger.calls] == [1, 2, 3]
    assert {c.number for c in desk.ledger.calls} == {1}
    assert "--role architect=" in str(caught.value)


@pytest.mark.parametrize(
    "text",
    [
        f"Here is my plan:\n```json\n{json.dumps(ANSWER, indent=2)}\n```\nI hope it helps {{you}}.",
        f"Certainly! {json.dumps(ANSWER)} That is all.",
        f'<think>maybe {{"system": "x"}} or so</think>\n{json.dumps(ANSWER)}',
        f"First {{a draft}}, then: {json.dumps(ANSWER)}",
    ],
    ids=["fence", "prose", "thinking", "braces"],
)
def test_json_among_words_is_found(text):
    with served(text) as server:
        assert Desk(server.url).ask() == DRAFT


def test_a_server_without_json_schemas_is_asked_by_a_tool_call():
    with Loopback(lambda _: ANSWER, refuses=["response_format"]) as server:
        desk = Desk(server.url)
        assert desk.ask() == DRAFT
    (request,) = server.requests
    assert request["tool_choice"]["function"]["name"] == request["tools"][0]["function"]["name"]
    assert desk.ledger.calls[0].way == "tool"
    assert json.loads(desk.ledger.calls[0].answer) == ANSWER


def no_structure(answers: Answers) -> Loopback:
    return Loopback(answers, refuses=["response_format", "tools"])


def test_a_server_without_structured_answers_gets_the_schema_in_the_prompt():
    with no_structure(lambda _: f"Sure:\n{json.dumps(ANSWER)}") as server:
        desk = Desk(server.url)
        assert desk.ask() == DRAFT
    (request,) = server.requests
    assert request["messages"][0]["content"] == PROMPT.messages[0].content
    assert request["messages"][1]["content"].startswith(PROMPT.messages[1].content)
    assert schema_of(Draft).text in request["messages"][1]["content"]
    (call,) = desk.ledger.calls
    assert call.way == "plain"
    assert [m.model_dump() for m in call.messages] == request["messages"]


def test_what_a_server_cannot_do_is_remembered():
    refused: list[str] = []

    def answers(request: Request) -> Reply:
        for name in ("response_format", "tools"):
            if name in request:
                refused.append(name)
                return Status(400, f"{name} is not supported")
        return json.dumps(ANSWER)

    with Loopback(answers) as server:
        desk = Desk(server.url)
        desk.ask()
        desk.ask()
    assert refused == ["response_format", "tools"]
    assert [c.number for c in desk.ledger.calls] == [1, 2]


def test_a_complaint_about_something_else_is_no_reason_to_ask_otherwise():
    wanted = pytest.raises(ModelUnavailable, match="account is closed")
    with served(Status(400, "this account is closed")) as server, wanted:
        Desk(server.url).ask()
    assert len(server.requests) == 1


def test_a_model_that_knows_only_the_newer_name_of_the_limit_gets_it():
    with Loopback(lambda _: ANSWER, refuses=["max_tokens"]) as server:
        desk = Desk(server.url)
        assert desk.ask() == DRAFT
        assert desk.ask() == DRAFT
    assert [r["max_completion_tokens"] for r in server.requests] == [4000, 4000]


def test_a_tool_call_to_an_unknown_tool_is_refused_in_the_tool_way_too():
    replies = in_turn([ToolCall("search", ANSWER), ToolCall("answer", ANSWER)])
    with Loopback(replies, refuses=["response_format"]) as server:
        assert Desk(server.url).ask() == DRAFT
    assert "the only tool is 'answer'" in last_message(server.requests[1])


def test_an_answer_in_the_message_counts_where_a_tool_call_was_asked_for():
    with Loopback(lambda _: json.dumps(ANSWER), refuses=["response_format"]) as server:
        assert Desk(server.url).ask() == DRAFT


def test_latency_is_taken_from_the_clock_that_was_handed_in():
    with served(Status(500), Status(500), ANSWER) as server:
        desk = Desk(server.url)  # its clock ticks once a pause
        desk.ask()
    assert desk.ledger.calls[0].latency_s == 2.0
