"""set_aside and assign_directly: what is remembered gets to its place, in the right order, without needless copies."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from ops.graphs import GraphMaker, inputs_of
from schedule.arena import is_harmful
from tinygen.ir.dtype import DType
from tinygen.ir.graph import Graph, State
from tinygen.ir.schedule import Ring, Schedule
from tinygen.ir.target import TARGETS, Optimize, Rounding
from tinygen.ir.tensor import Tensor
from tinygen.ops.assign_variable import AssignVariable
from tinygen.passes.assign_directly import assign_directly
from tinygen.passes.set_aside import set_aside
from tinygen.reference import Memory, evaluate
from tinygen.schedule import make_schedule
from tinygen.schedule.check import ScheduleError, check
from tinygen.schedule.plan import plan
from tinygen.schedule.rows import Choices

SHAPE = (1, 2, 3, 4)
TARGET = TARGETS["cortex-m4"]
Turn = Callable[[GraphMaker], list[Tensor]]


def remembering(turn: Turn) -> Graph:
    """A graph of three tensors: the first is an input, the others are remembered, and `turn` says what they become."""
    make = GraphMaker(SHAPE, SHAPE, SHAPE)
    first, *old = make.inputs
    values = turn(make)
    graph = make.graph(make.relu(first))
    stores = [
        AssignVariable(100 + i, v, replace(t, name=f"next {i}"))
        for i, (t, v) in enumerate(zip(old, values, strict=True))
    ]
    states = [
        State(t, np.full(SHAPE, 3 + i, np.int8), store.next)
        for i, (t, store) in enumerate(zip(old, stores, strict=True))
    ]
    return replace(graph, inputs=(first,), ops=(*graph.ops, *stores), states=tuple(states))


def swapped(make: GraphMaker) -> list[Tensor]:
    return [make.inputs[2], make.inputs[1]]


def swapped_under_other_names(make: GraphMaker) -> list[Tensor]:
    return [make.reshape(make.reshape(t, (6, 4)), SHAPE) for t in (make.inputs[2], make.inputs[1])]


def kept(make: GraphMaker) -> list[Tensor]:
    return [make.inputs[1], make.inputs[1]]


def computed(make: GraphMaker) -> list[Tensor]:
    return [make.relu(make.inputs[0]), make.add(make.inputs[0], make.inputs[2])]


def read_later(make: GraphMaker) -> list[Tensor]:
    """The second reads the first's old value, after its new one is there."""
    new = make.relu(make.inputs[1])
    return [new, make.add(make.add(new, make.inputs[1]), make.inputs[2])]


def each_from_the_other(make: GraphMaker) -> list[Tensor]:
    return [make.add(make.inputs[1], make.inputs[2]), make.add(make.inputs[2], make.inputs[1])]


def the_same_twice(make: GraphMaker) -> list[Tensor]:
    return [make.relu(make.inputs[0])] * 2


def doubled(make: GraphMaker) -> list[Tensor]:
    """One operand under two names."""
    x = make.inputs[1]
    return [make.add(x, make.reshape(make.reshape(x, (24,)), SHAPE)), make.inputs[0]]


TURNS: dict[str, tuple[Turn, int]] = {
    make.__name__: (make, copies)
    for make, copies in (
        (swapped, 3),
        (swapped_under_other_names, 3),
        (kept, 3),
        (computed, 0),
        (read_later, 1),
        (each_from_the_other, 1),
        (the_same_twice, 1),
        (doubled, 2),
    )
}
"""By name, with how many copies are left."""


def outputs(graph: Graph) -> list[bytes]:
    memory: Memory = {}
    runs = [evaluate(graph, inputs_of(graph, seed), Rounding.DOUBLE, memory) for seed in range(3)]
    return [value.tobytes() for run in runs for value in run] + [value.tobytes() for value in memory.values()]


def passed(graph: Graph) -> Graph:
    return assign_directly(set_aside(graph, Rounding.DOUBLE), Rounding.DOUBLE)


@pytest.mark.parametrize("optimize", [Optimize.SPEED, Optimize.RAM])
@pytest.mark.parametrize("name", TURNS)
def test_every_value_gets_to_its_place(name: str, optimize: Optimize) -> None:
    turn, copies = TURNS[name]
    graph = remembering(turn)
    after = passed(graph)
    assert outputs(after) == outputs(graph)
    assert sum(isinstance(op, AssignVariable) for op in after.ops) == copies
    target = TARGET.with_choices(optimize, Rounding.DOUBLE)
    assert not is_harmful(after, make_schedule(after, target), target)


def random_turn(seed: int) -> Turn:
    """Some ops on tensors of one shape, and any two of them as what is remembered."""

    def turn(make: GraphMaker) -> list[Tensor]:
        chance = np.random.default_rng(seed)
        made = list(make.inputs)
        for _ in range(int(chance.integers(1, 7))):
            one, other = (made[int(chance.integers(len(made)))] for _ in range(2))
            kind = int(chance.integers(4))
            if kind == 0:
                made.append(make.reshape(make.reshape(one, (24,)), SHAPE))
            else:
                made.append(make.relu(one) if kind == 1 else make.add(one, other))
        return [made[int(chance.integers(len(made)))] for _ in range(2)]

    return turn


@pytest.mark.parametrize("seed", range(60))
def test_random_turns(seed: int) -> None:
    graph = remembering(random_turn(seed))
    after = passed(graph)
    assert outputs(after) == outputs(graph)
    for choices in (Choices(), Choices(dict.fromkeys(after.ops, 1))):
        schedule = plan(after, TARGET, choices)
        check(after, schedule, TARGET)
        assert not is_harmful(after, schedule, TARGET)


# The same graph inside an op


def nested(turn: Turn) -> Graph:
    graph = passed(remembering(turn))
    ops = tuple(op for op in graph.ops if op.outputs[0] not in graph.outputs)
    return replace(graph, outputs=graph.inputs, ops=ops, is_nested=True)


@pytest.mark.parametrize("name", TURNS)
def test_a_nested_graph_borrows_the_places_of_what_it_is_given(name: str) -> None:
    graph = nested(TURNS[name][0])
    schedule = plan(graph, TARGET, Choices())
    check(graph, schedule, TARGET)
    assert schedule.borrowed_bytes == 3 * 24
    whole = replace(schedule, arena_bytes=schedule.arena_bytes + schedule.borrowed_bytes)
    assert not is_harmful(graph, whole, TARGET)
    assert schedule.arena_bytes <= plan(replace(graph, is_nested=False), TARGET, Choices()).arena_bytes - 3 * 24


def test_a_turn_must_leave_what_it_only_reads() -> None:
    graph = nested(computed)
    schedule = plan(graph, TARGET, Choices())
    rings = dict(schedule.rings)
    rings[graph.states[0].next] = rings[graph.states[0].tensor] = rings[graph.inputs[0]]
    with pytest.raises(ScheduleError):
        check(graph, replace(schedule, rings=rings), TARGET)


def test_what_has_no_bytes_is_no_window() -> None:
    empty, full = Tensor("empty", (0, 4), DType.INT8), Tensor("full", (2, 4), DType.INT8)
    schedule = Schedule((), {empty: Ring(16, 1, 4), full: Ring(16, 2, 4)}, {}, 16, borrowed_bytes=8)
    for places in ({empty: 0, full: 100}, {full: 100, empty: 200}):
        assert schedule.placed(1000, places).rings[full].offset == 100


def test_placed_in_the_arena_around_it() -> None:
    graph = nested(read_later)
    schedule = plan(graph, TARGET, Choices())
    assert schedule.arena_bytes > 0
    borrowed = [*graph.inputs, *(state.tensor for state in graph.states)]
    placed = schedule.placed(1000, {tensor: 100 * i for i, tensor in enumerate(borrowed)})
    assert [placed.rings[tensor].offset for tensor in borrowed] == [0, 100, 200]
    for tensor, ring in schedule.rings.items():
        if ring.offset < schedule.arena_bytes:
            assert placed.rings[tensor].offset == 1000 + ring.offset
    assert [placed.rings[state.next] for state in graph.states] == [
        placed.rings[state.tensor] for state in graph.states
    ]
