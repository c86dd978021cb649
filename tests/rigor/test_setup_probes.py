"""Each live check of the setup gate: probes that it stops, and probes that it lets pass."""

import pytest

from curie.domain.setup import Image
from curie.domain.verdict import Opinion
from curie.rigor import TrialLog, judge
from curie.rigor.checks.factors_move import factors_move
from curie.rigor.checks.files_pinned import files_pinned
from curie.rigor.checks.fresh_box_agrees import fresh_box_agrees
from curie.rigor.checks.metrics_reported import metrics_reported
from curie.rigor.checks.nonces_return import nonces_return
from curie.rigor.checks.physically_possible import physically_possible
from curie.rigor.checks.probes_measured import probes_measured
from curie.rigor.checks.reviewer_trusts import reviewer_trusts
from curie.rigor.checks.seed_moves import seed_moves
from tests.rigor.build import COMPARISONS, DEPTH, SORT_MS, plan, system, timed_plan
from tests.rigor.trials import (
    failed,
    measured,
    probe_trials,
    run,
    setup,
    setup_evidence,
    source,
    started,
    truth,
)

WRITTEN = setup(written_by="technician")


def only(arm, **told):
    """A tampering with the values of one probe."""
    return lambda start, values: {**values, **told} if start.arm == arm else values


def always(**told):
    """A tampering with the values of all probes."""
    return lambda start, values: {**values, **told}


def test_sound_probes_are_accepted_with_every_check_passed_or_skipped():
    verdict = judge("setup", setup_evidence(), subject="s1", round=1)
    assert verdict.accepted
    assert {f.status for f in verdict.findings} <= {"passed", "skipped"}


def test_a_setup_without_probes_is_never_accepted():
    verdict = judge("setup", setup_evidence(log=TrialLog()), subject="s1", round=1)
    assert [f.check for f in verdict.failures] == ["probes_measured"]


def test_a_failed_probe_hands_its_last_words_to_whoever_mends_the_program():
    trials = probe_trials(plan())
    log = TrialLog((*run(trials[:-1]), start := started(trials[-1]), failed(start)))
    finding = probes_measured(setup_evidence(log=log, setup=WRITTEN))
    assert finding.remedy == "rebuild"
    assert "KeyError: 'size'" in finding.detail
    assert "probe:algorithm failed (exit)" in finding.detail
    assert probes_measured(setup_evidence()).status == "passed"


def test_a_shipped_program_is_not_rewritten_but_planned_around():
    trials = probe_trials(plan())
    log = TrialLog((*run(trials[:-1]), start := started(trials[-1]), failed(start)))
    assert probes_measured(setup_evidence(log=log)).remedy == "replan"


def test_a_trial_that_was_begun_again_after_a_crash_counts_once():
    trials = probe_trials(plan())
    log = TrialLog((started(trials[0]), *run(trials)))
    assert judge("setup", setup_evidence(log=log), subject="s1", round=1).accepted


def test_a_result_with_the_nonce_of_another_trial_is_stopped():
    first, second, *rest = probe_trials(plan())
    stolen = measured(started(first)).result.but(nonce=f"nonce-{second.id}")
    log = TrialLog((start := started(first), measured(start, result=stolen), *run((second, *rest))))
    assert nonces_return(setup_evidence(log=log)).status == "failed"
    assert nonces_return(setup_evidence()).status == "passed"


def test_two_trials_with_one_nonce_are_stopped():
    starts = [started(t, nonce="same") for t in probe_trials(plan())]
    log = TrialLog(tuple(e for s in starts for e in (s, measured(s))))
    assert "share a nonce" in nonces_return(setup_evidence(log=log)).detail


def test_a_result_with_another_seed_than_it_was_given_is_stopped():
    start = started(probe_trials(plan())[0])
    log = TrialLog((start, measured(start, result=measured(start).result.but(seed=5))))
    assert "seed 5" in nonces_return(setup_evidence(log=log)).detail


def test_a_result_without_the_metric_of_a_hypothesis_is_stopped():
    silent = setup_evidence(tamper=lambda start, values: {"depth": values["depth"]})
    assert metrics_reported(silent).status == "failed"
    assert metrics_reported(setup_evidence()).status == "passed"


def test_a_metric_in_another_unit_than_declared_is_stopped():
    seconds = plan(metrics=(COMPARISONS, SORT_MS.but(unit="s"), DEPTH))
    assert "'ms', not 's'" in metrics_reported(setup_evidence(seconds)).detail


@pytest.mark.parametrize("told", [{"comparisons": -1.0}, {"depth": 51.0}])
def test_a_value_that_cannot_be_is_stopped(told):
    assert physically_possible(setup_evidence(tamper=always(**told))).status == "failed"
    assert physically_possible(setup_evidence()).status == "passed"


def test_rounding_at_the_end_of_a_range_is_forgiven():
    rounded = setup_evidence(tamper=always(depth=50.0 * (1 + 1e-12)))
    assert physically_possible(rounded).status == "passed"


def test_a_factor_that_moves_nothing_is_stopped():
    def ignores(start, values):
        return truth(start.but(settings=started(probe_trials(plan())[0]).settings))

    stuck = setup_evidence(tamper=ignores, setup=WRITTEN)
    assert factors_move(stuck).remedy == "rebuild"
    assert factors_move(setup_evidence()).status == "passed"


def test_a_timing_that_moves_within_its_noise_moves_nothing():
    def ignores(start, values):
        base = started(probe_trials(plan())[0])
        return {**truth(base), "sort_ms": 1.0 if start.arm != "probe:algorithm" else 1.05}

    assert factors_move(setup_evidence(tamper=ignores)).status == "failed"


def test_one_probe_of_nothing_but_timings_cannot_tell_a_small_effect_from_none():
    timings = timed_plan(metrics=(SORT_MS,))

    def told(moved):
        def timing(start, values):
            return {"sort_ms": moved if start.arm == "probe:algorithm" else 1.0}

        return setup_evidence(timings, tamper=timing)

    assert factors_move(told(1.05)).status == "warned"
    assert factors_move(told(1.5)).status == "passed"
    assert factors_move(told(1.0)).status == "failed"


def test_a_seed_that_moves_nothing_is_stopped():
    deaf = setup_evidence(tamper=lambda start, values: truth(start.but(seed=1)))
    assert seed_moves(deaf).status == "failed"
    assert seed_moves(setup_evidence()).status == "passed"


def test_a_seed_that_moves_what_is_called_deterministic_is_stopped():
    unruly = setup_evidence(tamper=only("probe:seed", depth=2.0))
    assert "depth" in seed_moves(unruly).detail
    assert seed_moves(unruly).status == "failed"


@pytest.mark.parametrize("metric", [COMPARISONS.but(spread_share=0.0), COMPARISONS.but(high=9.0)])
def test_a_metric_without_spread_or_at_the_end_of_its_range_may_stand_still(metric):
    still = plan(metrics=(metric, SORT_MS, DEPTH))
    finding = seed_moves(setup_evidence(still, tamper=always(comparisons=9.0)))
    assert finding.status == "warned"


def test_a_system_without_seeded_metrics_has_nothing_for_the_seed_to_move():
    assert seed_moves(setup_evidence(plan(metrics=(SORT_MS, DEPTH)))).status == "passed"


@pytest.mark.parametrize("told", [{"comparisons": 2500.0}, {"depth": 3.0}])
def test_a_fresh_box_that_gives_another_number_is_stopped(told):
    other = setup_evidence(tamper=only("probe:again", **told))
    assert fresh_box_agrees(other).status == "failed"
    assert fresh_box_agrees(setup_evidence()).status == "passed"


def test_timings_of_equal_trials_that_are_far_apart_are_a_warning():
    assert fresh_box_agrees(setup_evidence(tamper=only("probe:again", sort_ms=9.0))).status == (
        "warned"
    )


def test_a_fresh_box_has_to_be_another_box():
    first, second, *rest = (started(t) for t in probe_trials(plan()))
    events = [first, measured(first, box="b"), second, measured(second, box="b")]
    log = TrialLog((*events, *(e for s in rest for e in (s, measured(s)))))
    assert "not fresh" in fresh_box_agrees(setup_evidence(log=log)).detail


def test_a_reviewer_who_does_not_trust_the_setup_stops_it_with_the_reasons():
    doubt = Opinion(setup="s1", trustworthy=False, concerns=("sorts twice",))
    finding = reviewer_trusts(setup_evidence(opinion=doubt))
    assert (finding.status, finding.remedy, finding.detail) == ("failed", "rebuild", "sorts twice")
    assert reviewer_trusts(setup_evidence()).status == "passed"
    assert reviewer_trusts(setup_evidence(opinion=None)).status == "skipped"


def test_a_trusting_reviewer_undoes_no_failed_check():
    deaf = setup_evidence(tamper=lambda start, values: truth(start.but(seed=1)))
    verdict = judge("setup", deaf, subject="s1", round=1)
    assert [f.status for f in verdict.findings if f.check == "reviewer_trusts"] == ["passed"]
    assert not verdict.accepted


@pytest.mark.parametrize(
    "bad",
    [
        setup(files=(source("print()").but(text="print(1)"),)),
        setup(files=(source("print()"), source("print()"))),
        setup(files=(source("print()", path="../program.py"),)),
        setup(files=()),
        setup(image=Image(name="sorting", digest="", base="debian", python="3.11")),
        setup(plan="p9"),
    ],
)
def test_a_program_that_is_not_pinned_is_stopped(bad):
    assert files_pinned(setup_evidence(setup=bad)).status == "failed"
    assert files_pinned(setup_evidence()).status == "passed"


def test_the_program_of_a_shipped_system_is_not_read():
    verdict = judge("setup", setup_evidence(system=system()), subject="s1", round=1)
    skipped = {f.check for f in verdict.findings if f.status == "skipped"}
    assert {"program_readable", "results_computed", "no_way_out"} <= skipped
