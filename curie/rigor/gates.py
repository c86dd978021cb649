"""The gates: which checks look at what, and what a verdict follows from."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from curie.domain.verdict import REMEDIES, Finding, GateName, Remedy, Verdict
from curie.rigor.checks.alpha_sound import alpha_sound
from curie.rigor.checks.arms_complete import arms_complete
from curie.rigor.checks.arms_own import arms_own
from curie.rigor.checks.best_not_kept import best_not_kept
from curie.rigor.checks.boxes_fresh import boxes_fresh
from curie.rigor.checks.budget_suffices import budget_suffices
from curie.rigor.checks.causes_shown import causes_shown
from curie.rigor.checks.claims_answered import claims_answered
from curie.rigor.checks.claims_named import claims_named
from curie.rigor.checks.claims_refutable import claims_refutable
from curie.rigor.checks.claims_testable import claims_testable
from curie.rigor.checks.clocks_untouched import clocks_untouched
from curie.rigor.checks.comparisons_honest import comparisons_honest
from curie.rigor.checks.conditions_equal import conditions_equal
from curie.rigor.checks.control_complete import control_complete
from curie.rigor.checks.control_first import control_first
from curie.rigor.checks.control_present import control_present
from curie.rigor.checks.deterministic_repeats import deterministic_repeats
from curie.rigor.checks.digits_in_full import digits_in_full
from curie.rigor.checks.direction_agrees import direction_agrees
from curie.rigor.checks.effort_equal import effort_equal
from curie.rigor.checks.enough_levels import enough_levels
from curie.rigor.checks.errors_surface import errors_surface
from curie.rigor.checks.exploratory_told import exploratory_told
from curie.rigor.checks.factor_as_given import factor_as_given
from curie.rigor.checks.factor_asked import factor_asked
from curie.rigor.checks.factors_move import factors_move
from curie.rigor.checks.factors_read import factors_read
from curie.rigor.checks.factors_used import factors_used
from curie.rigor.checks.failures_not_guessed import failures_not_guessed
from curie.rigor.checks.files_pinned import files_pinned
from curie.rigor.checks.fresh_box_agrees import fresh_box_agrees
from curie.rigor.checks.host_quiet import host_quiet
from curie.rigor.checks.hypotheses_distinct import hypotheses_distinct
from curie.rigor.checks.inputs_demanded import inputs_demanded
from curie.rigor.checks.levels_named_right import levels_named_right
from curie.rigor.checks.limits_stated import limits_stated
from curie.rigor.checks.metrics_known import metrics_known
from curie.rigor.checks.metrics_reported import metrics_reported
from curie.rigor.checks.needs_met import needs_met
from curie.rigor.checks.no_drift import no_drift
from curie.rigor.checks.no_hidden_runs import no_hidden_runs
from curie.rigor.checks.no_way_out import no_way_out
from curie.rigor.checks.noise_as_planned import noise_as_planned
from curie.rigor.checks.nonces_return import nonces_return
from curie.rigor.checks.nothing_left_running import nothing_left_running
from curie.rigor.checks.nothing_remembered import nothing_remembered
from curie.rigor.checks.numbers_bound import numbers_bound
from curie.rigor.checks.one_setup import one_setup
from curie.rigor.checks.one_thing_at_a_time import one_thing_at_a_time
from curie.rigor.checks.only_varied_differs import only_varied_differs
from curie.rigor.checks.only_what_was_run import only_what_was_run
from curie.rigor.checks.open_stays_open import open_stays_open
from curie.rigor.checks.order_kept import order_kept
from curie.rigor.checks.outliers_told import outliers_told
from curie.rigor.checks.physically_possible import physically_possible
from curie.rigor.checks.plan_as_frozen import plan_as_frozen
from curie.rigor.checks.probes_measured import probes_measured
from curie.rigor.checks.probes_repeated import probes_repeated
from curie.rigor.checks.program_changed import program_changed
from curie.rigor.checks.program_declared import program_declared
from curie.rigor.checks.program_readable import program_readable
from curie.rigor.checks.question_covered import question_covered
from curie.rigor.checks.reach_kept import reach_kept
from curie.rigor.checks.reexecution_agrees import reexecution_agrees
from curie.rigor.checks.references_fit import references_fit
from curie.rigor.checks.references_known import references_known
from curie.rigor.checks.replicates_enough import replicates_enough
from curie.rigor.checks.result_is_last import result_is_last
from curie.rigor.checks.results_computed import results_computed
from curie.rigor.checks.results_unscaled import results_unscaled
from curie.rigor.checks.reviewer_trusts import reviewer_trusts
from curie.rigor.checks.seed_followed import seed_followed
from curie.rigor.checks.seed_moves import seed_moves
from curie.rigor.checks.seeds_differ import seeds_differ
from curie.rigor.checks.seeds_obeyed import seeds_obeyed
from curie.rigor.checks.seeds_shared import seeds_shared
from curie.rigor.checks.settings_allowed import settings_allowed
from curie.rigor.checks.sizes_agree import sizes_agree
from curie.rigor.checks.smaller_costs_less import smaller_costs_less
from curie.rigor.checks.stays_inside import stays_inside
from curie.rigor.checks.time_of_work import time_of_work
from curie.rigor.checks.timings_own import timings_own
from curie.rigor.checks.timings_possible import timings_possible
from curie.rigor.checks.told_as_planned import told_as_planned
from curie.rigor.checks.trial_starts_bare import trial_starts_bare
from curie.rigor.checks.trials_as_planned import trials_as_planned
from curie.rigor.checks.units_agree import units_agree
from curie.rigor.checks.used_box_agrees import used_box_agrees
from curie.rigor.checks.verdict_follows import verdict_follows
from curie.rigor.checks.verdict_told import verdict_told
from curie.rigor.checks.winners_agree import winners_agree
from curie.rigor.checks.work_counts import work_counts
from curie.rigor.evidence import Evidence

Check = Callable[[Any], Finding]
"""One pure function of a gate's evidence, named like its module."""

PROBED: tuple[Check, ...] = (
    probes_measured,
    nonces_return,
    metrics_reported,
    physically_possible,
    factors_move,
    seed_moves,
    fresh_box_agrees,
    inputs_demanded,
    used_box_agrees,
    smaller_costs_less,
    told_as_planned,
    nothing_left_running,
    timings_possible,
)
"""The checks that look at trials, not at texts: at the setup gate these are the probes."""

GATES: dict[GateName, tuple[Check, ...]] = {
    "plan": (
        program_declared,
        metrics_known,
        claims_testable,
        claims_refutable,
        hypotheses_distinct,
        settings_allowed,
        control_present,
        only_varied_differs,
        one_thing_at_a_time,
        factor_asked,
        question_covered,
        enough_levels,
        needs_met,
        replicates_enough,
        seeds_shared,
        alpha_sound,
        budget_suffices,
    ),
    "setup": (
        files_pinned,
        program_changed,
        program_readable,
        factors_read,
        factors_used,
        results_computed,
        errors_surface,
        clocks_untouched,
        seeds_obeyed,
        stays_inside,
        no_way_out,
        nothing_remembered,
        work_counts,
        best_not_kept,
        factor_as_given,
        levels_named_right,
        comparisons_honest,
        result_is_last,
        trial_starts_bare,
        seed_followed,
        time_of_work,
        units_agree,
        failures_not_guessed,
        results_unscaled,
        effort_equal,
        *PROBED,
        reviewer_trusts,
    ),
    "control": (
        control_complete,
        nonces_return,
        metrics_reported,
        physically_possible,
        deterministic_repeats,
        noise_as_planned,
        told_as_planned,
        nothing_left_running,
        timings_possible,
    ),
    "evidence": (
        plan_as_frozen,
        trials_as_planned,
        arms_complete,
        control_first,
        one_setup,
        boxes_fresh,
        nonces_return,
        metrics_reported,
        physically_possible,
        deterministic_repeats,
        seeds_differ,
        reexecution_agrees,
        host_quiet,
        outliers_told,
        conditions_equal,
        told_as_planned,
        nothing_left_running,
        probes_repeated,
        order_kept,
        no_hidden_runs,
        no_drift,
        timings_possible,
        timings_own,
        arms_own,
        digits_in_full,
    ),
    "answer": (
        numbers_bound,
        references_known,
        references_fit,
        claims_named,
        claims_answered,
        direction_agrees,
        sizes_agree,
        verdict_told,
        winners_agree,
        open_stays_open,
        verdict_follows,
        exploratory_told,
        only_what_was_run,
        causes_shown,
        reach_kept,
        limits_stated,
    ),
}
"""Which checks stand in which gate, in the order in which the report lists them."""


AFTER_CRASH: dict[GateName, Remedy] = {
    "plan": "again",
    "setup": "rebuild",
    "control": "rebuild",
    "evidence": "rebuild",
    "answer": "again",
}
"""What is tried where a check crashed: the thing that it crashed on is made anew."""


def judge(
    gate: GateName,
    evidence: Evidence,
    *,
    subject: str,
    round: int,  # noqa: A002 - the word of Verdict
    checks: Sequence[Check] | None = None,
    unasked: Mapping[str, str] | None = None,
) -> Verdict:
    """All findings of a gate on its evidence. Never raises: a check that crashes is an error.

    `checks` takes the place of the gate's own; one whose name is in `unasked` is skipped, with what
    stands there as the reason. Accepted means that no finding is `failed` or
    `error`; the remedy is the gravest that these ask for.
    """
    asked = GATES[gate] if checks is None else checks
    silent = unasked or {}
    findings = tuple(
        Finding(check=c.__name__, status="skipped", detail=silent[c.__name__])
        if c.__name__ in silent
        else _ask(c, evidence, gate)
        for c in asked
    )
    stopping = [f for f in findings if f.status in ("failed", "error")]
    return Verdict(
        gate=gate,
        subject=subject,
        round=round,
        findings=findings,
        accepted=not stopping,
        remedy=max((f.remedy for f in stopping), key=REMEDIES.index, default="none"),
    )


def _ask(check: Check, evidence: Evidence, gate: GateName) -> Finding:
    name = getattr(check, "__name__", type(check).__name__)
    try:
        found = check(evidence).but(check=name)
    except Exception as crash:  # noqa: BLE001 - a check that crashed is an error, never a pass
        return Finding(
            check=name,
            status="error",
            detail=f"the check crashed: {type(crash).__name__}: {str(crash)[:500]!r}",
            remedy=AFTER_CRASH[gate],
        )
    stops_without_remedy = found.status in ("failed", "error") and found.remedy == "none"
    return found.but(remedy=AFTER_CRASH[gate]) if stops_without_remedy else found
