"""Law: which form does the metric follow along a numeric factor, and with which parameter b."""

from dataclasses import dataclass

import numpy as np

from curie.domain.analysis import ClaimVerdict
from curie.domain.claim import Form, Law
from curie.stats.compare import Comparison, mean_of
from curie.stats.forms import FORMS, FORMULAS, Fit, fit
from curie.stats.intervals import Floats
from curie.stats.ordered import page
from curie.stats.scan import Scan, blocks, numeric, scan_of
from curie.stats.tested import Case, Conclusion, Tested, refuse

LEAST_LEVELS = 5

_CLEAR = 2.0
"""AICc differences below this do not tell forms apart (Burnham and Anderson 2002, section 2.6)."""

_HOPELESS = 10.0
"""A form that is worse by more than this has essentially no support (same source)."""

_NO_DEPENDENCE = "no dependence seen"


@dataclass(frozen=True)
class _Finding:
    """What follows for a law. `p` is None where the values do not vary."""

    shown: Fit
    p: float | None
    sure: Conclusion
    unsure: Conclusion
    interval: tuple[float, float]
    notes: tuple[str, ...]
    method: str


def test(claim: Law, case: Case) -> Tested:
    """Every form against every other, by how well it predicts a seed that it was not fitted to.

    That the metric depends on the factor at all is tested by Page's trend test: all forms
    rise or fall throughout. A form is out if another predicts better, by a paired t-test over the
    seeds. Form given: supported if all others are out, refuted if it is out itself. Open: supported
    if the best form is the only one left. With `low` and `high`, b's interval must lie inside;
    outside refutes. No form is supported if the means lie clearly off its curve, by more than the
    smallest effect that matters. Values without noise are compared by AICc instead, without a p.
    """
    scan = scan_of(claim, case, factor=claim.factor, least=LEAST_LEVELS)
    unit = case.metric(claim.metric).unit
    problem = scan.problem
    if problem is None and not numeric(scan.levels):
        problem = f"the levels of {claim.factor} are no numbers"
    if problem is None and not (scan.exact or scan.paired):
        problem = "the levels were not measured at the same seeds, so forms cannot be compared"
    fits: list[Fit] = []
    if problem is None:
        fits = _fits(scan)
        problem = _fit_problem(claim, fits, scan)
    if problem:
        return refuse(
            problem, effect="parameter b", unit=unit, notes=scan.notes, samples=scan.samples
        )
    found = _exact(claim, fits, scan) if scan.exact else _noisy(claim, case, scan, fits)
    return Tested(
        effect=f"parameter b of {_formula(found.shown)}",
        unit=_unit(claim, case, found.shown),
        estimate=found.shown.b,
        low=found.interval[0],
        high=found.interval[1],
        p=found.p,
        method=found.method,
        notes=(*scan.notes, *found.notes),
        samples=scan.samples,
        sure=found.sure,
        unsure=found.unsure,
    )


def _fits(scan: Scan) -> list[Fit]:
    x = np.array([float(v) for v in scan.levels])
    found = (fit(form, x, np.array(scan.means)) for form in FORMS)
    return [f for f in found if f is not None]


def _fit_problem(claim: Law, fits: list[Fit], scan: Scan) -> str | None:
    if float(np.ptp(scan.means)) == 0:
        return f"{claim.metric} is the same at every level"
    if claim.form is not None and all(f.form != claim.form for f in fits):
        return f"{FORMULAS[claim.form]} cannot be fitted to these points"
    return None if fits else "no form can be fitted to these points"


# --- values without noise ------------------------------------------------------------------------


def _exact(claim: Law, fits: list[Fit], scan: Scan) -> _Finding:
    fits = sorted((f for f in fits if np.isfinite(f.aicc)), key=lambda f: f.aicc) or fits
    null = fit(None, np.zeros(len(scan.means)), np.array(scan.means))
    assert null is not None, "there are five levels at least"
    best = fits[0]
    shown = next((f for f in fits if f.form == claim.form), best)
    tied = [f for f in fits if f.aicc - best.aicc < _CLEAR]
    found = _names(tied)
    verdict: ClaimVerdict = "inconclusive"
    if null.aicc - best.aicc < _CLEAR:
        found = _NO_DEPENDENCE
    elif claim.form is None:
        verdict = "supported" if len(tied) == 1 else "inconclusive"
    else:
        worse = shown.aicc - best.aicc
        if worse > _HOPELESS or _outside(claim, (shown.b, shown.b)):
            verdict = "refuted"
        elif worse <= _CLEAR and _inside(claim, (shown.b, shown.b)):
            verdict = "supported"
    table = ", ".join(f"{f.form} +{f.aicc - best.aicc:.1f}" for f in fits[1:])
    conclusion = Conclusion(verdict, found)
    return _Finding(
        shown,
        None,
        conclusion,
        conclusion,
        (shown.b, shown.b),
        (
            f"best form: {best.form}, R² {best.r2:.4f}",
            f"AICc above the best: {table}, no dependence +{null.aicc - best.aicc:.1f}",
            *_missing(fits),
        ),
        "least squares, forms compared by AICc; the values do not vary",
    )


# --- values with noise ---------------------------------------------------------------------------


def _noisy(claim: Law, case: Case, scan: Scan, fits: list[Fit]) -> _Finding:
    table = np.column_stack(blocks(scan))
    depends = min(1.0, 2 * min(page(blocks(scan))))
    losses = {f.form: _losses(f, table) for f in fits}
    best = min(fits, key=lambda f: float(losses[f.form].mean()))
    shown = next((f for f in fits if f.form == claim.form), best)
    behind = {
        f.form: _worse(losses[f.form], losses[best.form], case) for f in fits if f is not best
    }
    left = [f for f in fits if f is best or behind[f.form] > case.share]
    interval = _interval(shown, table, case)
    rivals = max(behind.values(), default=0.0)
    if claim.form is None:
        p, verdict = len(FORMS) * rivals, "supported"
    elif shown is best:
        p, verdict = rivals, "supported"
    else:
        p, verdict = len(FORMS) * behind[shown.form], "refuted"
    p = min(1.0, max(p, depends))
    off = ""
    if p <= case.alpha:
        off = _misfit(shown, table, case, share=case.metric(claim.metric).smallest_effect_share)
    sure = _concluded(claim, verdict, interval, off=off, left=left)
    found = _names(left) if depends <= case.share else _NO_DEPENDENCE
    return _Finding(
        shown,
        p,
        sure,
        Conclusion("inconclusive", found),
        (interval.low, interval.high),
        (*_told(fits, losses, best, off), *_missing(fits)),
        "least squares on the means; forms compared by leaving out one seed, paired t-test; Page's "
        f"test of any dependence; interval of b over the seeds: {interval.method}",
    )


def _losses(fitted: Fit, table: Floats) -> Floats:
    """Squared error, by seed, of the curve that the other seeds give (to first order)."""
    n = len(table)
    away = table - table.mean(axis=0)
    without = fitted.curve - away @ fitted.hat.T / (n - 1)
    losses: Floats = ((table - without) ** 2).sum(axis=1)
    return losses


def _worse(losses: Floats, best: Floats, case: Case) -> float:
    """P that a form predicts worse than the best one."""
    d = losses - best
    scale = float(np.abs(losses).max())
    return _over_seeds(d, scale, case).above


def _interval(fitted: Fit, table: Floats, case: Case) -> Comparison:
    """B and its interval: each seed pulls it in its own direction, and these vary over seeds.

    So whatever the levels of one seed share, and however the noise grows along the factor, is in.
    """
    each = fitted.b + (table - table.mean(axis=0)) @ fitted.pull
    return _over_seeds(each, float(np.abs(each).max()), case)


def _misfit(fitted: Fit, table: Floats, case: Case, *, share: float) -> str:
    """A level whose mean lies surely off the curve by more than the smallest effect, if any."""
    levels = table.shape[1]
    for place in range(levels):
        at = float(fitted.curve[place])
        d = table[:, place] - at
        confidence = 1 - case.alpha / levels
        seen = _over_seeds(d, float(np.abs(table).max()), case, confidence=confidence)
        if max(seen.low, -seen.high) > share * abs(at):
            return f"the means lie off the curve at level {place + 1}"
    return ""


def _over_seeds(
    values: Floats, scale: float, case: Case, *, confidence: float | None = None
) -> Comparison:
    return mean_of(
        values,
        scale=scale,
        declared=0.0,
        what="one-sample",
        confidence=confidence or case.confidence,
        dice=case.dice,
    )


def _concluded(
    claim: Law, verdict: str, interval: Comparison, *, off: str, left: list[Fit]
) -> Conclusion:
    names = _names(left)
    ends = (interval.low, interval.high)
    if verdict == "refuted":
        return Conclusion("refuted", names)
    if off:
        return Conclusion("inconclusive", "no form fits")
    if claim.form is not None and _outside(claim, ends):
        return Conclusion("refuted", names)
    if claim.form is not None and not _inside(claim, ends):
        return Conclusion("inconclusive", names)
    return Conclusion("supported", names)


def _told(
    fits: list[Fit], losses: dict[Form | None, Floats], best: Fit, off: str
) -> tuple[str, ...]:
    least = float(losses[best.form].mean())
    others = ", ".join(
        f"{f.form} {float(losses[f.form].mean()) / least:.3g}x" if least > 0 else str(f.form)
        for f in fits
        if f is not best
    )
    notes = [f"best form: {best.form}, R² of the means {best.r2:.4f}"]
    notes.append(f"error in predicting a seed left out, beside the best form's: {others}")
    return (*notes, off) if off else tuple(notes)


def _outside(claim: Law, interval: tuple[float, float]) -> bool:
    return (claim.high is not None and interval[0] > claim.high) or (
        claim.low is not None and interval[1] < claim.low
    )


def _inside(claim: Law, interval: tuple[float, float]) -> bool:
    return (claim.low is None or interval[0] >= claim.low) and (
        claim.high is None or interval[1] <= claim.high
    )


def _names(fits: list[Fit]) -> str:
    return ", ".join(str(f.form) for f in fits)


def _missing(fits: list[Fit]) -> tuple[str, ...]:
    missing = [form for form in FORMS if all(f.form != form for f in fits)]
    if not missing:
        return ()
    return (f"not fitted (too few points, or values at or below 0): {', '.join(missing)}",)


def _formula(shown: Fit) -> str:
    return FORMULAS[shown.form] if shown.form is not None else "y = a"


def _unit(claim: Law, case: Case, shown: Fit) -> str:
    """The unit of b: that of the metric, per unit of x where b multiplies x."""
    unit = case.metric(claim.metric).unit
    factor = case.plan.factor(claim.factor)
    per = factor.unit if factor else ""
    match shown.form:
        case "power":
            return ""
        case "exponential":
            return f"1/{per}" if per else ""
        case "linear":
            return f"{unit}/{per}" if per else unit
        case _:
            return unit
