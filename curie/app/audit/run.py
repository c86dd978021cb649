"""`curie audit`: a corpus, a choice of cases, and one audit or one with its ablations."""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from curie.app.audit.audit import Audit, Heard, audit, backend
from curie.app.audit.choose import Choice, chosen, corpus_folder
from curie.app.audit.corpus import load_corpus
from curie.app.audit.one_case import Rules
from curie.app.home import Home
from curie.app.settings import Settings
from curie.domain.errors import UsageError
from curie.sandbox.backends import Kind

ABLATIONS: tuple[tuple[str, ...], ...] = ((), ("intra",), ("inter",), ("intra", "inter"))
"""What is switched off in turn: nothing, each part, both."""


@dataclass(frozen=True)
class Wanted:
    """The options of an audit."""

    cases: Path | None = None
    choice: Choice = field(default_factory=Choice)
    sandbox: Kind = "process"
    without: tuple[str, ...] = ()
    ablations: bool = False


def run_audit(
    wanted: Wanted, settings: Settings, *, say: Callable[[str], None], heard: Heard
) -> tuple[Audit, ...]:
    """One audit; or, with ablations, one for each part that is switched off, the whole first.

    After Ctrl-C the audits so far, the last of them not complete. UsageError for a corpus that
    cannot be read or a choice that leaves nothing.
    """
    if wanted.ablations and wanted.without:
        raise UsageError("--ablations switches every part off in turn; leave --without out")
    cases = chosen(load_corpus(corpus_folder(wanted.cases)), wanted.choice)
    kind = backend(wanted.sandbox)
    done: list[Audit] = []
    for without in ABLATIONS if wanted.ablations else (wanted.without,):
        off = f", without {' and '.join(without)}" if without else ""
        say(f"{len(cases)} cases in the {kind} sandbox{off}")
        rules = Rules(kind, Home(settings.home).sandbox, without)
        done.append(audit(cases, rules, workers=settings.workers, heard=heard, say=say))
        if not done[-1].complete:
            break
    return tuple(done)
