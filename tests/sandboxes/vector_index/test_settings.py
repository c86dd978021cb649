"""The settings of a trial, held equal to the manifest."""

import pytest

from sandboxes.vector_index.settings import (
    KINDS,
    NAMES,
    RANGES,
    SPREAD_RANGE,
    BadSettings,
    limits,
    read_settings,
)


def test_the_program_and_the_manifest_know_the_same_factors_and_ranges(system):
    assert {f.name for f in system.factors} == NAMES
    assert set(system.factor("index").levels) == set(KINDS)
    spread = system.factor("cluster_spread")
    assert (spread.low, spread.high) == SPREAD_RANGE
    for name, (low, high) in RANGES.items():
        factor = system.factor(name)
        if factor.low is None:
            assert (min(factor.levels), max(factor.levels)) == (low, high)
        else:
            assert (factor.low, factor.high) == (low, high)


def test_a_missing_setting_is_named(given):
    settings = given()
    del settings["k"]
    with pytest.raises(BadSettings, match="settings missing: k"):
        read_settings(settings)


def test_every_level_of_every_factor_can_be_run_where_its_needs_are_met(system):
    defaults = {f.name: f.default for f in system.factors}
    for factor in system.factors:
        needs = {n.factor: n.level for n in factor.needs}
        for level in factor.levels:
            assert read_settings({**defaults, **needs, factor.name: level})


def test_a_default_trial_has_nothing_to_confess(system):
    for kind in KINDS:
        settings = {f.name: f.default for f in system.factors} | {"index": kind}
        assert limits(read_settings(settings), cpus=1) == []


def test_more_threads_than_cpus_and_a_beam_below_k_are_confessed(trial):
    found = limits(trial(threads=4, ef_search=8, k=20), cpus=2)
    assert any("4 search threads share 2 CPUs" in line for line in found)
    assert any("acts as k = 20" in line for line in found)
