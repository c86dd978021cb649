"""What every ChatModel must do, whoever answers."""

import json
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from curie.domain.errors import ModelMisbehaved
from curie.domain.fact import Fact
from curie.domain.plan import Draft
from curie.domain.verdict import Opinion
from curie.llm.dialogue import Dialogue
from curie.llm.metered import Metered
from curie.llm.port import ChatModel
from curie.llm.replay import ReplayVoice
from curie.llm.scripted import ScriptedVoice
from curie.llm.voice import Voice
from tests.llm.desk import Desk
from tests.llm.drafts import ANSWER, DRAFT, PROMPT, WRONG, Ledger
from tests.llm.loopback import Loopback, in_turn

Texts = list[list[str]]
"""For each call what is said at each try."""

Open = Callable[[Texts], Voice]


class Makers:
    """One way a provider to have it say given things."""

    def __init__(self, folder: Path, stack: ExitStack) -> None:
        self.folder = folder
        self.stack = stack

    def openai(self, texts: Texts) -> Voice:
        return self._server(texts)

    def openai_tools(self, texts: Texts) -> Voice:
        return self._server(texts, "response_format")

    def openai_plain(self, texts: Texts) -> Voice:
        return self._server(texts, "response_format", "tools")

    def metered(self, texts: Texts) -> Voice:
        return Metered(self._server(texts), budget_usd=100.0, spent=lambda: 0.0)

    def scripted(self, texts: Texts) -> Voice:
        path = self.folder / "script.json"
        lines = [{"tries": [{"text": said} for said in tries]} for tries in texts]
        path.write_text(json.dumps({PROMPT.role: lines}))
        return ScriptedVoice(path)

    def replay(self, texts: Texts) -> Voice:
        ledger = Ledger()
        model = Dialogue(self._server(texts), ledger.logbook)
        for tries in texts:
            want = Opinion if "trustworthy" in tries[-1] else Draft
            try:
                model.ask(PROMPT, want)
            except ModelMisbehaved:
                continue
        return ReplayVoice("replay/r1", ledger.calls)

    def _server(self, texts: Texts, *refuses: str) -> Voice:
        answers = in_turn([said for tries in texts for said in tries])
        server = self.stack.enter_context(Loopback(answers, refuses=refuses))
        return Desk(server.url).voice


PROVIDERS = ("openai", "openai_tools", "openai_plain", "metered", "scripted", "replay")


@pytest.fixture(params=PROVIDERS)
def voice_of(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Open]:
    with ExitStack() as stack:
        yield getattr(Makers(tmp_path, stack), request.param)


GOOD = json.dumps(ANSWER)
BAD = json.dumps(WRONG)
REVIEW = '{"setup": "s1", "trustworthy": true, "concerns": ["the seed"]}'


def test_an_answer_with_claims_of_every_kind_comes_back_as_the_value(voice_of):
    model: ChatModel = Dialogue(voice_of([[GOOD]]), Ledger().logbook)
    answer = model.ask(PROMPT, Draft)
    assert type(answer) is Draft
    assert answer == DRAFT


def test_each_call_has_an_answer_of_the_type_it_asked_for(voice_of):
    ledger = Ledger()
    model = Dialogue(voice_of([[GOOD], [REVIEW]]), ledger.logbook)
    assert model.ask(PROMPT, Draft) == DRAFT
    review = model.ask(PROMPT, Opinion)
    assert review == Opinion(setup="s1", trustworthy=True, concerns=("the seed",))
    assert [c.want for c in ledger.calls] == ["Draft", "Opinion"]


def test_every_call_is_recorded_before_its_answer_is_used(voice_of):
    ledger = Ledger()
    model = Dialogue(voice_of([[GOOD], [BAD, GOOD]]), ledger.logbook)
    model.ask(PROMPT, Draft)
    assert [(c.role, c.number, c.attempt) for c in ledger.calls] == [("architect", 1, 1)]
    model.ask(PROMPT, Draft)
    last = ledger.calls[-1]
    assert (last.role, last.number, last.want, last.problem) == ("architect", 2, "Draft", "")
    assert {c.model for c in ledger.calls} == {model.name}
    assert {c.template_sha256 for c in ledger.calls} == {PROMPT.template_sha256}
    assert [c.attempt for c in ledger.calls[1:]] == list(range(1, len(ledger.calls)))
    assert json.loads(last.answer) == ANSWER


def test_an_invalid_answer_never_comes_through(voice_of):
    ledger = Ledger()
    model = Dialogue(voice_of([[BAD, BAD, BAD]]), ledger.logbook)
    with pytest.raises(ModelMisbehaved, match="design"):
        model.ask(PROMPT, Draft)
    assert ledger.calls
    assert all(c.problem for c in ledger.calls)


def test_an_answer_of_another_type_never_comes_through(voice_of):
    model = Dialogue(voice_of([[REVIEW] * 3]), Ledger().logbook)
    with pytest.raises(ModelMisbehaved):
        model.ask(PROMPT, Draft)


def test_numbers_go_on_where_the_run_stands(voice_of):
    ledger = Ledger()
    voice = voice_of([[GOOD], [GOOD]])
    Dialogue(voice, ledger.logbook).ask(PROMPT, Draft)
    Dialogue(voice, ledger.logbook).ask(PROMPT, Draft)
    assert [c.number for c in ledger.calls] == [1, 2]


def test_a_recorded_call_survives_the_ledger(voice_of):
    ledger = Ledger()
    Dialogue(voice_of([[BAD, GOOD]]), ledger.logbook).ask(PROMPT, Draft)
    for call in ledger.calls:
        again: Fact = type(call).model_validate_json(call.canonical())
        assert again == call
