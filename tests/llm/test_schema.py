import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import Field

from curie.domain.answer import Answer
from curie.domain.claim import Difference, Law, Ranking, Ratio, Threshold, Trend
from curie.domain.fact import Fact
from curie.domain.plan import Draft, Hypothesis, Varied
from curie.domain.setting import Setting
from curie.domain.verdict import Opinion
from curie.llm.schema import schema_of
from tests.llm.drafts import ANSWER, DRAFT

Node = dict[str, Any]

TYPES = {
    "object": dict,
    "array": list,
    "string": str,
    "boolean": bool,
    "integer": int,
    "number": (int, float),
    "null": type(None),
}


def admits(node: Node, value: Any, root: Node) -> bool:
    """A validator for the dialect, written from the JSON Schema specification."""
    if "$ref" in node:
        return admits(root["$defs"][node["$ref"].rpartition("/")[2]], value, root)
    if "anyOf" in node:
        return any(admits(part, value, root) for part in node["anyOf"])
    if isinstance(value, bool) and node["type"] != "boolean":
        return False
    if not isinstance(value, TYPES[node["type"]]) or value not in node.get("enum", [value]):
        return False
    if isinstance(value, list):
        return all(admits(node["items"], item, root) for item in value)
    if isinstance(value, dict):
        known = node["properties"]
        return (
            all(name in value for name in node["required"])
            and set(value) <= set(known)
            and all(admits(known[name], part, root) for name, part in value.items())
        )
    return True


def nodes(node: Node) -> list[Node]:
    """The schema and all schemas in it."""
    below = [*node.get("properties", {}).values(), *node.get("$defs", {}).values()]
    below += [*node.get("anyOf", []), *([node["items"]] if "items" in node else [])]
    return [node] + [inner for part in below for inner in nodes(part)]


levels = st.one_of(
    st.booleans(), st.integers(-9, 9), st.floats(-1e3, 1e3), st.text(max_size=3).filter(bool)
)
settings = st.builds(Setting, factor=st.sampled_from(["ef", "index"]), level=levels)
held = st.lists(settings, max_size=2).map(tuple)
names = st.sampled_from(["recall", "latency_ms"])
maybe = st.none() | st.floats(-10, 10)
claims = st.one_of(
    st.builds(Trend, metric=names, factor=names, shape=st.sampled_from(["rises", "dips"])),
    st.builds(Ratio, metric=names, a=held, b=held, low=maybe, high=maybe, where=held),
    st.builds(
        Ranking, metric=names, factor=names, goal=st.just("lowest"), order=st.just(((1, 2),))
    ),
    st.builds(
        Threshold,
        metric=names,
        factor=names,
        side=st.just("at_most"),
        bound=st.floats(0, 1),
        level=st.none() | levels,
    ),
    st.builds(Law, metric=names, factor=names, form=st.sampled_from([None, "power", "log"])),
    st.builds(
        Difference,
        metric=names,
        a=held,
        b=held,
        direction=st.just("higher"),
        at_least=st.floats(0, 5),
    ),
)
hypotheses = st.builds(Hypothesis, id=st.sampled_from(["c1", "c2"]), claim=claims, why=st.text())
drafts = st.builds(
    Draft,
    system=names,
    understood=st.text(),
    hypotheses=st.lists(hypotheses, min_size=1, max_size=3).map(tuple),
    vary=st.lists(
        st.builds(Varied, factor=names, levels=st.lists(levels, min_size=1, max_size=3).map(tuple)),
        min_size=1,
        max_size=2,
    ).map(tuple),
    control=held,
    hold=held,
    replicates=st.none() | st.integers(1, 9),
    program=st.just(DRAFT.program) | st.none(),
)


@given(drafts)
def test_every_draft_fits_the_schema_that_models_are_held_to(draft):
    tree = schema_of(Draft).tree
    assert admits(tree, json.loads(draft.model_dump_json()), tree)


@pytest.mark.parametrize(
    "change",
    [
        {"design": "by_feeling"},
        {"replicates": "many"},
        {"hypotheses": [{"id": "c1", "why": "", "claim": {"kind": "guess", "metric": "x"}}]},
        {"budget": 3},
        {"vary": [{"factor": "ef", "levels": [[1]]}]},
    ],
)
def test_an_answer_of_another_shape_does_not_fit(change):
    tree = schema_of(Draft).tree
    assert admits(tree, ANSWER, tree)
    assert not admits(tree, {**ANSWER, **change}, tree)


@pytest.mark.parametrize("want", [Draft, Answer, Opinion])
def test_the_schema_keeps_to_what_strict_servers_take(want):
    schema = schema_of(want)
    assert schema.strict
    allowed = {"type", "properties", "required", "additionalProperties", "items", "anyOf", "enum"}
    for node in nodes(schema.tree):
        assert set(node) <= allowed | {"description", "$ref", "$defs"}
        if "$ref" in node:
            assert set(node) == {"$ref"}
        if node.get("type") == "object":
            assert node["required"] == list(node["properties"])
            assert node["additionalProperties"] is False
        if node.get("type") == "array":
            assert node["items"]


def test_every_field_of_every_type_is_in_the_schema():
    text = schema_of(Draft).text
    fields = {"other_goal", "at_least_share", "level_words", "smallest_effect_share", "replicates"}
    assert all(f'"{name}"' in text for name in fields)


def test_what_fields_mean_is_said_and_titles_are_not():
    text = schema_of(Draft).text
    assert "as many as the power calculation asks for" in text
    assert '"title"' not in text


def test_a_union_by_kind_tells_its_members_apart_by_their_first_key():
    (union,) = [
        node["properties"]["claim"]
        for node in nodes(schema_of(Draft).tree)
        if "claim" in node.get("properties", {})
    ]
    firsts = [next(iter(part["properties"].items())) for part in union["anyOf"]]
    assert {name for name, _ in firsts} == {"kind"}
    assert len({part["enum"][0] for _, part in firsts}) == len(firsts) == 10


class Sample(Fact):
    """A sample."""

    grams: float = Field(gt=0, le=50)
    label: str = Field(default="none", pattern="^[a-z]+$")
    parts: tuple[int, str] = (1, "a")
    marks: tuple[int, ...] = Field(min_length=1)


def test_limits_that_servers_do_not_know_are_said_in_words():
    fields = schema_of(Sample).tree["properties"]
    assert fields["grams"]["description"] == "(at most 50; above 0)"
    assert fields["label"]["description"] == '(matches ^[a-z]+$; default "none")'
    assert "exactly 2 items, in this order: integer, string" in fields["parts"]["description"]
    assert fields["marks"]["description"] == "(not empty)"


class Loose(Fact):
    """With keys of anybody's choosing."""

    notes: dict[str, int]


def test_a_type_with_free_keys_is_not_called_strict():
    schema = schema_of(Loose)
    assert not schema.strict
    assert schema.tree["properties"]["notes"]["additionalProperties"] == {"type": "integer"}


class Anything(Fact):
    """With a value of any kind."""

    value: Any


def test_a_type_with_a_value_of_any_kind_is_not_called_strict():
    assert not schema_of(Anything).strict


class Branch(Fact):
    """A tree."""

    name: str
    twigs: tuple["Branch", ...] = ()


def test_a_type_that_holds_itself_has_a_schema():
    schema = schema_of(Branch)
    value = {"name": "a", "twigs": [{"name": "b", "twigs": []}]}
    assert admits(schema.tree, value, schema.tree)
    assert not admits(schema.tree, {"name": "a", "twigs": [{"name": 3, "twigs": []}]}, schema.tree)


class Gift(Fact):
    """Refers to one type twice, once with words of its own."""

    inside: Sample
    """What is in it."""
    beside: Sample


def test_words_at_the_use_of_a_type_stay_there():
    tree = schema_of(Gift).tree
    inside = tree["properties"]["inside"]
    assert inside["description"] == "What is in it."
    sample = {"grams": 1.0, "label": "a", "parts": [1, "a"], "marks": [1]}
    assert admits(tree, {"inside": sample, "beside": sample}, tree)
    assert all(set(n) == {"$ref"} for n in nodes(tree) if "$ref" in n)
