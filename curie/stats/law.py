"""Law: which form does the metric follow along a numeric factor, and with which parameter b."""

import numpy as np

from curie.domain.claim import Law
from curie.stats.forms import FORMS, FORMULAS, Fit, fit
from curie.stats.intervals import Floats
from curie.stats.scan import Scan, numeric, scan_of
from curie.stats.tested import Case, Conclusion, Tested, refuse

LEAST_LEVELS = 5

_CLEAR = 2.0
"""AICc differences below this do not tell forms apart (Burnham and Anderson 2002, section 2.6)."""

_HOPELESS = 10.0
"""A form that is worse by more than this has essentially no support (same source)."""


def test(claim: Law, case: Case) -> Tested:
    """Forms compared by AICc over all points; no p-value, so no correction over the family.

    Open: supported if the best form beats the second by 2. Form given: supported if no form beats
    it by more than 2, refuted if one does by more than 10. Every form must first beat "does not
    depend on the factor" by 2. With `low` and `high`, b's interval must lie inside; outside
    refutes. A form fits best among five, which does not make it true: see R² in the notes.
    """
    scan = scan_of(claim, case, factor=claim.factor, least=LEAST_LEVELS)
    unit = case.metric(claim.metric).unit
    problem = scan.problem
    if problem is None and not numeric(scan.levels):
        problem = f"the levels of {claim.factor} are no numbers"
    fits: list[Fit] = []
    null: Fit | None = None
    if problem is None:
        x, y = _points(scan)
        null = fit(None, x, y, confidence=case.confidence)
        found = (fit(form, x, y, confidence=case.confidence) for form in FORMS)
        fits = sorted((f for f in found if f is not None), key=lambda f: f.aicc)
        problem = _fit_problem(claim, fits, y)
    if problem or null is None:
        why = problem or "too few points to fit anything"
        return refuse(why, effect="parameter b", unit=unit, notes=scan.notes, samples=scan.samples)
    return _tested(claim, case, scan, fits, null)


def _tested(claim: Law, case: Case, scan: Scan, fits: list[Fit], null: Fit) -> Tested:
    shown = next((f for f in fits if f.form == claim.form), fits[0])
    conclusion = _conclude(claim, fits, null, shown)
    return Tested(
        effect=f"parameter b of {_formula(shown)}",
        unit=_unit(claim, case, shown),
        estimate=shown.b,
        low=shown.low,
        high=shown.high,
        method="least squares, forms compared by AICc, Wald interval of b",
        notes=(*scan.notes, *_notes(fits, null)),
        samples=scan.samples,
        sure=conclusion,
        unsure=conclusion,
    )


def _points(scan: Scan) -> tuple[Floats, Floats]:
    """All values; one a level if they do not vary, because copies are no further evidence."""
    pairs = [
        (float(sample.level), float(value))
        for sample in scan.samples
        if isinstance(sample.level, int | float)
        for value in (sample.values[:1] if scan.exact else sample.values)
    ]
    return np.array([x for x, _ in pairs]), np.array([y for _, y in pairs])


def _fit_problem(claim: Law, fits: list[Fit], y: Floats) -> str | None:
    if float(np.ptp(y)) == 0:
        return f"{claim.metric} is the same at every level"
    if claim.form is not None and all(f.form != claim.form for f in fits):
        return f"{FORMULAS[claim.form]} cannot be fitted to these points"
    return None if fits else "no form can be fitted to these points"


def _conclude(claim: Law, fits: list[Fit], null: Fit, shown: Fit) -> Conclusion:
    best = fits[0]
    tied = [f for f in fits if f.aicc - best.aicc < _CLEAR]
    found = ", ".join(str(f.form) for f in tied)
    if null.aicc - best.aicc < _CLEAR:
        return Conclusion("inconclusive", "no dependence seen")
    if claim.form is None:
        return Conclusion("supported" if len(tied) == 1 else "inconclusive", found)
    worse = shown.aicc - best.aicc
    if worse > _HOPELESS or _outside(claim, shown):
        return Conclusion("refuted", found)
    supported = worse <= _CLEAR and _inside(claim, shown)
    return Conclusion("supported" if supported else "inconclusive", found)


def _outside(claim: Law, shown: Fit) -> bool:
    return (claim.high is not None and shown.low > claim.high) or (
        claim.low is not None and shown.high < claim.low
    )


def _inside(claim: Law, shown: Fit) -> bool:
    return (claim.low is None or shown.low >= claim.low) and (
        claim.high is None or shown.high <= claim.high
    )


def _notes(fits: list[Fit], null: Fit) -> tuple[str, ...]:
    best = fits[0]
    table = ", ".join(f"{f.form} +{f.aicc - best.aicc:.1f}" for f in (*fits[1:],))
    missing = [form for form in FORMS if all(f.form != form for f in fits)]
    notes = [
        f"best form: {best.form}, R² {best.r2:.4f}",
        f"AICc above the best: {table}, no dependence +{null.aicc - best.aicc:.1f}",
    ]
    if missing:
        notes.append(f"not fitted (too few points, or values at or below 0): {', '.join(missing)}")
    return tuple(notes)


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
