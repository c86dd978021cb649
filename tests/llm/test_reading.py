import json

from hypothesis import given
from hypothesis import strategies as st

from curie.domain.fact import Fact
from curie.domain.plan import Draft
from curie.llm.reading import Misread, read
from tests.llm.drafts import ANSWER, DRAFT


class Point(Fact):
    """Where something is."""

    x: int
    label: str = ""


prose = st.text(alphabet=st.characters(blacklist_characters="{}`<"), max_size=40)


@given(prose, st.integers(), st.text(max_size=30), prose)
def test_a_value_survives_words_around_it(before, x, label, after):
    point = Point(x=x, label=label)
    assert read(f"{before}{point.model_dump_json()}{after}", Point) == point


@given(st.text(max_size=60))
def test_no_text_whatever_gives_anything_but_a_value_or_a_mistake(text):
    assert isinstance(read(text, Point), Misread | Point)


@given(st.integers(1, len(json.dumps(ANSWER)) - 1))
def test_no_beginning_of_an_answer_passes_for_the_answer(length):
    assert isinstance(read(json.dumps(ANSWER)[:length], Draft), Misread)


def test_the_last_valid_object_counts():
    assert read('I thought {"x": 1} but no: {"x": 2}. Not {"y": 3}.', Point) == Point(x=2)


def test_an_object_inside_another_is_no_answer():
    assert isinstance(read('{"point": {"x": 1}}', Point), Misread)
    assert isinstance(read('{"point": {"x": 1}, "more": ', Point), Misread)


def test_a_brace_inside_a_string_ends_nothing():
    assert read('so: {"x": 1, "label": "}{"} ok', Point) == Point(x=1, label="}{")


def test_what_is_thought_aloud_is_not_the_answer():
    assert read('<think>{"x": 1}</think>{"x": 2}', Point) == Point(x=2)
    assert isinstance(read('<think>{"x": 1}</think>', Point), Misread)


def test_a_fence_without_a_language_is_read():
    assert read('Here:\n```\n{"x": 4}\n```\n', Point) == Point(x=4)


def test_mistakes_are_named_by_path_with_the_allowed_values():
    wrong = {**ANSWER, "hypotheses": [{"id": "first", "claim": {"kind": "guess"}}]}
    misread = read(json.dumps(wrong), Draft)
    assert isinstance(misread, Misread)
    lines = misread.problem.splitlines()
    assert any(line.startswith("hypotheses.0.id: ") and "'^c[0-9]+$'" in line for line in lines)
    assert any("hypotheses.0.claim" in line and "'equivalence'" in line for line in lines)


def test_a_flood_of_mistakes_is_cut_short():
    misread = read(json.dumps({**ANSWER, "limits": list(range(500))}), Draft)
    assert isinstance(misread, Misread)
    assert len(misread.problem) < 4000
    assert "488 more" in misread.problem


def test_numbers_that_are_none_are_refused():
    assert isinstance(read('{"x": NaN}', Point), Misread)


def test_levels_keep_their_type():
    value = read(json.dumps(ANSWER), Draft)
    assert isinstance(value, Draft)
    assert [type(v) for v in value.vary[0].levels] == [int, float, str, bool]
    assert value == DRAFT
