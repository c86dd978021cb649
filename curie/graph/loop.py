"""The loop, on LangGraph: one node a step, one edge function, a cursor that survives a crash."""

import sqlite3
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol

from langchain_core.runnables import RunnableConfig
from langgraph.checkpoint.sqlite import SqliteSaver
from langgraph.graph import END, START, StateGraph
from langgraph.runtime import Runtime

from curie.graph import answer_steps, design_steps, trial_steps
from curie.graph.moves import leads
from curie.graph.state import Cursor, Deps, Move, StepName, start

Step = Callable[[Cursor, Deps], Move]

STEPS: dict[StepName, Step] = {
    "plan": design_steps.plan,
    "vet_plan": design_steps.vet_plan,
    "approve": design_steps.approve,
    "freeze": design_steps.freeze,
    "prepare": trial_steps.prepare,
    "probe": trial_steps.probe,
    "vet_setup": trial_steps.vet_setup,
    "control": trial_steps.control,
    "vet_control": trial_steps.vet_control,
    "treat": trial_steps.treat,
    "reexecute": trial_steps.reexecute,
    "vet_evidence": trial_steps.vet_evidence,
    "analyse": answer_steps.analyse,
    "conclude": answer_steps.conclude,
    "vet_answer": answer_steps.vet_answer,
    "close": answer_steps.close,
    "give_up": answer_steps.give_up,
}
"""Every step of the loop. Where each may lead is in `moves`."""

LONGEST = 400
"""Steps of one run at most: more than all ways back and looks can take."""


def run(deps: Deps, checkpoints: Path) -> None:
    """Take a run to its end, from the start or from where it was interrupted."""
    with _saver(checkpoints) as saver:
        graph = build(STEPS).compile(checkpointer=saver)
        config: RunnableConfig = {
            "configurable": {"thread_id": deps.run},
            "recursion_limit": LONGEST,
        }
        begun = graph.get_state(config).values
        graph.invoke(
            None if begun else start(deps.ways_back), config, context=deps, durability="sync"
        )


def build(steps: Mapping[StepName, Step]) -> StateGraph[Cursor, Deps, Cursor, Cursor]:
    """The graph of these steps, none of which can lead where `moves` does not let it."""
    graph = StateGraph(Cursor, context_schema=Deps)
    for name, step in steps.items():
        graph.add_node(name, _node(step))
    graph.add_conditional_edges(START, _next, _nodes(steps))
    for name in steps:
        graph.add_conditional_edges(name, _next, _nodes(leads(name)))
    return graph


def _nodes(steps: Iterable[StepName]) -> dict[Hashable, str]:
    """The nodes of some steps, for an edge: one that leads elsewhere is an error."""
    return {name: END if name == "end" else name for name in steps}


def _node(step: Step) -> "NodeWithRuntime":
    def node(state: Cursor, *, runtime: Runtime[Deps]) -> Move:
        return step(state, runtime.context)

    return node


def _next(cursor: Cursor) -> StepName:
    return cursor["step"]


class NodeWithRuntime(Protocol):
    """How LangGraph calls a node that wants the run's tools."""

    def __call__(self, state: Cursor, *, runtime: Runtime[Deps]) -> Move:
        """One step."""
        ...


@contextmanager
def _saver(path: Path) -> Iterator[SqliteSaver]:
    """The checkpoints of all runs in one file that only its owner can read."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.touch(mode=0o600)
    connection = sqlite3.connect(path, check_same_thread=False, timeout=30)
    try:
        yield SqliteSaver(connection)
    finally:
        connection.close()
