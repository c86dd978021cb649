"""The schedule, against a closed form, against networkx, and against the published package."""

import itertools

import networkx as nx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from lowtime.operation import CandidateExecutionOptions, ExecutionOption, OperationSpec
from lowtime.perseus.instruction import Backward, Forward
from lowtime.perseus.schedule import Synchronous1F1B

from sandboxes.perseus.pipeline import Op, one_f_one_b

sizes = {"stages": st.integers(1, 8), "microbatches": st.integers(1, 12)}


def stage_orders(pipeline):
    orders = [[] for _ in range(pipeline.stages)]
    for op in pipeline.ops:
        orders[op.stage].append((op.direction, op.microbatch))
    return orders


@pytest.fixture(scope="module")
def published_spec():
    option = ExecutionOption(real_time=1.0, unit_time=1.0, cost=1.0, knob=1)
    return OperationSpec(options=CandidateExecutionOptions(options=[option]), cost_model=None)


@given(**sizes)
def test_every_stage_works_forward_and_backward_on_every_microbatch_once(stages, microbatches):
    pipeline = one_f_one_b(stages, microbatches)
    wanted = {
        Op(s, m, d)
        for s in range(stages)
        for m in range(microbatches)
        for d in ("forward", "backward")
    }
    assert len(pipeline.ops) == len(wanted)
    assert set(pipeline.ops) == wanted


@given(**sizes)
def test_nothing_runs_before_what_it_needs(stages, microbatches):
    pipeline = one_f_one_b(stages, microbatches)
    for i, (op, before) in enumerate(zip(pipeline.ops, pipeline.before, strict=True)):
        assert all(j < i for j in before)
        needs = {pipeline.ops[j] for j in before}
        if op.direction == "forward" and op.stage > 0:
            assert Op(op.stage - 1, op.microbatch, "forward") in needs
        if op.direction == "backward" and op.stage < stages - 1:
            assert Op(op.stage + 1, op.microbatch, "backward") in needs


@given(**sizes, forward=st.integers(1, 9), backward=st.integers(1, 9))
def test_equal_stages_take_the_time_of_the_closed_form(stages, microbatches, forward, backward):
    pipeline = one_f_one_b(stages, microbatches)
    times = [forward if op.direction == "forward" else backward for op in pipeline.ops]
    # The bubble of 1F1B is (stages - 1) forwards and backwards (Narayanan et al., SC'21).
    assert pipeline.makespan(times) == (microbatches + stages - 1) * (forward + backward)


@given(**sizes, data=st.data())
def test_the_critical_path_is_the_longest_that_networkx_finds(stages, microbatches, data):
    pipeline = one_f_one_b(stages, microbatches)
    count = len(pipeline.ops)
    times = data.draw(st.lists(st.integers(1, 20), min_size=count, max_size=count))
    graph = nx.DiGraph()
    for i, before in enumerate(pipeline.before):
        graph.add_edge(i, "end", time=times[i])
        graph.add_edges_from(((j, i) for j in before), time=0)
        for j in before:
            graph[j][i]["time"] = times[j]
    assert pipeline.makespan(times) == nx.dag_longest_path_length(graph, weight="time")
    path = pipeline.critical_path(times)
    assert sum(times[i] for i in path) == pipeline.makespan(times)
    assert all(a in pipeline.before[b] for a, b in itertools.pairwise(path))
    assert not pipeline.before[path[0]]


@pytest.mark.parametrize(("stages", "microbatches"), [(1, 3), (2, 2), (4, 3), (4, 8), (8, 12)])
def test_stages_keep_the_order_of_the_published_package(stages, microbatches, published_spec):
    ours = stage_orders(one_f_one_b(stages, microbatches))
    for stage in range(stages):
        theirs = [
            ("forward" if isinstance(i, Forward) else "backward", i.micro_batch_id)
            for i in Synchronous1F1B(
                num_stages=stages,
                num_micro_batches=microbatches,
                stage_id=stage,
                operation_spec_map={Forward: published_spec, Backward: published_spec},
            )
        ]
        assert ours[stage] == theirs


@pytest.mark.parametrize(("stages", "microbatches"), [(0, 4), (4, 0)])
def test_an_empty_pipeline_is_refused(stages, microbatches):
    with pytest.raises(ValueError, match="is empty"):
        one_f_one_b(stages, microbatches)
