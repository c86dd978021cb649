import hashlib
import json
import math
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import Field, ValidationError

from curie.domain.dossier import AnyFact
from curie.domain.fact import Fact, canonical_json
from tests.domain.samples import EVERY_KIND

keys = st.text(max_size=5)
json_values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(keys, inner, max_size=3),
    max_leaves=12,
)


class Firing(Fact):
    peak_c: float = Field(gt=0)
    hold_s: tuple[float, ...] = ()


class Kiln(Fact):
    firing: Firing
    name: str = "k"


def test_a_fact_cannot_be_changed_in_place() -> None:
    firing = Firing(peak_c=900.0)
    with pytest.raises(ValidationError, match="frozen"):
        firing.peak_c = 1000.0
    assert firing.peak_c == 900.0


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf])
def test_nan_and_infinity_are_refused(value: float) -> None:
    with pytest.raises(ValidationError, match="finite"):
        Firing(peak_c=900.0, hold_s=(value,))
    with pytest.raises(ValueError, match="not JSON compliant"):
        canonical_json({"x": value})


@pytest.mark.parametrize("text", ['{"peak_c": NaN}', '{"peak_c": Infinity}'])
def test_nan_and_infinity_are_refused_in_json_too(text: str) -> None:
    with pytest.raises(ValidationError):
        Firing.model_validate_json(text)


def test_an_unknown_field_is_refused() -> None:
    with pytest.raises(ValidationError, match="Extra inputs are not permitted"):
        Firing.model_validate({"peak_c": 900.0, "colour": "red"})


def test_but_gives_a_changed_copy_and_leaves_the_first_alone() -> None:
    kiln = Kiln(firing=Firing(peak_c=900.0))
    other = kiln.but(firing=kiln.firing.but(peak_c=910.0))
    assert (kiln.firing.peak_c, other.firing.peak_c, other.name) == (900.0, 910.0, "k")


@pytest.mark.parametrize("change", [{"peak_c": -1.0}, {"peak_c": "hot"}, {"peek_c": 1.0}])
def test_but_validates_what_it_changes(change: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        Firing(peak_c=900.0).but(**change)


@given(value=json_values)
def test_the_canonical_spelling_says_the_same_and_has_no_spaces_outside_text(value: Any) -> None:
    spelled = canonical_json(value)
    assert json.loads(spelled) == value
    assert canonical_json(json.loads(spelled)) == spelled


@given(mapping=st.dictionaries(keys, json_values, min_size=2, max_size=6), dice=st.randoms())
def test_the_canonical_spelling_does_not_depend_on_the_order_of_keys(
    mapping: dict[str, Any], dice: Any
) -> None:
    shuffled = list(mapping.items())
    dice.shuffle(shuffled)
    assert canonical_json(dict(shuffled)) == canonical_json(mapping)


def test_the_canonical_spelling_is_compact_sorted_and_utf8() -> None:
    assert (
        canonical_json({"b": [1, 1.0, True, None], "a": "°"}) == '{"a":"°","b":[1,1.0,true,null]}'
    )


def test_the_fingerprint_is_the_hash_of_the_canonical_spelling() -> None:
    firing = Firing(peak_c=900.0)
    spelled = '{"hold_s":[],"peak_c":900.0}'
    assert firing.canonical() == spelled
    assert firing.fingerprint() == hashlib.sha256(spelled.encode()).hexdigest()


@given(one=st.floats(1, 1e6), other=st.floats(1, 1e6))
def test_equal_facts_and_only_they_have_one_fingerprint(one: float, other: float) -> None:
    a, b = Firing(peak_c=one), Firing(peak_c=other)
    assert (a.fingerprint() == b.fingerprint()) == (a == b)


@pytest.mark.parametrize("fact", EVERY_KIND, ids=lambda f: f.fact)
def test_every_kind_of_fact_survives_json(fact: AnyFact) -> None:
    again = type(fact).model_validate_json(fact.canonical())
    assert again == fact
    assert again.canonical() == fact.canonical()


@pytest.mark.parametrize("fact", EVERY_KIND, ids=lambda f: f.fact)
def test_every_kind_of_fact_can_be_copied_and_hashed(fact: AnyFact) -> None:
    assert fact.but() == fact
    assert hash(fact.but()) == hash(fact)
