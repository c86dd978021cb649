import math

import pytest
from pydantic import TypeAdapter, ValidationError

from curie.domain.outcome import Failed, Measured, MetricValue, Outcome, Result, Series, value_of
from tests.domain.samples import FAILED, MEASURED

RESULT = MEASURED.result


@pytest.mark.parametrize("number", ["NaN", "Infinity", "-Infinity", "1e999"])
def test_a_result_with_a_number_that_is_none_is_refused(number: str) -> None:
    text = RESULT.canonical().replace("4.5", number)
    with pytest.raises(ValidationError):
        Result.model_validate_json(text)


def test_a_series_with_nan_is_refused() -> None:
    with pytest.raises(ValidationError, match="finite"):
        Series(name="loss", unit="", values=(1.0, math.nan))


def test_a_metric_that_is_given_twice_is_refused() -> None:
    with pytest.raises(ValidationError, match="a metric is given twice"):
        RESULT.but(metrics=RESULT.metrics + RESULT.metrics[:1])


def test_a_result_without_a_metric_is_refused() -> None:
    with pytest.raises(ValidationError, match="at least 1 item"):
        RESULT.but(metrics=())


def test_a_result_of_another_version_of_the_contract_is_refused() -> None:
    with pytest.raises(ValidationError, match="Input should be 1"):
        Result.model_validate_json(RESULT.canonical().replace('"version":1', '"version":2'))


def test_a_result_has_the_value_of_a_metric_or_none() -> None:
    assert RESULT.value("shrinkage") == 4.5
    assert RESULT.value("colour") is None


def test_a_failed_trial_has_no_value() -> None:
    assert value_of(MEASURED, "shrinkage") == 4.5
    assert value_of(MEASURED, "colour") is None
    assert value_of(FAILED, "shrinkage") is None


@pytest.mark.parametrize("outcome", [MEASURED, FAILED])
def test_an_outcome_comes_back_from_json_as_what_it_was(outcome: Measured | Failed) -> None:
    adapter: TypeAdapter[Measured | Failed] = TypeAdapter(Outcome)
    again = adapter.validate_json(outcome.canonical())
    assert type(again) is type(outcome)
    assert again == outcome


def test_a_metric_without_a_name_is_refused() -> None:
    with pytest.raises(ValidationError):
        MetricValue(name="", value=1.0, unit="")
