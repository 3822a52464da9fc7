"""Parts of concatenations and slices lie in place: nothing is copied, nothing is twice in RAM."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import replace

import pytest

from kernels.bench import Bench
from ops.graphs import GraphMaker, run_in_arena
from ops.nodes import integers, node, op_of, tensor
from schedule.arena import is_harmful
from tinygen.ir.dtype import DType
from tinygen.ir.graph import Graph, State
from tinygen.ir.schedule import Rows
from tinygen.ir.target import TARGETS, Optimize, Rounding
from tinygen.ir.tensor import Tensor
from tinygen.schedule import make_schedule
from tinygen.schedule.check import ScheduleError, check
from tinygen.schedule.effort import effort
from tinygen.schedule.places import can_be_idle, places
from tinygen.schedule.plan import plan
from tinygen.schedule.rows import Choices

GENERIC = TARGETS["generic"]
MAP = (1, 6, 4, 2)


def cut(make: GraphMaker, read: Tensor, axis: int, sizes: list[int]) -> list[Tensor]:
    shape = list(read.shape)
    parts = []
    for i, size in enumerate(sizes):
        shape[axis] = size
        parts.append(make._tensor(f"part{len(make.ops)}_{i}", tuple(shape)))
    inputs = [read, integers("sizes", sizes), integers("axis", axis)]
    make.ops.append(op_of(node("SPLIT_V", inputs, parts)))
    return parts


def joined_rows() -> Graph:
    make = GraphMaker(MAP)
    return make.graph(make.relu(make.concatenation([make.conv(make.input), make.conv(make.input)], 1)))


def split_rows() -> Graph:
    make = GraphMaker(MAP)
    upper, lower = cut(make, make.conv(make.input), 1, [2, 4])
    return make.graph(make.conv(lower), make.relu(upper))


def split_and_joined() -> Graph:
    make = GraphMaker(MAP)
    upper, lower = cut(make, make.relu(make.input), 1, [4, 2])
    return make.graph(make.conv(make.concatenation([make.conv(lower), make.conv(upper)], 1)))


def joined_twice() -> Graph:
    make = GraphMaker(MAP)
    inner = make.concatenation([make.conv(make.input), make.relu(make.conv(make.input))], 1)
    return make.graph(make.conv(make.concatenation([inner, make.conv(inner)], 1)))


def the_same_part_twice() -> Graph:
    make = GraphMaker(MAP)
    part = make.conv(make.input)
    return make.graph(make.concatenation([part, part], 1))


def joined_inputs() -> Graph:
    make = GraphMaker(MAP, MAP)
    return make.graph(make.conv(make.concatenation([make.input, make.inputs[1]], 1)))


def parts_are_outputs() -> Graph:
    make = GraphMaker(MAP)
    one, other = make.conv(make.input), make.conv(make.input)
    return make.graph(one, make.relu(make.concatenation([one, other], 1)))


def reshaped_parts() -> Graph:
    make = GraphMaker(MAP)
    flat = [make.reshape(make.conv(make.input), (1, 48)), make.reshape(make.relu(make.input), (1, 48))]
    return make.graph(make.dense(make.concatenation(flat, 1), 3))


def split_input_as_output() -> Graph:
    make = GraphMaker(MAP)
    upper, lower = cut(make, make.input, 1, [3, 3])
    return make.graph(upper, make.conv(lower))


def split_channels() -> Graph:
    make = GraphMaker(MAP)
    left, right = cut(make, make.conv(make.input), 3, [1, 1])
    return make.graph(make.concatenation([right, make.conv(left)], 3))


CASES: dict[str, tuple[Callable[[], Graph], int]] = {
    make.__name__: (make, idle)
    for make, idle in (
        (joined_rows, 1), (split_rows, 1), (split_and_joined, 2), (joined_twice, 2), (the_same_part_twice, 0),
        (joined_inputs, 0), (parts_are_outputs, 1), (reshaped_parts, 1), (split_input_as_output, 0),
        (split_channels, 0),
    )
}  # fmt: skip
"""With how many ops, aliases aside, need no steps."""


@pytest.mark.parametrize("name", CASES)
def test_what_needs_no_steps(name: str) -> None:
    graph = CASES[name][0]()
    assert len(can_be_idle(graph)) == CASES[name][1]
    assert places(graph, can_be_idle(graph)).idle <= {op for op in graph.ops if op.IS_ALIAS}


@pytest.mark.parametrize("name", CASES)
def test_the_bytes_are_right(name: str, bench: Bench) -> None:
    """With all ops whole, on the real kernels; with a copy instead; row by row."""
    graph = CASES[name][0]()
    for choices in (
        Choices(),
        Choices(dict.fromkeys(graph.ops, 1)),
        Choices(dict.fromkeys(graph.ops, 1), copied=frozenset(can_be_idle(graph))),
    ):
        schedule = plan(graph, bench.target, choices)
        check(graph, schedule, bench.target)
        run_in_arena(bench, graph, schedule)


@pytest.mark.parametrize("seed", range(60))
def test_any_order_of_operands_and_outputs(seed: int) -> None:
    chance = random.Random(seed)
    graph = list(CASES.values())[seed % len(CASES)][0]()
    choices = Choices(
        {op: chance.choice((1, 1, 2, 3)) for op in graph.ops if chance.random() < 0.7},
        frozenset(op for op in graph.ops if chance.random() < 0.2),
        {op: chance.randrange(3) for op in graph.ops},
        chance.randrange(3),
        frozenset(op for op in can_be_idle(graph) if chance.random() < 0.3),
    )
    schedule = plan(graph, GENERIC, choices)
    check(graph, schedule, GENERIC)
    assert not is_harmful(graph, schedule, GENERIC)


def test_a_concatenation_of_rows_is_not_twice_in_ram() -> None:
    make = GraphMaker((1, 4, 4, 4))
    graph = make.graph(make.concatenation([make.relu(make.input) for _ in range(3)], 1))
    copied = Choices(copied=frozenset(can_be_idle(graph)))
    assert plan(graph, GENERIC, Choices()).arena_bytes <= 4 * 64
    assert plan(graph, GENERIC, copied).arena_bytes >= 6 * 64


def test_a_part_in_the_wrong_place_is_refused() -> None:
    graph = joined_rows()
    schedule = plan(graph, GENERIC, Choices())
    part = graph.ops[1].outputs[0]
    ring = schedule.rings[part]
    for offset in (ring.offset - part.row_bytes, ring.offset + 4):
        wrong = replace(schedule, rings={**schedule.rings, part: replace(ring, offset=offset)})
        with pytest.raises(ScheduleError):
            check(graph, wrong, GENERIC)


def test_a_rescaling_concatenation_can_not_be_left_out() -> None:
    parts = [tensor(f"part{i}", (1, 2, 2, 2), scale, 3, dtype=DType.UINT8) for i, scale in enumerate((0.1, 0.2))]
    made = tensor("made", (1, 4, 2, 2), 0.1, 3, dtype=DType.UINT8)
    options = {"axis": 1, "fused_activation_function": "NONE"}
    graph = Graph("small", 0, tuple(parts), (made,), (op_of(node("CONCATENATION", parts, [made], **options)),))
    schedule = plan(graph, GENERIC, Choices())
    assert [step.rows for step in schedule.steps] == [Rows(0, 4)]
    with pytest.raises(ScheduleError):
        check(graph, replace(schedule, steps=()), GENERIC)


def test_a_state_is_not_moved_into_a_concatenation() -> None:
    make = GraphMaker((1, 2, 2, 2), (1, 3, 2, 2))
    old, new = make.inputs[1], make.conv(make.input)
    joined = make.concatenation([old, new], 1)
    _, last = cut(make, make.relu(joined), 1, [2, 3])
    state = State(old, old.dtype.numpy.type(0) * 0, last)  # type: ignore[arg-type]
    graph = Graph("small", 0, (make.input,), (joined,), tuple(make.ops), (state,))
    for rows in (1, 99):
        schedule = plan(graph, GENERIC, Choices(dict.fromkeys(graph.ops, rows)))
        check(graph, schedule, GENERIC)
        assert not is_harmful(graph, schedule, GENERIC)


def two_branches() -> Graph:
    """The second operand needs far more room while it is computed than it leaves: it had better come first."""
    make = GraphMaker((1, 8, 8, 2))
    small = make.every_second_pixel(make.input)
    kept = make.relu(make.concatenation([make.conv(make.input)] * 4, 3))
    return make.graph(make.dense(make.pool(small), 3), make.dense(make.pool(make.conv(kept)), 3), make.relu(kept))


@pytest.mark.parametrize("optimize", [Optimize.SPEED, Optimize.RAM])
def test_a_better_order_is_found(optimize: Optimize) -> None:
    graph = two_branches()
    target = GENERIC.with_choices(optimize, Rounding.DOUBLE)
    orders = [plan(graph, target, Choices(first_output=i)).arena_bytes for i in range(3)]
    assert make_schedule(graph, target).arena_bytes <= min(orders)
    assert len(set(orders)) > 1, "the graph does not test what it should"


def test_effort_grows_with_steps() -> None:
    graph = joined_rows()
    target = TARGETS["cortex-m4"]
    whole, rows = effort(graph, target, Choices()), effort(graph, target, Choices(dict.fromkeys(graph.ops, 1)))
    assert 0 < whole < rows
