"""Both sides of the file contract agree."""

import json
import math
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from curie.domain.outcome import CONTRACT_VERSION, Result
from curie.sandbox.contract import result_schema
from sandboxes import contract
from sandboxes.contract import Config, read_config, write_result

CONFIG = Config(version=1, system="tiny", seed=7, nonce="n0", settings={"x": 1}, dataset=None)


def written(folder: Path, **changes: object) -> Result:
    write_result(folder, CONFIG, **{"metrics": {"time": (1.5, "s")}, **changes})
    text = (folder / "result.json").read_text(encoding="utf-8")
    return Result.model_validate_json(text, strict=True)


def test_the_shipped_schema_is_the_one_that_the_host_generates():
    shipped = Path(contract.__file__).with_name("result.schema.json")
    assert shipped.read_text(encoding="utf-8") == result_schema()


def test_both_sides_speak_the_same_version():
    assert contract.VERSION == CONTRACT_VERSION


def test_the_config_is_read_as_it_was_written(tmp_path):
    raw = {"version": 1, "system": "tiny", "seed": 3, "nonce": "abc", "settings": {"k": 2.5}}
    for dataset, expected in ((None, None), ("/dataset", Path("/dataset"))):
        (tmp_path / "config.json").write_text(json.dumps({**raw, "dataset": dataset}))
        config = read_config(tmp_path)
        assert config == Config(1, "tiny", 3, "abc", {"k": 2.5}, expected)


def test_another_version_of_the_contract_is_refused(tmp_path):
    (tmp_path / "config.json").write_text('{"version": 2}')
    with pytest.raises(ValueError, match="version 2"):
        read_config(tmp_path)


def test_a_result_carries_the_trial_it_is_of(tmp_path):
    result = written(tmp_path, series={"curve": ([1, 2.5], "W")}, warnings=["unstable"])
    assert (result.system, result.seed, result.nonce) == ("tiny", 7, "n0")
    assert result.value("time") == 1.5
    assert result.series[0].values == (1.0, 2.5)
    assert result.warnings == ("unstable",)


@given(value=st.floats(allow_nan=False, allow_infinity=False))
def test_every_finite_number_survives_the_way_exactly(tmp_path_factory, value):
    folder = tmp_path_factory.mktemp("trial")
    assert written(folder, metrics={"m": (value, "1")}).value("m") == value


@pytest.mark.parametrize("bad", [math.nan, math.inf, -math.inf])
@pytest.mark.parametrize("where", ["metric", "series"])
def test_what_is_no_number_is_refused_and_nothing_is_written(tmp_path, bad, where):
    metrics = {"m": (bad if where == "metric" else 1.0, "1")}
    series = {"s": ([1.0, bad], "1")} if where == "series" else None
    with pytest.raises(ValueError, match="no measurement"):
        write_result(tmp_path, CONFIG, metrics, series=series)
    assert list(tmp_path.iterdir()) == []


def test_a_result_without_metrics_is_refused(tmp_path):
    with pytest.raises(ValueError, match="at least one metric"):
        write_result(tmp_path, CONFIG, {})


def test_an_earlier_result_is_replaced_whole(tmp_path):
    written(tmp_path, metrics={"m": (1.0, "1")})
    assert written(tmp_path, metrics={"m": (2.0, "1")}).value("m") == 2.0
    assert [p.name for p in tmp_path.iterdir()] == ["result.json"]
