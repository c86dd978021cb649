"""Each check of the control gate: a control that it stops, and one that it lets pass."""

import pytest

from curie.domain.outcome import Measured
from curie.rigor import ControlEvidence, TrialLog, judge
from curie.rigor.checks.control_complete import control_complete
from curie.rigor.checks.deterministic_repeats import deterministic_repeats
from curie.rigor.checks.noise_as_planned import noise_as_planned
from tests.rigor.build import SORT_MS, difference, plan, power, system, timed_plan
from tests.rigor.trials import control_evidence, failed, run, setup, started

SPREAD = {1: -1.0, 2: 0.0, 3: 1.0}
"""By seed: values with a standard deviation of one."""


def spread(share):
    """Comparisons over three seeds with exactly that spread, as a share of their mean."""
    return control_evidence(
        tamper=lambda start, values: {
            **values,
            "comparisons": 1000 * (1 + share * SPREAD[start.seed]),
        }
    )


def of(*events):
    """The control gate's evidence of these events."""
    return ControlEvidence(plan=plan(), system=system(), setup=setup(), log=TrialLog(events))


@pytest.mark.parametrize("sound", [plan(), timed_plan()])
def test_a_sound_control_is_accepted(sound):
    verdict = judge("control", control_evidence(sound), subject="p1", round=1)
    assert verdict.accepted
    assert {f.status for f in verdict.findings} <= {"passed", "skipped", "warned"}


def test_a_control_with_a_failed_trial_is_stopped():
    first, *rest = plan().trials("control")
    start = started(first)
    finding = control_complete(of(start, failed(start), *run(tuple(rest))))
    assert finding.status == "failed"
    assert "exit code 1" in finding.detail
    assert control_complete(control_evidence()).status == "passed"


def test_a_control_that_was_not_run_to_its_end_goes_on():
    first, *rest = plan().trials("control")
    assert control_complete(of(started(first), *run(tuple(rest)))).remedy == "again"
    assert control_complete(of(*run(tuple(rest)))).remedy == "again"


def test_a_control_twice_as_noisy_as_planned_asks_for_a_new_plan_and_says_how_noisy():
    finding = noise_as_planned(spread(0.05))
    assert (finding.status, finding.remedy) == ("failed", "replan")
    assert "comparisons observed=0.05 planned=0.02" in finding.detail


def test_a_control_somewhat_noisier_than_planned_is_a_warning():
    assert noise_as_planned(spread(0.03)).status == "warned"
    assert noise_as_planned(spread(0.02)).status == "passed"


def test_noise_cannot_be_told_from_two_trials_nor_matters_for_exact_comparisons():
    assert noise_as_planned(control_evidence(plan(seeds=(1, 2)))).status == "skipped"
    exact = plan(difference(metric="depth"), power=(power(exact=True),))
    assert noise_as_planned(control_evidence(exact)).status == "skipped"


def test_a_plan_that_assumed_no_noise_at_all_is_stopped_by_any():
    silent = plan(power=(power(spread_share=0.0),))
    assert noise_as_planned(control_evidence(silent)).remedy == "replan"


def test_a_deterministic_metric_that_differs_between_trials_is_stopped():
    moved = control_evidence(tamper=lambda start, values: {**values, "depth": float(start.seed)})
    assert deterministic_repeats(moved).status == "failed"
    assert deterministic_repeats(control_evidence()).status == "passed"
    timings = timed_plan(metrics=(SORT_MS,))
    assert deterministic_repeats(control_evidence(timings)).status == "skipped"


def test_timings_spread_by_the_neighbours_of_a_busy_host_are_told_and_on_a_quiet_one_stopped():
    def noisy(load):
        evidence = control_evidence(
            timed_plan(),
            tamper=lambda start, values: {**values, "sort_ms": 1.0 + 0.5 * start.seed},
        )
        events = tuple(
            e.but(usage=e.usage.but(load_before=load)) if isinstance(e, Measured) else e
            for e in evidence.log.events
        )
        return ControlEvidence(evidence.plan, evidence.system, evidence.setup, TrialLog(events))

    assert noise_as_planned(noisy(3.0)).status == "warned"
    assert noise_as_planned(noisy(0.2)).status == "failed"
