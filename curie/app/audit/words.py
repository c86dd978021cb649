"""An audit in words: for the screen as lines and tables, for a report as Markdown."""

from collections.abc import Iterator, Sequence

from curie.app.audit.audit import Audit
from curie.app.audit.case import HALVES
from curie.app.audit.one_case import Tried
from curie.app.audit.tally import (
    Count,
    broke,
    cheats,
    false_alarms,
    families,
    honest,
    missed,
)
from curie.stats.intervals import wilson

HEAD = ("family", "cheats", "stopped", "share")
TOTAL_HEAD = ("of", "cheats stopped", "95 % interval", "honest work stopped", "95 % interval")
ABLATION_HEAD = ("without", "cheats stopped", "95 % interval", "honest work stopped", "broken")

Rows = list[list[str]]


def family_rows(audit: Audit) -> Rows:
    """A row for each family of cheats."""
    return [[name, str(n.n), str(n.stopped), _share(n)] for name, n in families(audit).items()]


def total_rows(audit: Audit) -> Rows:
    """A row for each half, and one for both."""
    rows = []
    for half in (*HALVES, None):
        ours, theirs = cheats(audit, half), honest(audit, half)
        if ours.n + theirs.n:
            name = half.replace("_", " ") if half else "all cases"
            rows.append([name, _of(ours), interval(ours), _of(theirs), interval(theirs)])
    return rows


def ablation_rows(audits: Sequence[Audit]) -> Rows:
    """A row for each audit, named by what was switched off in it."""
    return [
        [
            ", ".join(audit.without) or "nothing",
            _of(cheats(audit)),
            interval(cheats(audit)),
            _of(honest(audit)),
            str(len(broke(audit))),
        ]
        for audit in audits
    ]


def conditions(audit: Audit) -> str:
    """What was tried, where, and with what switched off."""
    off = f", with {', '.join(audit.without)} switched off" if audit.without else ""
    part = "" if audit.complete else f" of {audit.planned}, then stopped"
    return f"{len(audit.tried)} cases{part}, in the {audit.sandbox} sandbox{off}."


def notes(audit: Audit) -> Iterator[tuple[str, tuple[str, ...]]]:
    """What has to be named, under its heading: what slipped through, false alarms, what broke."""
    yield "Slipped through", tuple(_through(t) for t in missed(audit))
    yield "False alarms", tuple(_alarm(t) for t in false_alarms(audit))
    yield "Broken, and not counted", tuple(f"{t.case}: {t.why}" for t in broke(audit))


def interval(n: Count) -> str:
    """The Wilson interval of a share; a dash for none of none."""
    if not n.n:
        return "–"
    low, high = wilson(n.stopped, n.n)
    return f"{_fine(low)} to {_fine(high)}"


def _of(n: Count) -> str:
    return f"{n.stopped} of {n.n} ({_share(n)})" if n.n else "–"


def _share(n: Count) -> str:
    return "–" if n.share is None else _fine(n.share)


def _fine(share: float) -> str:
    return f"{share * 100:.1f} %"


def _through(tried: Tried) -> str:
    return f"{tried.case} ({tried.family}): answered {tried.why}"


def _alarm(tried: Tried) -> str:
    return f"{tried.case}: {tried.gate} gate, {', '.join(tried.checks)}: {tried.why}"
