import pytest
from pydantic import SecretStr

from curie.domain.errors import ModelMisbehaved, ModelUnavailable
from curie.llm.openai_model import Endpoint
from tests.llm.behaviours import Body, Cut, Slow, Status
from tests.llm.desk import KEY, Desk, served
from tests.llm.drafts import ANSWER, DRAFT
from tests.llm.loopback import Loopback


def test_a_429_is_waited_out_for_as_long_as_the_server_asks():
    with served(Status(429, headers=(("Retry-After", "7"),)), ANSWER) as server:
        desk = Desk(server.url)
        assert desk.ask() == DRAFT
    assert desk.waits == [7.0]
    assert "429" in desk.whys[0]


def test_a_429_with_a_date_is_waited_out_by_the_servers_own_clock():
    headers = (
        ("Date", "Mon, 23 Nov 2026 10:00:00 GMT"),
        ("Retry-After", "Mon, 23 Nov 2026 10:00:20 GMT"),
    )
    with served(Status(429, headers=headers), ANSWER) as server:
        desk = Desk(server.url)
        desk.ask()
    assert desk.waits == [20.0]


def test_a_server_that_asks_for_too_long_a_wait_ends_the_call():
    with served(Status(429, headers=(("Retry-After", "86400"),))) as server:
        desk = Desk(server.url)
        with pytest.raises(ModelUnavailable, match=r"rate limit.*resume"):
            desk.ask()
    assert desk.waits == []


def test_spent_credit_is_not_waited_for():
    with served(Status(429, "quota exceeded", code="insufficient_quota")) as server:
        desk = Desk(server.url)
        with pytest.raises(ModelUnavailable, match="no credit left"):
            desk.ask()
    assert desk.waits == []


@pytest.mark.parametrize("status", [408, 409, 500, 502, 503])
def test_a_passing_error_is_tried_again_after_a_growing_pause(status):
    with served(Status(status), Status(status), ANSWER) as server:
        desk = Desk(server.url)
        assert desk.ask() == DRAFT
    assert desk.waits == [1.0, 2.0]
    assert len(desk.ledger.calls) == 1


def test_a_server_that_stays_down_is_given_up_and_the_failed_call_is_recorded():
    with served(*[Status(500)] * 5) as server:
        desk = Desk(server.url)
        with pytest.raises(ModelUnavailable, match="HTTP 500"):
            desk.ask()
    assert len(server.requests) == 5
    (call,) = desk.ledger.calls
    assert call.answer == ""
    assert "HTTP 500" in call.problem
    assert call.usd == 0


def test_a_slow_server_is_asked_again():
    with served(Slow(5, ANSWER), ANSWER) as server:
        desk = Desk(server.url, timeout_s=0.3)
        assert desk.ask() == DRAFT
    assert "no reply within 0.3 s" in desk.whys[0]


def test_a_cut_connection_is_asked_again():
    with served(Cut(ANSWER), ANSWER) as server:
        desk = Desk(server.url)
        assert desk.ask() == DRAFT
    assert len(desk.waits) == 1
    assert "no connection" in desk.whys[0]


def test_an_endpoint_that_is_not_there_is_named_with_what_to_do():
    with served() as server:
        url = server.url
    desk = Desk(url)
    with pytest.raises(ModelUnavailable, match="OPENAI_BASE_URL") as caught:
        desk.ask()
    assert url in str(caught.value)
    assert desk.ledger.calls[0].problem == str(caught.value)


def test_a_page_that_is_no_completion_is_told_from_an_answer():
    page = Body("<html>Please log in</html>")
    wanted = pytest.raises(ModelUnavailable, match=r"not a chat completion.*ends in /v1")
    with served(page) as server, wanted:
        Desk(server.url).ask()


def test_a_wrong_key_is_told_and_never_shown():
    with Loopback(lambda _: ANSWER, key="another") as server:
        desk = Desk(server.url)
        with pytest.raises(ModelUnavailable, match="check OPENAI_API_KEY") as caught:
            desk.ask()
    # The server echoes the key in its error.
    assert "[key]" in str(caught.value)
    assert desk.waits == []
    seen = [str(caught.value), repr(desk.voice), repr(caught.value.__cause__)]
    seen += [repr(Endpoint(server.url, SecretStr(KEY), 1, 1))]
    seen += [call.canonical() for call in desk.ledger.calls]
    assert not any(KEY in text for text in seen)


def test_a_password_in_the_address_is_never_shown():
    with Loopback(lambda _: Status(404)) as server:
        desk = Desk(server.url.replace("//", "//me:hunter22@"))
        with pytest.raises(ModelUnavailable, match="127") as caught:
            desk.ask()
    seen = [str(caught.value), repr(desk.voice), desk.ledger.calls[0].canonical()]
    seen += [repr(Endpoint("http://me:hunter22@host/v1", SecretStr(KEY), 1, 1))]
    assert not any("hunter22" in text for text in seen)


def test_the_key_is_sent_as_a_bearer():
    with Loopback(lambda _: ANSWER, key=KEY) as server:
        assert Desk(server.url).ask() == DRAFT


@pytest.mark.parametrize(("status", "fix"), [(403, "may use this model"), (404, "model's name")])
def test_a_model_that_cannot_be_used_is_told_at_once(status, fix):
    with served(Status(status)) as server:
        desk = Desk(server.url)
        with pytest.raises(ModelUnavailable, match=fix):
            desk.ask()
    assert len(server.requests) == 1


def test_a_prompt_beyond_the_context_is_told_as_such_and_not_tried_another_way():
    trouble = Status(
        400,
        "This model's maximum context length is 8192 tokens; the schema and messages have 9000",
        code="context_length_exceeded",
    )
    with served(trouble) as server:
        desk = Desk(server.url)
        with pytest.raises(ModelMisbehaved, match="longer context"):
            desk.ask()
    assert len(server.requests) == 1
    assert "8192" in desk.ledger.calls[0].problem
