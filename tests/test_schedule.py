"""Schedules of small graphs: they compute what the reference computes, and check.py finds planted faults."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from kernels.bench import Bench
from ops.graphs import GRAPHS, GraphMaker, run_in_arena, simple_schedule
from tinygen.ir.graph import Graph
from tinygen.ir.schedule import Forms, Ring, Rows, Schedule, Step
from tinygen.ir.target import TARGETS, Optimize, Rounding
from tinygen.ir.tensor import Tensor
from tinygen.ops.copy_op import CopyOp
from tinygen.schedule import make_schedule
from tinygen.schedule.check import ScheduleError, check
from tinygen.schedule.plan import plan
from tinygen.schedule.rows import Choices

GENERIC = TARGETS["generic"]


def choices_of(graph: Graph) -> dict[str, Choices]:
    """Points between whole tensors and single rows."""
    ops = [op for op in graph.ops if not op.IS_ALIAS]
    single = dict.fromkeys(ops, 1)
    return {
        "whole": Choices(),
        "single": Choices(single),
        "two": Choices(dict.fromkeys(ops, 2)),
        "mixed": Choices({op: 1 + i % 3 for i, op in enumerate(ops)}),
        "cut": Choices(single, frozenset(ops[::2])),
        "all_cut": Choices(single, frozenset(ops)),
        "staged": Choices(single, forms=Forms(staged=frozenset(ops))),
    }


@pytest.mark.parametrize("chosen", ["whole", "single", "two", "mixed", "cut", "all_cut", "staged"])
@pytest.mark.parametrize("name", GRAPHS)
def test_any_choice_gives_the_reference_output(name: str, chosen: str, bench: Bench) -> None:
    """Every kernel on one arena, in the order of the steps, as the generated C does."""
    graph = GRAPHS[name]()
    schedule = plan(graph, bench.target, choices_of(graph)[chosen])
    check(graph, schedule, bench.target)
    run_in_arena(bench, graph, schedule)


@pytest.mark.parametrize("optimize", [Optimize.SPEED, Optimize.RAM])
@pytest.mark.parametrize("name", GRAPHS)
def test_the_schedule_is_complete(name: str, optimize: Optimize, bench: Bench) -> None:
    graph = GRAPHS[name]()
    target = bench.target.with_choices(optimize, bench.rounding)
    schedule = make_schedule(graph, target)
    placed = {tensor for op in graph.ops for tensor in (*op.activations, *op.outputs)} | set(graph.inputs)
    assert placed <= set(schedule.rings)
    stepped = {step.op for step in schedule.steps}
    assert all(op.IS_ALIAS or isinstance(op, CopyOp) for op in graph.ops if op not in stepped)
    for op in stepped:
        assert [row for s in schedule.steps if s.op is op for row in range(s.rows.first, s.rows.end)] == list(
            range(op.step_rows)
        )
    for tensor, ring in schedule.rings.items():
        assert ring.offset + ring.bytes <= schedule.arena_bytes, str(tensor)
    run_in_arena(bench, graph, schedule, target)


@pytest.mark.parametrize("name", GRAPHS)
def test_no_schedule_is_larger_than_the_simple_one(name: str) -> None:
    graph = GRAPHS[name]()
    least = make_schedule(graph, GENERIC.with_choices(Optimize.RAM, Rounding.DOUBLE)).arena_bytes
    assert least <= make_schedule(graph, GENERIC).arena_bytes <= simple_schedule(graph, GENERIC).arena_bytes


@pytest.mark.parametrize("name", GRAPHS)
def test_the_schedule_is_deterministic(name: str) -> None:
    def facts(graph: Graph) -> list[object]:
        schedule = make_schedule(graph, GENERIC)
        rings = [(str(tensor), ring) for tensor, ring in schedule.rings.items()]
        steps = [(str(step.op), step.rows) for step in schedule.steps]
        return [rings, steps, list(schedule.scratch.values()), schedule.arena_bytes]

    assert facts(GRAPHS[name]()) == facts(GRAPHS[name]())


def test_a_chain_needs_no_more_than_its_largest_pair() -> None:
    make = GraphMaker((1, 4, 4, 8))
    graph = make.graph(make.relu(make.relu(make.relu(make.input))))
    assert make_schedule(graph, GENERIC).arena_bytes <= 2 * 128


def test_a_reshape_costs_nothing() -> None:
    make = GraphMaker((1, 4, 4, 8))
    graph = make.graph(make.relu(make.reshape(make.relu(make.input), (1, 128))))
    schedule = make_schedule(graph, GENERIC)
    assert {step.op.KIND for step in schedule.steps} == {"RELU"}
    assert schedule.arena_bytes <= 2 * 128
    before, after = graph.ops[1].inputs[0], graph.ops[1].outputs[0]
    assert schedule.rings[before].offset == schedule.rings[after].offset


def test_an_input_that_is_only_reshaped_to_an_output_is_copied() -> None:
    make = GraphMaker((2, 6))
    graph = make.graph(make.reshape(make.input, (3, 4)))
    schedule = make_schedule(graph, GENERIC)
    assert {step.op.KIND for step in schedule.steps} == {"RESHAPE"}
    assert schedule.rings[graph.inputs[0]].offset != schedule.rings[graph.outputs[0]].offset


# Planted faults

Fault = Callable[[Graph, Schedule], Schedule]


def with_ring(schedule: Schedule, tensor: Tensor, **changes: int) -> Schedule:
    return replace(schedule, rings={**schedule.rings, tensor: replace(schedule.rings[tensor], **changes)})


def overlapping_rings(graph: Graph, schedule: Schedule) -> Schedule:
    op = graph.ops[1]
    return with_ring(schedule, op.outputs[0], offset=schedule.rings[op.inputs[0]].offset)


def partly_overlapping_rings(graph: Graph, schedule: Schedule) -> Schedule:
    op = graph.ops[1]
    return with_ring(schedule, op.outputs[0], offset=schedule.rings[op.inputs[0]].offset + 8)


def missing_step(graph: Graph, schedule: Schedule) -> Schedule:
    return replace(schedule, steps=(*schedule.steps[:1], *schedule.steps[2:]))


def missing_last_step(graph: Graph, schedule: Schedule) -> Schedule:
    return replace(schedule, steps=schedule.steps[:-1])


def no_steps(graph: Graph, schedule: Schedule) -> Schedule:
    return replace(schedule, steps=())


def swapped_steps(graph: Graph, schedule: Schedule) -> Schedule:
    first, second, *others = schedule.steps
    return replace(schedule, steps=(second, first, *others))


def missing_rows(graph: Graph, schedule: Schedule) -> Schedule:
    *others, last = schedule.steps
    return replace(schedule, steps=(*others, Step(last.op, Rows(0, last.rows.end - 1))))


def skipped_row(graph: Graph, schedule: Schedule) -> Schedule:
    first, *others = schedule.steps
    steps = (Step(first.op, Rows(0, 1)), Step(first.op, Rows(2, first.rows.end)), *others)
    return replace(schedule, steps=steps)


def row_overwritten_early(graph: Graph, schedule: Schedule) -> Schedule:
    """A ring of two rows whose writer runs three rows ahead of its reader."""
    return with_ring(schedule, graph.ops[0].outputs[0], height=2)


def rows_on_top_of_each_other(graph: Graph, schedule: Schedule) -> Schedule:
    tensor = graph.ops[0].outputs[0]
    return with_ring(schedule, tensor, stride=tensor.row_bytes - 1)


def outside_the_arena(graph: Graph, schedule: Schedule) -> Schedule:
    return replace(schedule, arena_bytes=schedule.arena_bytes - 8)


def negative_offset(graph: Graph, schedule: Schedule) -> Schedule:
    return with_ring(schedule, graph.inputs[0], offset=-8)


def scratch_over_an_input(graph: Graph, schedule: Schedule) -> Schedule:
    op = next(iter(schedule.scratch))
    return replace(schedule, scratch={op: schedule.rings[op.inputs[0]].offset})


def scratch_over_an_output(graph: Graph, schedule: Schedule) -> Schedule:
    op = next(iter(schedule.scratch))
    return replace(schedule, scratch={op: schedule.rings[op.outputs[0]].offset})


def scratch_outside(graph: Graph, schedule: Schedule) -> Schedule:
    op = next(iter(schedule.scratch))
    return replace(schedule, scratch={op: schedule.arena_bytes})


FAULTS: tuple[Fault, ...] = (
    overlapping_rings,
    partly_overlapping_rings,
    missing_step,
    missing_last_step,
    no_steps,
    swapped_steps,
    missing_rows,
    skipped_row,
    row_overwritten_early,
    rows_on_top_of_each_other,
    outside_the_arena,
    negative_offset,
    scratch_over_an_input,
    scratch_over_an_output,
    scratch_outside,
)


def chain_with_scratch() -> Graph:
    make = GraphMaker((1, 5, 4, 4))
    return make.graph(make.relu(make.conv(make.relu(make.input))))


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.__name__)
def test_fault_is_found(fault: Fault) -> None:
    graph = chain_with_scratch()
    schedule = simple_schedule(graph, GENERIC)
    assert schedule.scratch
    check(graph, schedule, GENERIC)
    with pytest.raises(ScheduleError):
        check(graph, fault(graph, schedule), GENERIC)


def test_a_tensor_overwritten_before_its_second_reader_is_found() -> None:
    make = GraphMaker((1, 2, 2, 4))
    first = make.relu(make.input)
    second = make.relu(first)
    graph = make.graph(make.add(second, first))
    schedule = simple_schedule(graph, GENERIC)
    with pytest.raises(ScheduleError, match="which is not there"):
        check(graph, with_ring(schedule, second, offset=schedule.rings[first].offset), GENERIC)


def test_an_output_overwritten_after_it_is_done_is_found() -> None:
    make = GraphMaker((1, 2, 2, 4))
    early = make.relu(make.input)
    middle = make.relu(make.input)
    graph = make.graph(early, make.relu(middle))
    schedule = simple_schedule(graph, GENERIC)
    with pytest.raises(ScheduleError, match="which is not there"):
        check(graph, with_ring(schedule, middle, offset=schedule.rings[early].offset), GENERIC)


def accumulating() -> Graph:
    make = GraphMaker((1, 5, 4, 4))
    return make.graph(make.mean(make.relu(make.input)))


def with_scratch(schedule: Schedule, graph: Graph, tensor: Tensor) -> Schedule:
    return replace(schedule, scratch={graph.ops[-1]: schedule.rings[tensor].offset})


def test_sums_overwritten_between_two_steps_are_found(bench: Bench) -> None:
    graph = accumulating()
    relu, mean = graph.ops
    assert mean.accumulates
    schedule = plan(graph, GENERIC, Choices(dict.fromkeys(graph.ops, 1)))
    check(graph, schedule, GENERIC)
    run_in_arena(bench, graph, schedule)
    middle = relu.outputs[0]
    with pytest.raises(ScheduleError):
        check(graph, with_scratch(schedule, graph, middle), GENERIC)


def test_sums_under_the_output_are_found() -> None:
    graph = accumulating()
    schedule = simple_schedule(graph, GENERIC)
    with pytest.raises(ScheduleError):
        check(graph, with_scratch(schedule, graph, graph.outputs[0]), GENERIC)


def test_a_row_that_is_not_accumulated_is_found() -> None:
    graph = accumulating()
    schedule = simple_schedule(graph, GENERIC)
    *others, last = schedule.steps
    with pytest.raises(ScheduleError):
        check(graph, replace(schedule, steps=(*others, Step(last.op, Rows(0, 4)))), GENERIC)
    with pytest.raises(ScheduleError):
        check(graph, replace(schedule, steps=(*others, Step(last.op, Rows(1, 5)))), GENERIC)


def test_in_place_is_allowed_only_in_the_very_same_place() -> None:
    make = GraphMaker((1, 5, 4, 4))
    graph = make.graph(make.relu(make.relu(make.input)))
    schedule = simple_schedule(graph, GENERIC)
    first, last = (op.outputs[0] for op in graph.ops)
    check(graph, with_ring(schedule, last, offset=schedule.rings[first].offset), GENERIC)
    for distance in (-16, -4, 4, 16):
        with pytest.raises(ScheduleError):
            check(graph, with_ring(schedule, last, offset=schedule.rings[first].offset + distance), GENERIC)


def test_a_window_is_moved_in_place_in_one_step_by_a_kernel_that_can() -> None:
    """The lean kernel takes such wide rows in several strips, whose edges both need."""
    make, target = GraphMaker((1, 5, 40, 4)), TARGETS["cortex-m4"]
    graph = make.graph(make.relu(make.depthwise(make.relu(make.input))))
    ops = frozenset(graph.ops)
    (read,), (written,) = graph.ops[1].activations, graph.ops[1].outputs
    whole = plan(graph, target, Choices())
    check(graph, whole, target)
    assert whole.rings[read] == whole.rings[written]
    for choices in (Choices(forms=Forms(lean=ops)), Choices(dict.fromkeys(ops, 2), ops)):
        apart = plan(graph, target, choices)
        check(graph, apart, target)
        assert apart.rings[read] != apart.rings[written]
        with pytest.raises(ScheduleError):
            check(graph, replace(whole, steps=apart.steps, forms=apart.forms), target)


def test_in_place_over_an_operand_that_is_read_again_is_found() -> None:
    make = GraphMaker((1, 2, 2, 4))
    first = make.relu(make.input)
    second = make.relu(first)
    graph = make.graph(make.add(second, make.conv(first)))
    schedule = simple_schedule(graph, GENERIC)
    with pytest.raises(ScheduleError):
        check(graph, with_ring(schedule, second, offset=schedule.rings[first].offset), GENERIC)


def test_scratch_over_a_tensor_that_only_others_read_is_found() -> None:
    make = GraphMaker((1, 8, 4, 4))  # 128 bytes, for the 72 of scratch
    first = make.relu(make.input)
    graph = make.graph(make.add(make.conv(make.input), first))
    schedule = simple_schedule(graph, GENERIC)
    (op,) = schedule.scratch
    with pytest.raises(ScheduleError, match="which is not there"):
        check(graph, replace(schedule, scratch={op: schedule.rings[first].offset}), GENERIC)


# Rings that are shorter than their tensors


def row_by_row(graph: Graph, height: int) -> Schedule:
    """A chain RELU, 3x3 convolution, RELU: each row as early as it can be; the middle ring has `height` rows."""
    before, conv, after = graph.ops
    tensors = [graph.inputs[0], *(op.outputs[0] for op in graph.ops)]
    rings, offset = {}, 0
    for tensor in tensors:
        rows = height if tensor is before.outputs[0] else tensor.rows
        rings[tensor] = Ring(offset, rows, tensor.row_bytes)
        offset += -(-rings[tensor].bytes // 8) * 8
    steps, made = [], 0
    for row in range(conv.outputs[0].rows):
        end = conv.needs(Rows(row, row + 1), before.outputs[0]).end
        steps += [Step(before, Rows(r, r + 1)) for r in range(made, end)]
        made = max(made, end)
        steps += [Step(conv, Rows(row, row + 1)), Step(after, Rows(row, row + 1))]
    scratch = {conv: offset}
    return Schedule(tuple(steps), rings, scratch, offset + -(-conv.scratch_bytes(GENERIC) // 8) * 8)


def test_a_ring_of_three_rows_serves_a_3x3_kernel(bench: Bench) -> None:
    graph = chain_with_scratch()
    schedule = row_by_row(graph, 3)
    check(graph, schedule, GENERIC)
    run_in_arena(bench, graph, schedule)


def test_a_ring_of_two_rows_does_not() -> None:
    graph = chain_with_scratch()
    with pytest.raises(ScheduleError, match="which is not there"):
        check(graph, row_by_row(graph, 2), GENERIC)


def test_the_reference_is_what_the_arena_is_compared_with(bench: Bench) -> None:
    """A wrong schedule gives wrong bytes, so the comparison above can fail."""
    graph = chain_with_scratch()
    with pytest.raises(AssertionError, match="differ"):
        run_in_arena(bench, graph, row_by_row(graph, 2))
