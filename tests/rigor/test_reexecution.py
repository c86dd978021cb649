"""Whether trials that are run once more have to agree, and how closely."""

import pytest

from curie.domain.outcome import Measured
from curie.domain.setup import Started
from curie.rigor.checks.reexecution_agrees import reexecution_agrees
from tests.rigor.build import plan, timed_plan
from tests.rigor.trials import failed, repeats, run, setup, trial_evidence

WRITTEN = setup(written_by="technician")


def repeated(of=None, **told):
    """An experiment whose repeats report other values than their originals."""

    def tamper(start, values):
        truth = {**values, "sort_ms": 1.0}
        return {**truth, **told} if start.phase == "reexecution" else truth

    return trial_evidence(of, tamper=tamper, setup=WRITTEN)


@pytest.mark.parametrize("told", [{"comparisons": 1.0}, {"depth": 6.0}])
def test_a_repeat_with_another_number_is_stopped(told):
    assert reexecution_agrees(repeated(**told)).remedy == "rebuild"
    assert reexecution_agrees(repeated()).status == "passed"


def test_a_timing_must_look_like_one_more_replicate_where_a_claim_rests_on_it():
    assert reexecution_agrees(repeated(timed_plan(), sort_ms=1.2)).status == "passed"
    assert reexecution_agrees(repeated(timed_plan(), sort_ms=4.0)).status == "failed"
    assert reexecution_agrees(repeated(timed_plan(), sort_ms=0.2)).status == "failed"


def test_a_timing_that_no_claim_rests_on_is_only_told():
    assert reexecution_agrees(repeated(sort_ms=9.0)).status == "warned"


def test_evidence_of_which_nothing_was_run_again_is_stopped():
    single = trial_evidence(
        change=lambda events: [e for e in events if not getattr(e, "trial", "").endswith("again")]
    )
    assert reexecution_agrees(single).remedy == "again"


def test_a_repeat_that_fails_is_stopped():
    def change(events):
        starts = {e.trial: e for e in events if isinstance(e, Started)}
        return [
            failed(starts[e.trial]) if isinstance(e, Measured) and "again" in e.trial else e
            for e in events
        ]

    finding = reexecution_agrees(trial_evidence(change=change))
    assert "exit code 1" in finding.detail
    assert finding.status == "failed"


def test_a_repeat_in_the_box_of_its_original_is_no_repeat():
    def change(events):
        return [
            e.but(box=f"box-{e.trial.removesuffix('/again')}") if isinstance(e, Measured) else e
            for e in events
        ]

    assert "box of its original" in reexecution_agrees(trial_evidence(change=change)).detail


def test_a_repeat_of_no_trial_is_stopped():
    stray = repeats(plan(), 1)[0].but(id="p1/t1/s50/again", seed=50)
    odd = trial_evidence(change=lambda events: [*events, *run((stray,))])
    assert "repeats no trial" in reexecution_agrees(odd).detail
