"""Random graphs under random choices: every plan is sound, and check() refuses every planted fault that does harm."""

from __future__ import annotations

import contextlib
import random
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np
import pytest

from ops import nodes
from ops.graphs import GRAPHS, GraphMaker, random_graph
from schedule.arena import is_harmful
from tinygen.errors import DoesNotFitError, UnsupportedModelError
from tinygen.ir.graph import Graph, State
from tinygen.ir.schedule import Schedule, Step
from tinygen.ir.target import TARGETS
from tinygen.ir.tensor import Tensor
from tinygen.schedule.check import ScheduleError, check
from tinygen.schedule.feed import fed_by_rows
from tinygen.schedule.plan import plan
from tinygen.schedule.rows import Choices
from tinygen.schedule.search import least_ram, within

GENERIC = TARGETS["generic"]
SEEDS = range(60)
FAULTS_PER_PLAN = 12

Fault = Callable[[Schedule, random.Random], Schedule]


def graph_of(seed: int) -> Graph:
    """A random one, or every third time one of those that are made for their branches."""
    if seed % 3:
        return random_graph(seed)
    made = list(GRAPHS.values())
    return made[seed // 3 % len(made)]()


def random_choices(graph: Graph, chance: random.Random) -> Choices:
    rows = {op: chance.choice((1, 1, 1, 2, 3, 5)) for op in graph.ops if chance.random() < 0.8}
    return Choices(rows, frozenset(op for op in graph.ops if chance.random() < 0.2))


def planned(seed: int) -> tuple[Graph, Schedule]:
    chance = random.Random(seed)
    graph = graph_of(seed)
    if chance.random() < 0.3:
        with contextlib.suppress(UnsupportedModelError):
            graph = fed_by_rows(graph)
    return graph, plan(graph, GENERIC, random_choices(graph, chance))


def refused(graph: Graph, schedule: Schedule) -> bool:
    try:
        check(graph, schedule, GENERIC)
    except ScheduleError:
        return True
    return False


@pytest.mark.parametrize("seed", SEEDS)
def test_every_plan_computes_the_right_bytes(seed: int) -> None:
    graph, schedule = planned(seed)
    check(graph, schedule, GENERIC)
    assert not is_harmful(graph, schedule, GENERIC)


def pick(chance: random.Random, items: Sequence[Tensor]) -> Tensor:
    return items[chance.randrange(len(items))]


def with_ring(schedule: Schedule, tensor: Tensor, **changes: int) -> Schedule:
    return replace(schedule, rings={**schedule.rings, tensor: replace(schedule.rings[tensor], **changes)})


def lower_ring(schedule: Schedule, chance: random.Random) -> Schedule:
    tall = [tensor for tensor, ring in schedule.rings.items() if ring.height > 1]
    if not tall:
        return schedule
    tensor = pick(chance, tall)
    return with_ring(schedule, tensor, height=chance.randrange(1, schedule.rings[tensor].height))


def narrower_stride(schedule: Schedule, chance: random.Random) -> Schedule:
    tensor = pick(chance, list(schedule.rings))
    return with_ring(schedule, tensor, stride=max(schedule.rings[tensor].stride - chance.choice((1, 4)), 0))


def moved_onto_another(schedule: Schedule, chance: random.Random) -> Schedule:
    one, other = pick(chance, list(schedule.rings)), pick(chance, list(schedule.rings))
    return with_ring(schedule, one, offset=schedule.rings[other].offset + chance.choice((0, 0, 8, -8)))


def moved_a_little(schedule: Schedule, chance: random.Random) -> Schedule:
    tensor = pick(chance, list(schedule.rings))
    return with_ring(schedule, tensor, offset=schedule.rings[tensor].offset + chance.choice((-8, -4, -1, 1, 4, 8)))


def step_removed(schedule: Schedule, chance: random.Random) -> Schedule:
    at = chance.randrange(len(schedule.steps))
    return replace(schedule, steps=schedule.steps[:at] + schedule.steps[at + 1 :])


def step_twice(schedule: Schedule, chance: random.Random) -> Schedule:
    at, to = sorted(chance.randrange(len(schedule.steps)) for _ in range(2))
    return replace(schedule, steps=(*schedule.steps[:to], schedule.steps[at], *schedule.steps[to:]))


def step_earlier(schedule: Schedule, chance: random.Random) -> Schedule:
    to, at = sorted(chance.randrange(len(schedule.steps)) for _ in range(2))
    steps = list(schedule.steps)
    steps.insert(to, steps.pop(at))
    return replace(schedule, steps=tuple(steps))


def step_later(schedule: Schedule, chance: random.Random) -> Schedule:
    at, to = sorted(chance.randrange(len(schedule.steps)) for _ in range(2))
    steps = list(schedule.steps)
    steps.insert(to, steps.pop(at))
    return replace(schedule, steps=tuple(steps))


def fewer_rows(schedule: Schedule, chance: random.Random) -> Schedule:
    at = chance.randrange(len(schedule.steps))
    step = schedule.steps[at]
    rows = replace(step.rows, end=step.rows.end - 1)
    return replace(schedule, steps=(*schedule.steps[:at], Step(step.op, rows), *schedule.steps[at + 1 :]))


def scratch_moved(schedule: Schedule, chance: random.Random) -> Schedule:
    """Onto a tensor, or a little."""
    ops = [op for op, _ in schedule.scratch.items()]
    if not ops:
        return schedule
    op = ops[chance.randrange(len(ops))]
    places = [ring.offset for ring in schedule.rings.values()]
    places += [schedule.scratch[op] + distance for distance in (-8, 8)]
    return replace(schedule, scratch={**schedule.scratch, op: chance.choice(places)})


def no_longer_in_place(schedule: Schedule, chance: random.Random) -> Schedule:
    """An output beside the operand that it replaced."""
    shared = [
        op.outputs[0]
        for op in dict.fromkeys(step.op for step in schedule.steps)
        for operand in op.in_place
        if operand in schedule.rings and schedule.rings[operand] == schedule.rings[op.outputs[0]]
    ]
    if not shared:
        return schedule
    tensor = pick(chance, shared)
    distance = chance.choice((-1, 1)) * chance.choice((4, 8, tensor.row_bytes))
    return with_ring(schedule, tensor, offset=schedule.rings[tensor].offset + distance)


def smaller_arena(schedule: Schedule, chance: random.Random) -> Schedule:
    return replace(schedule, arena_bytes=max(schedule.arena_bytes - chance.choice((8, 16)), 0))


FAULTS: tuple[Fault, ...] = (
    lower_ring, narrower_stride, moved_onto_another, moved_a_little, step_removed, step_twice, step_earlier, step_later,
    fewer_rows, scratch_moved, no_longer_in_place, smaller_arena,
)  # fmt: skip
LEAST_HARM = dict.fromkeys(FAULTS, 10)
"""How often a fault must have done harm for the test to mean anything."""


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.__name__)
def test_every_fault_that_does_harm_is_refused(fault: Fault) -> None:
    seen: Counter[tuple[bool, bool]] = Counter()
    for seed in SEEDS:
        graph, schedule = planned(seed)
        chance = random.Random(seed)
        for _ in range(FAULTS_PER_PLAN if schedule.steps else 0):
            wrong = fault(schedule, chance)
            harm, caught = is_harmful(graph, wrong, GENERIC), refused(graph, wrong)
            assert caught or not harm, f"seed {seed}: {fault.__name__} goes unnoticed"
            seen[harm, caught] += 1
    assert seen[True, True] >= LEAST_HARM[fault]


def one_by_one(make: GraphMaker, read: Tensor) -> Tensor:
    """A convolution whose rows need one row each, and that can't be done in place."""
    channels = read.shape[3]
    weights = nodes.tensor("weights", (channels, 1, 1, channels), 0.01, data=np.ones((channels, 1, 1, channels)))
    options = nodes.window_options((1, 1), (1, 1), "SAME", "NONE")
    return make.op("CONV_2D", [read, weights], read.shape, **options)


def test_sums_on_a_row_that_is_dead_and_written_again_are_refused() -> None:
    make = GraphMaker((1, 6, 2, 4))
    first = one_by_one(make, make.input)
    graph = make.graph(make.mean(one_by_one(make, first)))
    schedule = plan(graph, GENERIC, Choices(dict.fromkeys(graph.ops, 1)))
    assert schedule.rings[first].height == 1
    mean = graph.ops[-1]
    room = schedule.arena_bytes
    far = {tensor: replace(ring, offset=room + 64 * i) for i, (tensor, ring) in enumerate(schedule.rings.items())}
    scratch = {op: room + 1024 + 128 * i for i, op in enumerate(schedule.scratch)}
    apart = replace(schedule, rings=far, scratch=scratch, arena_bytes=room + 2048)
    check(graph, apart, GENERIC)
    wrong = replace(apart, scratch={**apart.scratch, mean: far[first].offset})
    assert is_harmful(graph, wrong, GENERIC)
    with pytest.raises(ScheduleError, match="its scratch was overwritten"):
        check(graph, wrong, GENERIC)


# What a model remembers


def remembering(after: str) -> Graph:
    """A model whose second operand is the state; `after` says who reads its old value."""
    make = GraphMaker((1, 4, 4, 4), (1, 4, 4, 4))
    read, old = make.inputs
    if after == "its writer":
        new = make.add(old, make.conv(read))
        outputs = [make.relu(new)]
    elif after == "an op before its writer":
        sums = make.add(make.conv(old), read)
        new = make.relu(sums)
        outputs = [make.conv(sums)]
    else:
        new = make.conv(read)
        outputs = [make.add(make.relu(new), make.conv(old))]
    graph = make.graph(*outputs)
    initial = np.zeros(old.shape, np.int8)
    return replace(graph, inputs=(read,), states=(State(old, initial, new),))


@pytest.mark.parametrize("rows", [1, 2, 4])
@pytest.mark.parametrize("after", ["its writer", "an op before its writer"])
def test_a_state_is_read_before_it_is_replaced(after: str, rows: int) -> None:
    graph = remembering(after)
    schedule = plan(graph, GENERIC, Choices(dict.fromkeys(graph.ops, rows)))
    check(graph, schedule, GENERIC)
    assert not is_harmful(graph, schedule, GENERIC)
    seen: Counter[bool] = Counter()
    for fault in FAULTS:
        chance = random.Random(rows)
        for _ in range(FAULTS_PER_PLAN):
            wrong = fault(schedule, chance)
            harm = is_harmful(graph, wrong, GENERIC)
            assert not harm or refused(graph, wrong), f"{fault.__name__} goes unnoticed"
            seen[harm] += 1
    assert seen[True] > 40


@pytest.mark.parametrize("rows", [1, 2, 4])
def test_a_state_is_not_replaced_while_others_read_it(rows: int) -> None:
    graph = remembering("an op after its writer")
    check(graph, plan(graph, GENERIC, Choices(dict.fromkeys(graph.ops, rows))), GENERIC)


def test_what_stays_as_it_was_is_not_refused() -> None:
    """A checker that refuses everything would pass the test above."""
    moved = 0
    for seed in SEEDS:
        graph, schedule = planned(seed)
        shifted = {tensor: replace(ring, offset=ring.offset + 64) for tensor, ring in schedule.rings.items()}
        scratch = {op: offset + 64 for op, offset in schedule.scratch.items()}
        other = replace(schedule, rings=shifted, scratch=scratch, arena_bytes=schedule.arena_bytes + 64)
        assert not is_harmful(graph, other, GENERIC)
        check(graph, other, GENERIC)
        moved += 1
    assert moved == len(SEEDS)


@pytest.mark.parametrize("seed", SEEDS)
def test_rings_are_as_low_as_their_steps_allow(seed: int) -> None:
    """One row less would be wrong, or the ring must be whole: a port, a place under aliases, an operand of all rows."""
    graph, schedule = planned(seed)
    aliased = {t for op in graph.ops if op.IS_ALIAS for t in (*op.inputs, *op.outputs)}
    for tensor, ring in schedule.rings.items():
        if ring.height == 1 or ring.height >= tensor.rows or tensor in aliased:
            continue
        partners = [other for other, place in schedule.rings.items() if place == ring]
        lower = schedule
        for partner in partners:
            lower = with_ring(lower, partner, height=ring.height - 1)
        assert refused(graph, lower), str(tensor)


@pytest.mark.parametrize("seed", range(0, 40, 2))
def test_the_search_is_never_worse_than_whole_tensors(seed: int) -> None:
    graph = graph_of(seed)
    whole, least = plan(graph, GENERIC, Choices()), least_ram(graph, GENERIC)
    check(graph, least, GENERIC)
    assert not is_harmful(graph, least, GENERIC)
    assert least.arena_bytes <= whole.arena_bytes


@pytest.mark.parametrize("seed", range(1, 30, 3))
def test_a_limit_is_kept_or_refused_with_the_least(seed: int) -> None:
    graph = graph_of(seed)
    whole, least = plan(graph, GENERIC, Choices()), least_ram(graph, GENERIC)
    steps = len(least.steps)
    for limit in range(least.arena_bytes, whole.arena_bytes + 8, max((whole.arena_bytes - least.arena_bytes) // 3, 8)):
        schedule = within(graph, GENERIC, limit)
        check(graph, schedule, GENERIC)
        assert schedule.arena_bytes <= limit
        assert len(schedule.steps) <= steps
    assert within(graph, GENERIC, whole.arena_bytes).steps == whole.steps
    with pytest.raises(DoesNotFitError, match=f"{least.arena_bytes:,} is the least"):
        within(graph, GENERIC, least.arena_bytes - 1)


@pytest.mark.parametrize("seed", range(30))
def test_rows_that_are_pushed_need_no_frame(seed: int) -> None:
    graph = graph_of(seed)
    try:
        fed = fed_by_rows(graph)
    except UnsupportedModelError as error:
        assert "can't be fed row by row" in error.message
        return
    schedule = least_ram(fed, GENERIC)
    check(fed, schedule, GENERIC)
    assert not is_harmful(fed, schedule, GENERIC)
    pushed = [row for s in schedule.steps if not s.op.inputs for row in range(s.rows.first, s.rows.end)]
    assert pushed == list(range(graph.inputs[0].rows))
    assert len([s for s in schedule.steps if not s.op.inputs]) == len(pushed), "rows may come one by one"
