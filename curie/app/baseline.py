"""A question answered by one model alone: to compare with, and to be read as such."""

from collections.abc import Sequence

from curie.agents.baseline import ModelBaseline
from curie.app.request import Approve, Request
from curie.app.settings import Settings
from curie.app.wiring import model_of, open_deps
from curie.domain.dossier import Closed
from curie.domain.errors import INTERRUPTED, CurieError, UsageError
from curie.domain.setup import SourceFile
from curie.graph.baseline import run_alone
from curie.graph.state import Event, Watch
from curie.prompts import PromptBook, prompts_folder
from curie.store import Ledger


def check_baseline(request: Request, approve: Approve | None) -> None:
    """UsageError for what a baseline cannot have: roles, a plan to approve, no model."""
    if request.model == "builtin":
        raise UsageError(
            "--agent baseline: it is a language model, and none was named; add --model openai/NAME"
        )
    if request.roles:
        raise UsageError("--agent baseline: it has one model and no roles; leave --role out")
    if approve is not None:
        raise UsageError("--agent baseline: it freezes no plan; leave --approve out")


def answer_alone(
    run: str,
    request: Request,
    settings: Settings,
    *,
    ledger: Ledger,
    files: Sequence[SourceFile],
    watch: Watch,
) -> None:
    """Take a baseline's run to its end. What stops it ends it: its box is gone, so is its work."""
    try:
        model = model_of(
            "baseline",
            run,
            request,
            settings,
            ledger=ledger,
            say=lambda text: watch.tell(Event("prepare", text)),
        )
        assert model is not None, "check_baseline refuses a run without one"
        with open_deps(
            run, request, settings, ledger=ledger, files=files, watch=watch, approve=None
        ) as deps:
            run_alone(deps, ModelBaseline(model, PromptBook(prompts_folder())))
    except (CurieError, KeyboardInterrupt) as error:
        code = error.exit_code if isinstance(error, CurieError) else INTERRUPTED
        ledger.writer(run, "loop").add(Closed(how="gave_up", exit_code=code))
        raise
