import pytest
from hypothesis import given
from pydantic import ValidationError

from curie.domain.setting import (
    Level,
    Setting,
    Settings,
    contains,
    level_of,
    level_text,
    overlay,
    same_level,
    settings_text,
)
from tests.domain.samples import held
from tests.domain.strategies import levels, settings


@given(level=levels)
def test_a_level_keeps_its_type_through_json(level: Level) -> None:
    setting = Setting(factor="x", level=level)
    again = Setting.model_validate_json(setting.canonical()).level
    assert type(again) is type(level)
    assert again == level


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        (64, 64.0, True),
        (True, True, True),
        (True, 1, False),
        (0, False, False),
        (1.0, True, False),
        ("1", 1, False),
        ("ivf", "ivf", True),
        (1, 2, False),
    ],
)
def test_numbers_are_the_same_level_whatever_their_type_but_truth_is_no_number(
    one: Level, other: Level, same: bool
) -> None:
    assert same_level(one, other) is same
    assert same_level(other, one) is same


@given(below=settings, above=settings)
def test_an_overlay_holds_each_factor_once_and_the_upper_one_wins(
    below: Settings, above: Settings
) -> None:
    merged = overlay(below, above)
    names = [s.factor for s in merged]
    assert names == sorted({s.factor for s in (*below, *above)})
    for name in names:
        stack = [s.level for s in (*below, *above) if s.factor == name]
        assert repr(level_of(merged, name)) == repr(stack[-1])


@given(below=settings, above=settings)
def test_an_overlay_contains_what_was_laid_over(below: Settings, above: Settings) -> None:
    assert contains(overlay(below, above), overlay((), above))


@given(part=settings)
def test_every_settings_contain_themselves_and_nothing(part: Settings) -> None:
    assert contains(part, part)
    assert contains(part, ())
    assert contains((), part) == (part == ())


def test_a_part_at_another_level_is_not_contained() -> None:
    assert not contains(held(a=1, b=2), held(a=2))
    assert not contains(held(a=True), held(a=1))
    assert contains(held(a=64), held(a=64.0))


def test_the_level_of_an_absent_factor_is_none() -> None:
    assert level_of(held(a=1), "b") is None


@pytest.mark.parametrize(
    ("level", "text"),
    [(True, "true"), (False, "false"), (64, "64"), (0.5, "0.5"), (2.0, "2"), ("ivf", "ivf")],
)
def test_a_level_is_written_as_people_write_it(level: Level, text: str) -> None:
    assert level_text(level) == text
    assert str(Setting(factor="x", level=level)) == f"x={text}"


def test_settings_are_written_in_one_line() -> None:
    assert settings_text(held(a=1, b="x")) == "a=1, b=x"
    assert settings_text(()) == "the defaults"


def test_a_setting_needs_a_factor() -> None:
    with pytest.raises(ValidationError):
        Setting(factor="", level=1)
