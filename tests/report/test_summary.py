"""The run in one sentence, in one paragraph and as JSON."""

import json

import pytest

from curie.domain.answer import Answer
from curie.domain.dossier import Closed
from curie.domain.errors import CurieError
from curie.report.summary import (
    answer_after_word,
    answer_text,
    claims_json,
    gave_up,
    one_sentence,
    verdict_word,
)
from tests.report import dossiers as d

KEYS = {"id", "kind", "text", "verdict", "estimate", "low", "high", "unit", "p", "n"}


def test_one_sentence_starts_with_the_verdict():
    assert one_sentence(d.dossier()) == (
        "Supported: Recall rises with ef_search by 0.0227 per doubling (p < 0.001)."
    )


def test_the_verdict_is_not_said_twice():
    told = d.answer("Supported: recall rises.", "Supported: latency rises.")
    dossier = d.dossier(d.replaced(d.facts(), Answer, told))
    assert one_sentence(dossier) == "Supported: recall rises."
    assert answer_after_word(dossier) == "recall rises. latency rises."
    mixed = d.answer("Supported: a.", "Refuted: b.", verdict="mixed")
    dossier = d.dossier(d.replaced(d.facts(), Answer, mixed))
    assert one_sentence(dossier) == "Mixed: Supported: a."


def test_the_answer_is_all_sentences():
    assert answer_text(d.dossier()).count("ef_search") == 3


def test_claims_are_those_of_the_analyses_number_for_number():
    dossier = d.dossier()
    claims = claims_json(dossier)
    assert [set(c) for c in claims] == [KEYS] * 3
    for told, analysis in zip(claims, dossier.final_analyses(), strict=True):
        assert (told["estimate"], told["low"], told["high"], told["p"], told["n"]) == (
            analysis.estimate,
            analysis.low,
            analysis.high,
            analysis.p,
            analysis.n,
        )
        assert told["kind"] == analysis.claim.kind
    assert json.loads(json.dumps(claims)) == claims


@pytest.mark.parametrize(
    ("verdict", "word"),
    [("refuted", "Refuted"), ("mixed", "Mixed"), ("inconclusive", "Inconclusive")],
)
def test_the_word_is_that_of_the_answer(verdict, word):
    facts = d.replaced(d.facts(), Answer, d.answer(verdict=verdict))
    assert verdict_word(d.dossier(facts)) == word


def test_a_run_that_gave_up_has_no_claims():
    facts = d.replaced(d.facts(), Answer, d.answer("The image broke.", verdict="gave_up"))
    dossier = d.dossier(d.replaced(facts, Closed, Closed(how="gave_up", exit_code=5)))
    assert gave_up(dossier)
    assert claims_json(dossier) == []
    assert one_sentence(dossier) == "No answer: The image broke."


def test_a_run_under_way_has_no_claims():
    dossier = d.dossier(d.facts()[:-3])
    assert not gave_up(dossier)
    assert claims_json(dossier) == []
    assert one_sentence(dossier).startswith("Not finished: ")


def test_an_answer_before_its_gate_is_not_an_answer_yet():
    assert verdict_word(d.dossier(d.facts()[:-2])) == "Not finished"
    assert verdict_word(d.dossier(d.facts()[:-1])) == "Supported"


def test_a_run_that_ended_on_a_refused_answer_claims_nothing():
    refused = d.verdict("answer", "a1", accepted=False, remedy="give_up")
    facts = [
        *d.facts()[:-2],
        ("gatekeeper", refused),
        ("loop", Closed(how="answered", exit_code=0)),
    ]
    assert verdict_word(d.dossier(facts)) == "No answer"
    assert claims_json(d.dossier(facts)) == []


def test_a_better_answer_replaces_a_refused_one():
    refused = d.verdict("answer", "a1", accepted=False, remedy="again")
    facts = [
        *d.facts()[:-2],
        ("gatekeeper", refused),
        ("analyst", d.answer("Better.", id="a2")),
        ("gatekeeper", d.verdict("answer", "a2")),
        ("loop", Closed(how="answered", exit_code=0)),
    ]
    assert one_sentence(d.dossier(facts)) == "Supported: Better."


@pytest.mark.parametrize(
    "text", ["It is 3 times faster.", "See {{ claim.c9.p }}.", "Twice as good."]
)
def test_a_sentence_without_a_fact_is_refused(text):
    dossier = d.dossier(d.replaced(d.facts(), Answer, d.answer("Fine.", text)))
    with pytest.raises(CurieError, match="sentence 2"):
        answer_text(dossier)
