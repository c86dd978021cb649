"""How the built-in scientist reads words and numbers, and finds what they name."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from curie.agents.builtin.match import mentions, rank
from curie.agents.builtin.text import phrase, stem, tokens
from tests.agents.asking import systems

PERSEUS, VECTORS, _ = systems()


def named(text, system=VECTORS):
    return [(m.kind, m.name) for m in mentions(tokens(text), system)]


@pytest.mark.parametrize(
    "spelling", ["efSearch", "ef_search", "ef search", "Ef-Search", "EF search"]
)
def test_every_spelling_of_a_name_is_the_same_phrase(spelling):
    assert phrase(spelling) == phrase("ef_search")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("index", "indexes"), ("planner", "planners"), ("reduce", "reduces"),
        ("reduce", "reduced"), ("reduce", "reducing"), ("query", "queries"),
        ("latency", "latencies"),
    ],
)  # fmt: skip
def test_forms_of_a_word_have_one_stem(one, other):
    assert stem(one) == stem(other)


@pytest.mark.parametrize(("one", "other"), [("less", "les"), ("index", "induct"), ("pass", "pas")])
def test_different_words_keep_different_stems(one, other):
    assert stem(one) != stem(other)


@given(st.text(alphabet="abcdefghijklmnopqrstuvwxyz", min_size=1, max_size=12))
def test_a_stem_is_a_start_of_its_word_or_ends_in_y_for_ies_and_is_never_empty(word):
    assert stem(word)
    assert word.startswith(stem(word).removesuffix("y"))


@pytest.mark.parametrize(
    ("text", "value", "percent"),
    [
        ("10,000", 10_000.0, False), ("0.95", 0.95, False), ("95 %", 0.95, True),
        ("10%", 0.1, True), ("5k", 5000.0, False), ("2M", 2e6, False), ("1e-3", 1e-3, False),
    ],
)  # fmt: skip
def test_a_number_is_read_as_people_write_it(text, value, percent):
    (token,) = tokens(text)
    assert token.value == pytest.approx(value)
    assert token.percent is percent


def test_signs_of_comparison_are_words():
    assert [t.stem for t in tokens("recall ≥ 0.9")] == [
        t.stem for t in tokens("recall at least 0.9")
    ]


@given(st.text(max_size=60))
def test_any_text_can_be_cut_into_words(text):
    assert all(t.stem for t in tokens(text))


@pytest.mark.parametrize("spelling", ["efSearch", "ef_search", "ef search"])
def test_a_factor_is_found_under_every_spelling(spelling):
    assert ("factor", "ef_search") in named(f"How does {spelling} change recall?")


def test_the_longest_phrase_wins_over_the_words_in_it():
    assert named("an IVF-PQ index") == [("level", "index"), ("factor", "index")]
    assert mentions(tokens("an IVF-PQ index"), VECTORS)[0].level == "ivf_pq"


def test_a_word_is_counted_once():
    places = [
        i
        for m in mentions(tokens("the energy reduction and the energy of Perseus"), PERSEUS)
        for i in range(m.start, m.end)
    ]
    assert len(places) == len(set(places))


def test_the_system_whose_words_are_used_comes_first():
    ranked = rank(tokens("energy of a pipeline-parallel iteration with Perseus"), systems())
    assert ranked[0].system.name == "perseus"
    ranked = rank(tokens("recall of an HNSW index"), systems())
    assert ranked[0].system.name == "vector_index"


def test_a_question_without_a_word_of_any_system_finds_none():
    assert rank(tokens("What is love?"), systems()) == ()
