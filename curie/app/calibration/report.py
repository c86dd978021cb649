"""A calibration as Markdown: what was promised, what was kept, and where it was closest."""

from collections.abc import Sequence
from pathlib import Path

from curie.app.calibration.noise import FAMILIES
from curie.app.calibration.results import (
    ALPHA,
    LARGEST_FALSE_POSITIVE,
    LEAST_COVERAGE,
    POWER_SLACK,
    Calibration,
    Measured,
)
from curie.domain.wording import percent

_HEAD = """# Do the verdicts keep their error rates?

Made-up experiments whose truth is known, judged by the analysis that judges real trials:
{many} without an effect and as many with one in each of {cells} cells (seed {seed}). A cell is a
kind of claim, a family of noise, a number of replicates, and whether the plan may stop early at
half of them. The effect of a cell is the smallest for which a plan of its size promises its power.
Made by `curie calibrate --runs {runs} --report DIR`; every cell, with its number of experiments,
is in `calibration.json`.

| Promise | Worst of {accepted} accepted cells | Kept |
|:--|:--|:--|
| false positives {alpha}, on average | {mean} | {mean_kept} |
| … in no cell above {largest} | {errs} ({errs_cell}) | {errs_kept} |
| … in none significantly above {alpha} (Holm at 1 %) | {significant} | {significant_kept} |
| nominal 95 % intervals cover at least {least} | {covers} ({covers_cell}) | {covers_kept} |
| power at most {slack} points short | {short} points ({short_cell}) | {short_kept} |
"""

_NOTES = """
*false +* is the share of definite verdicts where there is nothing to find (or, for an equivalence,
a flat trend and a threshold, just what must not be called found). *coverage* is the lower of the
two truths. *power* is what was found of an effect of the promised size; *(said)* where the program
told in at least half of the experiments that the noise is not as its plan assumed and that it
widened, so that its promise of power does not count. *refused*: the program tests no such
experiment and says why. Intervals of a claim that names levels, such as Best, allow for having
picked them, so they cover more than 95 %.

Not tried here: arms that share the noise of their seed (the plan counts on none, so power is then
higher), unpaired arms, missing trials, noise of other families than these: {families}.
"""


def markdown(found: Calibration) -> str:
    """The report, without a figure."""
    worst = found.worst
    parts = [
        _HEAD.format(
            runs=found.runs,
            many=_many(found),
            cells=worst.cells,
            accepted=worst.accepted,
            seed=found.seed,
            alpha=percent(ALPHA),
            mean=percent(worst.false_positive_mean),
            mean_kept=_kept(worst.false_positive_mean <= ALPHA),
            largest=percent(LARGEST_FALSE_POSITIVE),
            errs=percent(worst.false_positive),
            errs_cell=worst.false_positive_cell,
            errs_kept=_kept(worst.false_positive <= LARGEST_FALSE_POSITIVE),
            significant="; ".join(worst.significant) or "none",
            significant_kept=_kept(not worst.significant),
            least=percent(LEAST_COVERAGE),
            covers=percent(worst.coverage),
            covers_cell=worst.coverage_cell,
            covers_kept=_kept(worst.coverage >= LEAST_COVERAGE),
            slack=f"{100 * POWER_SLACK:g}",
            short=f"{100 * worst.power_short:.1f}",
            short_cell=worst.power_short_cell,
            short_kept=_kept(worst.power_short <= POWER_SLACK),
        )
    ]
    claims = dict.fromkeys(c.claim for c in found.cells)
    parts += [_table(claim, [c for c in found.cells if c.claim == claim]) for claim in claims]
    parts.append(_NOTES.format(families=", ".join(FAMILIES)))
    return "\n".join(parts)


def write(found: Calibration, folder: Path) -> Path:
    """The report and its figures as JSON, in a folder; the path of the report."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "calibration.json").write_text(found.model_dump_json(indent=1), encoding="utf-8")
    path = folder / "report.md"
    path.write_text(markdown(found), encoding="utf-8")
    return path


def _table(claim: str, cells: Sequence[Measured]) -> str:
    """One claim: the worst of its families at each number of replicates."""
    rows = [
        f"\n## {claim[0].upper()}{claim[1:]}\n",
        "| n | false + (worst) | coverage (worst) | power | promised | replicates used |",
        "|--:|:--|:--|:--|--:|--:|",
    ]
    for n, adaptive in dict.fromkeys((c.n, c.adaptive) for c in cells):
        rows.append(_row([c for c in cells if (c.n, c.adaptive) == (n, adaptive)]))
    return "\n".join(rows)


def _row(cells: Sequence[Measured]) -> str:
    first = cells[0]
    label = f"{first.n}, may stop early" if first.adaptive else str(first.n)
    tested = [c for c in cells if c.accepted]
    refused = [c.family for c in cells if not c.accepted]
    if not tested:
        return f"| {label} | refused | | | | |"
    errs = max(tested, key=lambda c: c.false_positive)
    covers = min(tested, key=lambda c: c.coverage)
    power = ", ".join(
        f"{c.family} {c.power:.2f}{' (said)' if c.warned_share >= 0.5 else ''}" for c in tested
    )
    used = sum(c.replicates for c in tested) / len(tested)
    gone = f"; refused: {', '.join(refused)}" if refused else ""
    return (
        f"| {label} | {percent(errs.false_positive)} ({errs.family}){gone} "
        f"| {percent(covers.coverage)} ({covers.family}) | {power} | {first.power_promised:.2f} "
        f"| {used:.1f} |"
    )


def _many(found: Calibration) -> str:
    """How many experiments the cells had: one number, or each with its claims."""
    claims: dict[int, dict[str, None]] = {}
    for cell in found.cells:
        claims.setdefault(cell.experiments, {})[cell.claim] = None
    if len(claims) == 1:
        return f"{next(iter(claims)):,}"
    parts = (f"{count:,} ({', '.join(names)})" for count, names in claims.items())
    return " or ".join(parts)


def _kept(kept: bool) -> str:
    return "yes" if kept else "**no**"
