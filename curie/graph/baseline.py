"""The baseline's run: one role in one box, and no step of the loop."""

from curie.agents.baseline import COMMAND_LIMIT_S, ModelBaseline, Worked
from curie.agents.briefs import BaselineBrief
from curie.domain.answer import Answer, Sentence
from curie.domain.command import Command
from curie.domain.dossier import Chosen, Closed
from curie.domain.errors import REJECTED, ModelMisbehaved
from curie.domain.fact import canonical_json
from curie.domain.outcome import CONTRACT_VERSION
from curie.domain.plan import defaults_of
from curie.domain.setup import Setup
from curie.domain.system import System
from curie.graph.state import Deps, Shelf
from curie.graph.trials import check_time
from curie.sandbox.box import Box, BoxSpec
from curie.sandbox.lasting import LastingBox

WORKBENCH = "workbench"
"""Where the baseline works when no system is named."""
NO_PLAN = "none"
"""What a setup of the baseline has for a plan."""


def run_alone(deps: Deps, baseline: ModelBaseline) -> None:
    """Have the model answer by itself; everything that it did becomes a fact.

    What it says is written down as it says it: no plan, no check, no test. Where it never answers,
    the run gives up.
    """
    shelf = deps.shelves[0] if len(deps.shelves) == 1 else deps.shelf(WORKBENCH)
    loop = deps.ledger.writer(deps.run, "loop")
    writer = deps.ledger.writer(deps.run, "baseline")
    loop.add(Chosen(system=shelf.system, manifest_sha256=shelf.manifest_sha256))
    setup = _setup(deps, shelf)
    writer.add(setup)
    box = LastingBox(lambda: deps.sandbox.open(_spec(deps, shelf, setup)))
    try:
        worked = _work(deps, baseline, shelf.system, box)
    except ModelMisbehaved as error:
        loop.add(_gave_up(error))
        loop.add(Closed(how="gave_up", exit_code=REJECTED))
        return
    finally:
        box.close()
    if worked.files != setup.files:
        writer.add(setup.but(id="s2", files=worked.files))
    writer.add(worked.answer)
    loop.add(Closed(how="answered", exit_code=0))


def _work(deps: Deps, baseline: ModelBaseline, system: System, box: Box) -> Worked:
    dossier = deps.dossier()
    writer = deps.ledger.writer(deps.run, "baseline")

    def record(command: Command) -> None:
        writer.add(command)
        deps.tell("prepare", f"the baseline ran its command {command.number}")

    if system.brings_program:
        box.write("config.json", _config(system, box.dataset_path))
    brief = BaselineBrief(
        question=dossier.question,
        system=system,
        files=deps.workspace,
        actions_left=1,
        commands_left=dossier.question.budget.trials,
        command_limit_s=COMMAND_LIMIT_S,
        dataset=box.dataset_path,
    )
    return baseline.work(brief, box, record=record, on_time=lambda: check_time(deps))


def _setup(deps: Deps, shelf: Shelf) -> Setup:
    deps.tell("prepare", f"building what {shelf.system.name} runs in")
    dataset = deps.dossier().question.dataset
    return Setup(
        id="s1",
        plan=NO_PLAN,
        system=shelf.system.name,
        argv=(),
        files=deps.workspace,
        image=deps.sandbox.build(shelf.system, shelf.folder),
        posture=deps.sandbox.posture(),
        host=deps.host,
        time_limit_s=COMMAND_LIMIT_S,
        written_by="baseline",
        dataset_sha256=dataset.sha256 if dataset else None,
    )


def _spec(deps: Deps, shelf: Shelf, setup: Setup) -> BoxSpec:
    return BoxSpec(
        run=deps.run,
        image=setup.image,
        resources=shelf.system.resources,
        time_limit_s=setup.time_limit_s,
        files=setup.files,
        dataset=deps.dataset,
    )


def _config(system: System, dataset: str | None) -> bytes:
    """A config.json to begin with: every factor at its default."""
    config = {
        "version": CONTRACT_VERSION,
        "system": system.name,
        "seed": 1,
        "nonce": "any",
        "settings": {s.factor: s.level for s in defaults_of(system.factors)},
        "dataset": dataset,
    }
    return canonical_json(config).encode()


def _gave_up(error: ModelMisbehaved) -> Answer:
    return Answer(
        id="a1",
        verdict="gave_up",
        limits=(str(error),),
        sentences=(Sentence(text="No answer: the baseline gave none, and nothing is claimed."),),
    )
