"""The probes of programs that were written for a run: spoilt inputs, a used box, sizes."""

import pytest

from curie.domain.plan import Plan
from curie.rigor import TrialLog
from curie.rigor.checks.arms_own import arms_own
from curie.rigor.checks.inputs_demanded import inputs_demanded
from curie.rigor.checks.probes_repeated import probes_repeated
from curie.rigor.checks.seed_moves import seed_moves
from curie.rigor.checks.smaller_costs_less import smaller_costs_less
from curie.rigor.checks.used_box_agrees import used_box_agrees
from curie.rigor.probing import SEED_TOO, USED, refusals, sample_size
from tests.rigor.build import COMPARISONS, SIZE, plan, size_plan
from tests.rigor.trials import (
    failed,
    measured,
    probe_trials,
    run,
    setup,
    setup_evidence,
    started,
    trial_evidence,
    truth,
)

WRITTEN = setup(written_by="technician")


def with_probe(arm, outcome, of: Plan | None = None, phase="probe"):
    """A setup with one probe more, of which that became."""
    trials = probe_trials(of or plan())
    start = started(trials[0].but(id=f"p1/{arm}", arm=arm, phase=phase))
    log = TrialLog((*run(trials), start, outcome(start)))
    return setup_evidence(of, log=log, setup=WRITTEN)


def test_a_result_from_a_spoilt_input_is_stopped():
    went_on = with_probe("probe:missing size", measured, phase="refusal")
    refused = with_probe("probe:missing size", failed, phase="refusal")
    assert "missing size" in inputs_demanded(went_on).detail
    assert inputs_demanded(went_on).remedy == "rebuild"
    assert inputs_demanded(refused).status == "passed"
    assert inputs_demanded(setup_evidence()).status == "skipped"


def test_a_program_that_lives_on_what_others_left_is_stopped():
    warm = with_probe(USED, lambda s: measured(s, {**truth(s), "comparisons": 1.0}))
    stale = with_probe(USED, lambda s: failed(s, why="bad_result", detail="the nonce is old"))
    assert used_box_agrees(warm).remedy == "rebuild"
    assert used_box_agrees(stale).status == "failed"
    assert used_box_agrees(with_probe(USED, measured)).status == "passed"
    assert used_box_agrees(setup_evidence()).status == "skipped"


def test_a_program_that_only_breaks_in_a_used_box_is_a_warning():
    assert used_box_agrees(with_probe(USED, failed)).status == "warned"


def test_two_equal_counts_are_an_accident_if_a_third_seed_moves_them():
    def deaf(start, values):
        return truth(start.but(seed=91))

    trials = probe_trials(plan())
    third = started(trials[0].but(id="p1/third", arm=SEED_TOO, seed=93))
    log = TrialLog((*run(trials, deaf), third, measured(third)))
    assert seed_moves(setup_evidence(log=log)).status == "passed"
    assert seed_moves(setup_evidence(tamper=deaf)).status == "failed"


def sized(**changes):
    """A plan along a size."""
    factors = (SIZE.but(size=True), *plan().factors[:1], *plan().factors[2:])
    counted = COMPARISONS.but(better="lower", unit="comparisons")
    return size_plan(factors=factors, metrics=(counted, *plan().metrics[1:]), **changes)


def test_less_input_that_costs_no_less_is_stopped():
    def constant(start, values):
        return {**values, "comparisons": 900.0 + start.seed}

    assert smaller_costs_less(setup_evidence(sized(), tamper=constant)).status == "failed"
    assert smaller_costs_less(setup_evidence(sized())).status == "passed"
    assert smaller_costs_less(setup_evidence(size_plan())).status == "skipped"


def test_a_trial_that_gives_other_numbers_than_its_probe_is_stopped():
    def behaves(start, values):
        return values if start.phase == "probe" else {**values, "comparisons": 1.0}

    probes = tuple(t.but(seed=1) for t in probe_trials(plan())[:1])

    def first(tamper):
        return trial_evidence(
            tamper=tamper, change=lambda events: [events[0], *run(probes, tamper), *events[1:]]
        )

    assert "p1/control/s1" in probes_repeated(first(behaves)).detail
    assert probes_repeated(first(None)).status == "passed"
    assert probes_repeated(trial_evidence()).status == "skipped"


@pytest.mark.parametrize("plus", [0.0, 40.0])
def test_an_arm_worked_out_from_another_is_stopped(plus):
    def by_hand(start, values):
        base = 2000.0 + 37.0 * start.seed**1.5
        return {**values, "comparisons": 0.75 * base + plus if start.arm == "t1" else base}

    copied = trial_evidence(plan(seeds=(1, 2, 3, 4, 5)), tamper=by_hand, setup=WRITTEN)
    assert "comparisons of control and t1" in arms_own(copied).detail


def test_arms_that_did_their_own_work_or_do_not_differ_are_let_pass():
    def equal(start, values):
        return {**values, "comparisons": 2000.0 + 37.0 * start.seed**1.5}

    def own(start, values):
        base = 2000.0 + 37.0 * start.seed**1.5
        return {**values, "comparisons": base**0.5 if start.arm == "t1" else base}

    many = plan(seeds=(1, 2, 3, 4, 5))
    for tamper in (equal, own):
        finding = arms_own(trial_evidence(many, tamper=tamper, setup=WRITTEN))
        assert finding.status == "passed"
    assert arms_own(trial_evidence(many)).status == "skipped"


def test_the_spoilt_inputs_are_a_missing_setting_a_missing_data_set_and_a_level_without_meaning():
    assert refusals(plan(), data=False) == ("probe:missing algorithm", "probe:nonsense algorithm")
    assert refusals(size_plan(), data=True) == ("probe:missing data", "probe:missing size")


def test_each_arm_has_a_trial_in_the_sample_that_is_run_once_more():
    assert sample_size(plan()) == 3
    assert sample_size(size_plan(levels=(1, 2, 3, 4, 5))) == 5
    assert sample_size(plan(seeds=(1,))) == 2
