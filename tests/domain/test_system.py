from typing import Any

import pytest
from pydantic import ValidationError

from curie.domain.setting import Level
from curie.domain.system import Factor, System
from tests.domain.samples import GLAZE, KILN, SHRINKAGE, TEMPERATURE, held

FLAG = Factor(name="lid", type="bool", default=False)
COUNT = Factor(name="pots", type="int", default=1, levels=(1, 2, 4))


@pytest.mark.parametrize(
    ("factor", "level", "allowed"),
    [
        (TEMPERATURE, 600.0, True),
        (TEMPERATURE, 601, True),
        (TEMPERATURE, 599.9, False),
        (TEMPERATURE, True, False),
        (TEMPERATURE, "hot", False),
        (GLAZE, "ash", True),
        (GLAZE, "gold", False),
        (FLAG, True, True),
        (FLAG, 1, False),
        (COUNT, 4, True),
        (COUNT, 3, False),
        (COUNT, 2.0, False),
        (COUNT, True, False),
    ],
)
def test_a_factor_allows_levels_of_its_type_and_range(
    factor: Factor, level: Level, allowed: bool
) -> None:
    assert factor.allows(level) is allowed


@pytest.mark.parametrize(
    "change",
    [
        {"default": 500.0},
        {"levels": (900.0, 2000.0)},
        {"high": None},
        {"level_words": (("hot", "very"),)},
        {"name": "peak c"},
    ],
)
def test_a_factor_that_contradicts_itself_is_refused(change: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        TEMPERATURE.but(**change)


def test_numbers_are_ordered_and_names_are_not() -> None:
    assert [f.ordered for f in (TEMPERATURE, COUNT, GLAZE, FLAG)] == [True, True, False, False]


def test_a_system_finds_its_factors_and_metrics_by_name() -> None:
    assert KILN.factor("glaze") == GLAZE
    assert KILN.metric("shrinkage") == SHRINKAGE
    assert KILN.factor("shrinkage") is None
    assert KILN.metric("glaze") is None


def test_one_name_for_two_things_is_refused() -> None:
    with pytest.raises(ValidationError, match="names used twice: glaze"):
        KILN.but(metrics=(SHRINKAGE.but(name="glaze"),))


@pytest.mark.parametrize("need", [held(colour="red"), held(glaze="gold")])
def test_a_factor_that_needs_the_impossible_is_refused(need: Any) -> None:
    with pytest.raises(ValidationError, match="factor peak_c needs"):
        KILN.but(factors=(TEMPERATURE.but(needs=need), GLAZE))


def test_a_factor_that_is_no_size_spells_as_before_there_were_sizes():
    plain = Factor(name="n", type="int", default=1)
    assert "size" not in plain.canonical()
    assert '"size":true' in plain.but(size=True).canonical()
    assert plain.model_dump()["size"] is False
    nested = System.model_validate(
        {
            "name": "s",
            "title": "",
            "about": "",
            "real": "",
            "modelled": "",
            "mode": "measured",
            "time_limit_s": 1,
            "factors": [plain],
        }
    )
    assert '"size"' not in nested.canonical()
