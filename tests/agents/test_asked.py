"""Which factor a question asks about: only where nobody could read it otherwise."""

import pytest

from curie.agents.builtin.asked import asked_factors
from curie.sandbox.manifest import find, load

INDEX = load(find("vector_index"))


@pytest.mark.parametrize(
    ("question", "factor"),
    [
        ("How does efSearch change recall and latency of an HNSW index?", "ef_search"),
        ("How does nprobe affect recall?", "nprobe"),
        ("Does the number of vectors raise the latency?", "vectors"),
    ],
)
def test_a_factor_named_before_the_verb_is_what_is_asked_about(question, factor):
    assert asked_factors(question, INDEX) == (factor,)


@pytest.mark.parametrize(
    "question",
    [
        "Does HNSW have a higher recall than IVF?",
        "Does HNSW lower the latency compared with exact search at equal dimensions?",
        "How do efSearch and nprobe change recall?",
        "Does HNSW lower latency when efSearch is 64?",
        "Is it fast?",
    ],
)
def test_where_several_are_named_or_one_is_held_nothing_is_sure(question):
    assert asked_factors(question, INDEX) == ()
