from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from curie.domain.claim import (
    Best,
    Claim,
    Difference,
    Equivalence,
    Frontier,
    Interaction,
    Law,
    PairClaim,
    Ranking,
    Ratio,
    ScanClaim,
    Threshold,
    Trend,
    factors_of,
    is_open,
    metrics_of,
)
from tests.domain.samples import held
from tests.domain.strategies import CLAIMS, claims, settings

ADAPTER: TypeAdapter[Claim] = TypeAdapter(Claim)
KINDS = get_args(get_args(Claim)[0])
A, B = held(planner="perseus", gpus=8), held(planner="fastest", gpus=8)


def test_there_are_ten_kinds_of_claims_and_each_is_generated_here() -> None:
    assert {kind.model_fields["kind"].default for kind in KINDS} == set(CLAIMS)
    assert len(KINDS) == 10


def test_a_claim_compares_two_arms_or_scans_a_factor() -> None:
    assert set(get_args(PairClaim)) | set(get_args(ScanClaim)) == set(KINDS)
    assert not set(get_args(PairClaim)) & set(get_args(ScanClaim))


@pytest.mark.parametrize("kind", CLAIMS)
@given(data=st.data())
def test_a_claim_comes_back_from_json_as_its_own_kind(kind: str, data: st.DataObject) -> None:
    claim = data.draw(CLAIMS[kind])
    again = ADAPTER.validate_json(claim.canonical())
    assert type(again) is type(claim)
    assert again == claim
    assert again.canonical() == claim.canonical()


def test_an_unknown_kind_is_refused() -> None:
    with pytest.raises(ValidationError, match="does not match any of the expected tags"):
        ADAPTER.validate_python({"kind": "hunch", "metric": "m"})


OPEN_AND_STATED: list[tuple[Claim, Claim]] = [
    (
        Difference(metric="m", a=A, b=B),
        Difference(metric="m", a=A, b=B, direction="lower"),
    ),
    (Ratio(metric="m", a=A, b=B), Ratio(metric="m", a=A, b=B, low=3.0)),
    (Ratio(metric="m", a=A, b=B), Ratio(metric="m", a=A, b=B, high=3.0)),
    (Trend(metric="m", factor="f"), Trend(metric="m", factor="f", shape="flat")),
    (
        Best(metric="m", factor="f", goal="lowest"),
        Best(metric="m", factor="f", goal="lowest", levels=(0,)),
    ),
    (
        Ranking(metric="m", factor="f", goal="lowest"),
        Ranking(metric="m", factor="f", goal="lowest", order=((1,), (2, 3))),
    ),
    (
        Threshold(metric="m", factor="f", side="at_least", bound=0.0),
        Threshold(metric="m", factor="f", side="at_least", bound=0.0, level=0),
    ),
    (Law(metric="m", factor="f"), Law(metric="m", factor="f", form="linear")),
    (
        Frontier(metric="m", goal="lowest", other="o", other_goal="highest", factor="f"),
        Frontier(
            metric="m", goal="lowest", other="o", other_goal="highest", factor="f", levels=(0,)
        ),
    ),
]


@pytest.mark.parametrize(("asks", "states"), OPEN_AND_STATED, ids=lambda c: c.kind)
def test_a_claim_is_open_until_it_holds_its_answer(asks: Claim, states: Claim) -> None:
    assert is_open(asks)
    assert not is_open(states)


def test_equivalence_and_interaction_always_state_something() -> None:
    assert not is_open(Equivalence(metric="m", a=A, b=B, margin=1.0))
    assert not is_open(Interaction(metric="m", factor="f", by="g"))


@pytest.mark.parametrize("kind", [Difference, Ratio])
def test_a_comparison_varies_the_factors_in_which_its_arms_differ(kind: type[Ratio]) -> None:
    assert factors_of(kind(metric="m", a=A, b=B)) == ("planner",)
    assert factors_of(kind(metric="m", a=A, b=held(planner="perseus"))) == ("gpus",)
    assert factors_of(kind(metric="m", a=held(x=1, y=2), b=held(y=1, x=2))) == ("x", "y")
    assert factors_of(kind(metric="m", a=held(x=64), b=held(x=64.0))) == ()


@given(metric=st.text(), a=settings, b=settings)
def test_a_comparison_varies_the_same_factors_from_either_side(
    metric: str, a: tuple[object, ...], b: tuple[object, ...]
) -> None:
    one = Difference.model_validate({"metric": metric, "a": a, "b": b})
    assert factors_of(one) == factors_of(one.but(a=one.b, b=one.a))


def test_a_scan_varies_its_factor_and_an_interaction_both() -> None:
    assert factors_of(Trend(metric="m", factor="f")) == ("f",)
    assert factors_of(Interaction(metric="m", factor="f", by="g")) == ("f", "g")


@given(claim=claims)
def test_the_first_metric_of_a_claim_is_its_own(claim: Claim) -> None:
    assert metrics_of(claim)[0] == claim.metric
    assert len(metrics_of(claim)) <= 2


def test_a_cost_and_the_other_side_of_a_frontier_are_metrics_of_a_claim() -> None:
    threshold = Threshold(metric="m", factor="f", side="at_most", bound=1.0)
    assert metrics_of(threshold) == ("m",)
    assert metrics_of(threshold.but(cost="usd")) == ("m", "usd")
    frontier = Frontier(metric="m", goal="lowest", other="o", other_goal="highest", factor="f")
    assert metrics_of(frontier) == ("m", "o")


def test_a_difference_has_one_bound_at_most() -> None:
    with pytest.raises(ValidationError, match="not both"):
        Difference(metric="m", a=A, b=B, at_least=1.0, at_least_share=0.1)


@pytest.mark.parametrize("margins", [{}, {"margin": 1.0, "margin_share": 0.1}])
def test_an_equivalence_has_exactly_one_margin(margins: dict[str, float]) -> None:
    with pytest.raises(ValidationError, match="exactly one of margin"):
        Equivalence(metric="m", a=A, b=B, **margins)


@pytest.mark.parametrize("field", ["at_least", "at_least_share"])
def test_a_bound_below_zero_is_refused(field: str) -> None:
    with pytest.raises(ValidationError, match="greater than or equal to 0"):
        Difference.model_validate({"metric": "m", "a": A, "b": B, field: -0.1})
