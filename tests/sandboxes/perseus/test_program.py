"""The trial contract, through real processes, and the files around the program."""

from dataclasses import asdict
from pathlib import Path

import pytest

from curie.bench.questions import load_questions
from curie.domain.claim import metrics_of
from curie.domain.outcome import Result
from sandboxes.perseus.settings import Settings

QUESTIONS = Path(__file__).resolve().parents[3] / "benchmark_questions" / "systems" / "perseus"


@pytest.mark.parametrize("planner", ["all_max", "perseus"])
def test_a_trial_reports_every_metric_of_the_manifest_in_its_unit_and_range(
    run, result, system, planner
):
    assert run(planner=planner).returncode == 0
    told = Result.model_validate(result())
    assert (told.nonce, told.system, told.seed) == ("abc", "perseus", 1)
    assert {m.name: m.unit for m in told.metrics} == {m.name: m.unit for m in system.metrics}
    for metric in system.metrics:
        value = told.value(metric.name)
        assert metric.low is None or value >= metric.low
        assert metric.high is None or value <= metric.high


def test_two_processes_agree_on_everything_but_their_own_time(run, result):
    found = []
    for _ in range(2):
        assert run(seed=7).returncode == 0
        values = {m["name"]: m["value"] for m in result()["metrics"]}
        values.pop("planning_time_s")
        found.append(values)
    assert found[0] == found[1]


def test_settings_that_make_no_trial_end_with_a_message_and_no_result(run, tmp_path):
    ended = run(planner="greedy")
    assert ended.returncode == 2
    assert "planner is 'greedy'; give all_max or perseus" in ended.stderr
    assert not (tmp_path / "result.json").exists()


def test_the_manifest_and_the_program_have_the_same_factors_and_defaults(system):
    assert {f.name: f.default for f in system.factors} == asdict(Settings())


def test_the_program_takes_every_level_that_the_manifest_offers(system):
    for factor in system.factors:
        for level in (*factor.levels, factor.low, factor.high):
            if level is not None:
                value = int(level) if factor.type == "int" else level
                assert getattr(Settings(**{factor.name: value}), factor.name) == value


def test_published_claims_are_about_metrics_and_levels_of_the_system(system):
    assert system.claims
    for published in system.claims:
        assert all(system.metric(m) for m in metrics_of(published.claim))
        settings = [*published.settings, *published.claim.where]
        for side in ("a", "b"):
            settings += getattr(published.claim, side, ())
        for setting in settings:
            factor = system.factor(setting.factor)
            assert factor is not None, setting
            assert factor.allows(setting.level), setting


def test_questions_ask_for_metrics_and_levels_of_the_system_and_one_is_a_trap(system):
    questions = load_questions(QUESTIONS)
    assert 3 <= len(questions) <= 5
    assert any(q.trap for q in questions)
    for question in questions:
        assert question.system == "perseus"
        for claim in question.key:
            assert all(system.metric(m) for m in metrics_of(claim))
            for setting in (*claim.where, *getattr(claim, "a", ()), *getattr(claim, "b", ())):
                assert system.factor(setting.factor).allows(setting.level)
