"""The architect, the reviewer and the analyst as a model plays them."""

import pytest

from curie.agents.analyst import ModelAnalyst, Prose
from curie.agents.architect import ModelArchitect
from curie.agents.briefs import AnalystBrief, ReviewerBrief
from curie.agents.builtin.analyst import BuiltinAnalyst
from curie.agents.reviewer import ModelReviewer
from curie.domain.answer import Answer
from curie.domain.binding import FIELDS, bind, unbound_numbers, unknown_references
from curie.domain.claim import Difference
from curie.domain.errors import ModelMisbehaved
from curie.domain.plan import Hypothesis
from curie.domain.verdict import Opinion
from curie.prompts import PromptBook, prompts_folder
from curie.rigor import AnswerEvidence, judge
from tests.agents.asking import brief, draft
from tests.agents.scripts import mending, scripted, shown
from tests.domain.samples import ANALYSIS, KILN, PLAN, SETUP, held

BOOK = PromptBook(prompts_folder())
DIFFERENCE = ANALYSIS.but(
    id="c2",
    claim=Difference(
        metric="shrinkage", a=held(peak_c=1100.0), b=held(peak_c=900.0), direction="higher"
    ),
    verdict="inconclusive",
    effect="difference a - b",
    unit="%",
)
PLANNED = PLAN.but(
    hypotheses=(*PLAN.hypotheses, Hypothesis(id="c2", claim=DIFFERENCE.claim)),
    limits=("One clay.",),
)
FOUND = AnalystBrief(
    question=brief("Does a hotter kiln shrink the pot?").question,
    system=KILN,
    plans=(PLANNED,),
    analyses=(ANALYSIS, DIFFERENCE),
    fields=FIELDS,
    warnings=("the thermometer is old",),
)
PROSE = {
    "sentences": [
        {"text": "The shrinkage {{ claim.c1.found }} with the heat.", "claims": ["c1"]},
        {"text": "The difference is {{ claim.c2.verdict }}.", "claims": ["c2"]},
    ],
    "limits": ["Only one kind of kiln was modelled."],
}


def gate(answer: Answer):
    evidence = AnswerEvidence(answer=answer, plans=FOUND.plans, analyses=FOUND.analyses)
    return judge("answer", evidence, subject=answer.id, round=1)


def test_the_architect_hands_over_what_the_model_drafted(tmp_path):
    wanted = draft("How does efSearch change recall?")
    model, ledger = scripted(tmp_path, "architect", wanted)
    assert ModelArchitect(model, BOOK).draft(brief("How does efSearch change recall?")) == wanted
    assert "How does efSearch change recall?" in shown(ledger)


def test_the_opinion_is_the_reviewers_and_names_the_setup(tmp_path):
    review = {"concerns": ["model.py, line 1: x is never used"], "trustworthy": False}
    model, ledger = scripted(tmp_path, "reviewer", review)
    opinion = ModelReviewer(model, BOOK).review(ReviewerBrief(plan=PLAN, system=KILN, setup=SETUP))
    assert opinion == Opinion(setup="s1", trustworthy=False, concerns=tuple(review["concerns"]))
    assert SETUP.files[0].text.strip() in shown(ledger)


def test_the_analysts_words_come_from_the_model_and_its_verdict_from_the_analyses(tmp_path):
    model, _ = scripted(tmp_path, "analyst", PROSE)
    answer = ModelAnalyst(model, BOOK).answer(FOUND, answer_id="a1")
    assert [s.text for s in answer.sentences] == [s["text"] for s in PROSE["sentences"]]
    assert answer.verdict == "mixed"
    assert (answer.id, answer.plan) == ("a1", "p1")
    assert gate(answer).accepted


def test_limits_of_the_plans_and_warnings_of_the_program_cannot_be_left_out(tmp_path):
    model, _ = scripted(tmp_path, "analyst", PROSE)
    limits = ModelAnalyst(model, BOOK).answer(FOUND, answer_id="a1").limits
    assert limits == (*PROSE["limits"], "One clay.", "the thermometer is old")


@pytest.mark.parametrize("limit", ["Only 3 kilns.", "Only two kilns.", "Half of it is modelled."])
def test_a_limit_with_a_number_goes_back_to_the_model_with_the_reason(tmp_path, limit):
    model, ledger = mending(tmp_path, "analyst", {**PROSE, "limits": [limit]}, PROSE)
    ModelAnalyst(model, BOOK).answer(FOUND, answer_id="a1")
    assert "a limit states no number" in ledger.calls[0].problem
    assert "a limit states no number" in shown(ledger)


def test_a_model_that_insists_on_numbers_in_limits_is_given_up(tmp_path):
    wrong = {**PROSE, "limits": ["Only 3 kilns."]}
    model, _ = mending(tmp_path, "analyst", wrong, wrong, wrong)
    with pytest.raises(ModelMisbehaved, match="states no number"):
        ModelAnalyst(model, BOOK).answer(FOUND, answer_id="a1")


def test_names_with_digits_are_no_numbers():
    assert Prose.model_validate({**PROSE, "limits": ["Only the p99 on an A100 was looked at."]})


def test_the_built_in_analyst_says_each_claim_once_with_bound_numbers_only():
    answer = BuiltinAnalyst().answer(FOUND, answer_id="a1")
    assert [s.claims for s in answer.sentences] == [("c1",), ("c2",)]
    for sentence in answer.sentences:
        assert unbound_numbers(sentence.text) == ()
        assert unknown_references(sentence.text, FOUND.analyses) == ()
    told = [bind(s.text, FOUND.analyses) for s in answer.sentences]
    assert "shrinkage rises along peak_c" in told[0]
    assert "0.0120 %/°C" in told[0]
    assert "inconclusive" in told[1].lower()


def test_the_built_in_analysts_answer_passes_the_answer_gate():
    answer = BuiltinAnalyst().answer(FOUND, answer_id="a1")
    assert gate(answer).failures == ()
    assert any("simulated" in limit for limit in answer.limits)
