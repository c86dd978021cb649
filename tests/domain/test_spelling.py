"""How facts are spelled in TOML."""

import tomllib

from curie.domain.spelling import named_tables, spelled_out


def test_settings_tables_become_lists_of_settings_however_deep_they_lie():
    raw = tomllib.loads('[[key]]\na = { x = 1, mode = "on" }\n[key.inner]\nwhere = { y = 2.5 }\n')
    assert spelled_out(raw) == {
        "key": [
            {
                "a": [{"factor": "x", "level": 1}, {"factor": "mode", "level": "on"}],
                "inner": {"where": [{"factor": "y", "level": 2.5}]},
            }
        ]
    }


def test_other_tables_and_settings_that_are_lists_already_stay_as_they_are():
    value = {"a": [{"factor": "x", "level": 1}], "other": {"x": 1}, "b": "text"}
    assert spelled_out(value) == value


def test_words_for_levels_become_pairs():
    assert spelled_out({"level_words": {"graph": "hnsw"}}) == {"level_words": [("graph", "hnsw")]}


def test_named_tables_carry_their_name_in_their_order():
    tables = {"b": {"unit": "s"}, "a": {}}
    assert named_tables(tables, "name") == [{"name": "b", "unit": "s"}, {"name": "a"}]


def test_what_is_no_table_is_left_for_the_validator_to_refuse():
    assert named_tables([1], "name") == [1]
    assert named_tables({"a": 3}, "name") == [3]
