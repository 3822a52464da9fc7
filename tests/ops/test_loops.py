"""Loops and branches at run time: numpy against the reference interpreters, and the generated C against both."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from tflite_builder import ModelSpec, SubgraphSpec

from command_line import tinygen
from end_to_end.native import SANITIZE, answers, build_server, differences, run, sanitizing, write_model
from ops.loops import Sub, model
from ops.witness import run_litert, run_tflite_micro
from tinygen.errors import TinygenError
from tinygen.ir.dtype import Array
from tinygen.ir.graph import Graph
from tinygen.ir.schedule import Schedule
from tinygen.ir.target import TARGETS, Optimize, Rounding
from tinygen.ir.tensor import Tensor
from tinygen.ops.nested import Nested
from tinygen.pipeline import compile_model, load
from tinygen.reference import evaluate
from tinygen.schedule.check import ScheduleError, check

V = (1, 4)


def counting(carried: Callable[[Sub], list[int]], turn: Callable[[Sub, list[int]], list[int]]) -> list[SubgraphSpec]:
    """(n, i, ...) -> while i < n: (n, i + 1, *turn(n, i, ...)), as a condition and a body."""
    c = Sub()
    n, i = c.input((), "INT32"), c.input((), "INT32")
    carried(c)
    b = Sub()
    own = [b.input((), "INT32"), b.input((), "INT32"), *carried(b)]
    following = [own[0], b.op("ADD", [own[1], b.number(1)]), *turn(b, own)]
    return [c.gives(c.less(i, n)), b.gives(*following)]


def counted(
    carried: Callable[[Sub], list[int]],
    turn: Callable[[Sub, list[int]], list[int]],
    after: Callable[[Sub, list[int], list[int]], list[int]] = lambda s, before, results: results,
    subgraphs: Sequence[SubgraphSpec] = (),
) -> ModelSpec:
    """The model's inputs are n and what is carried; it begins at 0. `after` says what it gives."""
    s = Sub()
    n, i = s.input((), "INT32"), s.number(0)
    given = carried(s)
    outputs = [s.tensor(s.tensors[t].shape, str(s.tensors[t].dtype), *s.tensors[t].scales) for t in (n, i, *given)]
    s.op("WHILE", [n, i, *given], *outputs, CondSubgraphIndex=1, BodySubgraphIndex=2)
    return model(s.gives(*after(s, given, outputs[2:])), *counting(carried, turn), *subgraphs)


def two(s: Sub) -> list[int]:
    return [s.input(V), s.input(V)]


def powers() -> ModelSpec:
    return counted(lambda s: [s.input(V)], lambda b, own: [b.op("ADD", [own[2], own[2]])])


def swapped() -> ModelSpec:
    return counted(two, lambda b, own: [own[3], own[2]])


def fibonacci() -> ModelSpec:
    """What it began with is read again afterwards."""
    return counted(
        two,
        lambda b, own: [own[3], b.op("ADD", [own[2], own[3]])],
        lambda s, before, results: [s.op("SUB", [results[1], before[0]]), results[0]],
    )


def reshaped_and_swapped() -> ModelSpec:
    def turn(b: Sub, own: list[int]) -> list[int]:
        flat = b.tensor((4,))
        b.op("RESHAPE", [own[3], b.constant(np.array([4], np.int32))], flat)
        back = b.tensor(V)
        b.op("RESHAPE", [flat, b.constant(np.array(V, np.int32))], back)
        return [back, own[2]]

    return counted(two, turn)


def an_operand_that_stays() -> ModelSpec:
    return counted(two, lambda b, own: [b.op("SUB", [own[3], own[2]]), own[3]])


def filled_from_what_stays() -> ModelSpec:
    """The first is from the second turn on what the second is all the time."""
    return counted(
        two, lambda b, own: [own[3], own[3]], lambda s, before, results: [s.op("SUB", [results[0], before[0]])]
    )


def by_the_turns_number() -> ModelSpec:
    """Adds up the rows of a constant: a GATHER in each turn."""
    table = np.arange(40, dtype=np.float32).reshape(10, 4) ** 2

    def turn(b: Sub, own: list[int]) -> list[int]:
        row = b.tensor((1, 4))
        at = b.tensor((1,), "INT32")
        b.op("RESHAPE", [own[1], b.constant(np.array([1], np.int32))], at)
        b.op("GATHER", [b.constant(table), at], row)
        return [b.op("ADD", [own[2], row])]

    return counted(lambda s: [s.input(V)], turn)


def dense() -> ModelSpec:
    """An int8 layer whose weights are carried through the loop, as some converters write them."""
    weights = np.random.default_rng(1).integers(-127, 128, (8, 8)).astype(np.int8)

    def carried(s: Sub) -> list[int]:
        w = s.tensor((8, 8), "INT8", 0.01)
        s.inputs.append(w)
        return [s.input((1, 8), "INT8", 0.5), w]

    def turn(b: Sub, own: list[int]) -> list[int]:
        return [b.op("FULLY_CONNECTED", [own[2], own[3]]), own[3]]

    s = Sub()
    n, i, x, w = s.input((), "INT32"), s.number(0), s.input((1, 8), "INT8", 0.5), s.constant(weights, 0.01)
    outputs = [
        s.tensor((), "INT32"),
        s.tensor((), "INT32"),
        s.tensor((1, 8), "INT8", 0.5),
        s.tensor((8, 8), "INT8", 0.01),
    ]
    s.op("WHILE", [n, i, x, w], *outputs, CondSubgraphIndex=1, BodySubgraphIndex=2)

    def in_order(t: Sub) -> list[int]:
        return [t.input((1, 8), "INT8", 0.5), t.input((8, 8), "INT8", 0.01)]

    return model(s.gives(outputs[2]), *counting(in_order, turn))


def convolutions() -> ModelSpec:
    """Maps large enough to be computed row by row, inside the loop and around it."""
    chance = np.random.default_rng(7)

    def conv(s: Sub, x: int, depth: int) -> int:
        before = s.tensors[x].shape
        filters = s.constant(chance.integers(-127, 128, (depth, 3, 3, before[-1])).astype(np.int8), 0.01)
        bias = s.constant(chance.integers(-999, 1000, depth).astype(np.int32), 0.01 * 0.5)
        y = s.tensor((*before[:-1], depth), "INT8", 0.5)
        return s.op("CONV_2D", [x, filters, bias], y, StrideW=1, StrideH=1, DilationWFactor=1, DilationHFactor=1)

    return counted(
        lambda s: [s.input((1, 12, 6, 2), "INT8", 0.5)],
        lambda b, own: [conv(b, conv(b, conv(b, own[2], 8), 8), 2)],
        lambda s, before, results: [conv(s, conv(s, results[0], 5), 1)],
    )


def on_other_scales() -> ModelSpec:
    """What is carried means something else to each subgraph, since only bytes are handed over."""
    scales = iter((0.5, 0.25, 0.125))

    def turn(b: Sub, own: list[int]) -> list[int]:
        return [b.op("ADD", [own[2], own[2]], b.tensor(V, "INT8", 0.5))]

    return counted(
        lambda s: [s.input(V, "INT8", next(scales))], turn, lambda s, before, results: [s.op("ADD", results * 2)]
    )


def recurrent(times: int = 12, features: int = 6, units: int = 10) -> ModelSpec:
    """An RNN over the rows of its input, all of whose states it gives: how often is known, but it is a loop."""
    chance = np.random.default_rng(5)
    s = Sub()
    x = s.input((times, features), "INT8", 0.05)
    state, states = np.zeros((1, units), np.int8), np.zeros((times, units), np.int8)
    given = [s.number(times), s.number(0), x, s.constant(state, 1 / 128), s.constant(states, 1 / 128)]
    outputs = [s.tensor(s.tensors[t].shape, str(s.tensors[t].dtype), *s.tensors[t].scales) for t in given]
    s.op("WHILE", given, *outputs, CondSubgraphIndex=1, BodySubgraphIndex=2)

    def turn(b: Sub, own: list[int]) -> list[int]:
        _, i, x, state, states = own
        at = b.op("RESHAPE", [i, b.constant(np.array([1], np.int32))], b.tensor((1,), "INT32"))
        row = b.op("GATHER", [x, at], b.tensor((1, features), "INT8", 0.05))
        parts = []
        for read in (row, state):
            weights = chance.integers(-127, 128, (units, b.tensors[read].shape[1])).astype(np.int8)
            made = b.tensor((1, units), "INT8", 0.1)
            parts.append(b.op("FULLY_CONNECTED", [read, b.constant(weights, 0.01)], made))
        new = b.op("TANH", [b.op("ADD", parts)], b.tensor((1, units), "INT8", 1 / 128))
        zero = b.constant(np.array([0], np.int32))
        start = b.op("CONCATENATION", [at, zero], b.tensor((2,), "INT32"))
        return [x, new, b.op("DYNAMIC_UPDATE_SLICE", [states, new, start])]

    def in_order(t: Sub) -> list[int]:
        x = t.input((times, features), "INT8", 0.05)
        return [x, t.input((1, units), "INT8", 1 / 128), t.input((times, units), "INT8", 1 / 128)]

    return model(s.gives(outputs[4], outputs[3]), *counting(in_order, turn))


def adding(value: float) -> SubgraphSpec:
    b = Sub()
    x = b.input(V)
    return b.gives(b.op("ADD", [x, b.constant(np.full(V, value, np.float32))]))


def branch() -> ModelSpec:
    s = Sub()
    c, x = s.input((), "BOOL"), s.input(V)
    return model(
        s.gives(s.op("IF", [c, x], like=x, ThenSubgraphIndex=1, ElseSubgraphIndex=2), x), adding(10), adding(-1)
    )


def branch_without_ops() -> ModelSpec:
    """One side gives what it was given, and a constant; the other exchanges them."""
    s = Sub()
    c, x = s.input((), "BOOL"), s.input(V)
    outputs = [s.tensor(V), s.tensor(V)]
    s.op("IF", [c, x], *outputs, ThenSubgraphIndex=1, ElseSubgraphIndex=2)
    sides = []
    for order in (1, -1):
        b = Sub()
        sides.append(b.gives(*[b.input(V), b.constant(np.arange(4, dtype=np.float32).reshape(V))][::order]))
    return model(s.gives(s.op("MUL", [outputs[0], x]), outputs[1]), *sides)


def branch_in_a_loop() -> ModelSpec:
    def turn(b: Sub, own: list[int]) -> list[int]:
        early = b.less(own[1], b.number(2))
        return [b.op("IF", [early, own[2]], like=own[2], ThenSubgraphIndex=3, ElseSubgraphIndex=4)]

    return counted(lambda s: [s.input(V)], turn, subgraphs=[adding(100), adding(1)])


def loop_in_a_branch_in_a_loop() -> ModelSpec:
    """In the second turn and later, x is doubled as often as turns are over."""

    def turn(b: Sub, own: list[int]) -> list[int]:
        first = b.less(own[1], b.number(1))
        return [b.op("IF", [first, own[1], own[2]], like=own[2], ThenSubgraphIndex=3, ElseSubgraphIndex=4)]

    plain = Sub()
    plain.input((), "INT32")
    x = plain.input(V)
    looping = Sub()
    n, y = looping.input((), "INT32"), looping.input(V)
    outputs = [looping.tensor((), "INT32"), looping.tensor((), "INT32"), looping.tensor(V)]
    looping.op("WHILE", [n, looping.number(0), y], *outputs, CondSubgraphIndex=5, BodySubgraphIndex=6)
    inner = counting(lambda s: [s.input(V)], lambda b, own: [b.op("ADD", [own[2], own[2]])])
    sides = [plain.gives(plain.op("ADD", [x, x])), looping.gives(outputs[2])]
    return counted(lambda s: [s.input(V)], turn, subgraphs=[*sides, *inner])


def many_turns(times: int = 200) -> ModelSpec:
    """How often is known, but so many operators would be too many."""
    made = powers()
    s = Sub()
    n, i, x = s.number(times), s.number(0), s.input(V)
    outputs = [s.tensor((), "INT32"), s.tensor((), "INT32"), s.tensor(V)]
    s.op("WHILE", [n, i, x], *outputs, CondSubgraphIndex=1, BodySubgraphIndex=2)
    return model(s.gives(outputs[2]), *made.subgraphs[1:])


def until_large() -> ModelSpec:
    """What is carried says how often, and the input can come in rows."""
    s = Sub()
    x = s.input((8, 4))
    y, end = s.op("ADD", [x, x]), s.tensor((8, 4))
    s.op("WHILE", [y], end, CondSubgraphIndex=1, BodySubgraphIndex=2)
    c, b = Sub(), Sub()
    total = c.tensor(())
    c.op("SUM", [c.input((8, 4)), c.constant(np.array([0, 1], np.int32))], total)
    more = c.gives(c.less(total, c.constant(np.array(500, np.float32))))
    grown = b.op("ADD", [b.input((8, 4)), b.constant(np.array(3, np.float32))])
    return model(s.gives(s.op("SUB", [end, s.constant(np.array(1, np.float32))])), more, b.gives(grown))


MODELS: dict[str, Callable[[], ModelSpec]] = {
    make.__name__: make
    for make in (
        powers,
        swapped,
        fibonacci,
        reshaped_and_swapped,
        an_operand_that_stays,
        filled_from_what_stays,
        by_the_turns_number,
        dense,
        branch,
        branch_without_ops,
        branch_in_a_loop,
        loop_in_a_branch_in_a_loop,
        many_turns,
        convolutions,
        on_other_scales,
        recurrent,
        until_large,
    )
}


def inputs_of(spec: ModelSpec, count: int) -> list[list[Array]]:
    """Every n from 0 on, both conditions, and vectors of small numbers."""
    chance = np.random.default_rng(3)
    found = []
    for k in range(count):
        values: list[Array] = []
        for index in spec.main.inputs:
            tensor = spec.main.tensors[index]
            if tensor.dtype == "BOOL":
                values.append(np.array(k % 2 == 0))
            elif tensor.dtype == "INT32":
                values.append(np.array(k, np.int32))
            else:
                small = chance.integers(-9, 10, tuple(tensor.shape))
                values.append(small.astype(np.int8 if tensor.dtype == "INT8" else np.float32))
        found.append(values)
    return found


NOT_OF_LITERT = {
    "swapped": "it copies what a turn gives one by one, over what it has not copied yet",
    "reshaped_and_swapped": "for the same reason",
    "dense": "its FULLY_CONNECTED rounds once",
    "recurrent": "for the same reason",
}
"""Models that LiteRT computes otherwise."""


def written(spec: ModelSpec, folder: Path) -> Path:
    path = folder / "looping.tflite"
    path.write_bytes(spec.bytes())
    return path


@pytest.mark.parametrize("name", MODELS)
def test_numpy_agrees_with_the_interpreters(name: str, tmp_path: Path) -> None:
    spec = MODELS[name]()
    made = compile_model(written(spec, tmp_path), TARGETS["cortex-m4"])
    assert any(isinstance(op, Nested) for op in made.graph.ops)
    for inputs in inputs_of(spec, 5):
        for graph in (made.original, made.graph):
            found = evaluate(graph, inputs, Rounding.DOUBLE)[0]
            for witness in (run_tflite_micro,) if name in NOT_OF_LITERT else (run_tflite_micro, run_litert):
                assert np.array_equal(found, witness(spec.bytes(), inputs).reshape(found.shape)), witness.__name__


@pytest.mark.parametrize(
    ("target", "optimize"),
    [("cortex-m4", Optimize.RAM), ("generic", Optimize.SIZE)],
)
@pytest.mark.parametrize("name", MODELS)
def test_generated_c_agrees_with_numpy(name: str, target: str, optimize: Optimize, tmp_path: Path) -> None:
    cc, spec = sanitizing("gcc"), MODELS[name]()
    path, vectors = written(spec, tmp_path), inputs_of(spec, 5)
    folder = write_model(tmp_path / "c", path, target, optimize=optimize)
    expected = [evaluate(load(path).complete, inputs, Rounding.DOUBLE) for inputs in vectors]
    server = build_server(cc, [folder], len(vectors), tmp_path / "program", *SANITIZE)
    found = run([server], b"".join(value.tobytes() for inputs in vectors for value in inputs))
    assert not differences(answers(expected), found)


def random_body(seed: int) -> ModelSpec:
    """Sums and differences of what is carried, under several names, in any order."""

    def carried(s: Sub) -> list[int]:
        return [s.input(V) for _ in range(3)]

    def turn(b: Sub, own: list[int]) -> list[int]:
        chance = np.random.default_rng(seed)
        made = own[2:]
        for _ in range(int(chance.integers(1, 7))):
            kind = int(chance.integers(3))
            pair = [made[int(chance.integers(len(made)))] for _ in range(2)]
            if kind == 2:
                flat, back = b.tensor((2, 2)), b.tensor(V)
                b.op("RESHAPE", [pair[0], b.constant(np.array([2, 2], np.int32))], flat)
                b.op("RESHAPE", [flat, b.constant(np.array(V, np.int32))], back)
                made.append(back)
            else:
                made.append(b.op(["ADD", "SUB"][kind], pair))
        return [made[int(chance.integers(len(made)))] for _ in range(3)]

    return counted(carried, turn, lambda s, before, after: [s.op("ADD", [after[0], before[1]]), *after])


@pytest.mark.parametrize("optimize", [Optimize.SPEED, Optimize.RAM])
def test_random_bodies(optimize: Optimize, tmp_path: Path) -> None:
    cc, specs = sanitizing("gcc"), [random_body(seed) for seed in range(10)]
    folders, requests, expected = [], b"", b""
    for k, spec in enumerate(specs):
        (tmp_path / f"{k}").mkdir()
        path = written(spec, tmp_path / f"{k}")
        folders.append(write_model(tmp_path / f"c{k}", path, "generic", name=f"random_{k}", optimize=optimize))
        vectors = inputs_of(spec, 5)
        found = [evaluate(load(path).complete, inputs, Rounding.DOUBLE) for inputs in vectors]
        witness = [run_tflite_micro(spec.bytes(), inputs) for inputs in vectors]
        assert [w.tobytes() for w in witness] == [f[0].tobytes() for f in found]
        requests += b"".join(value.tobytes() for inputs in vectors for value in inputs)
        expected += answers(found)
    server = build_server(cc, folders, 5, tmp_path / "program", *SANITIZE)
    assert not differences(expected, run([server], requests))


@pytest.mark.parametrize("push", [False, True])
def test_rows_can_be_pushed_to_a_loop(push: bool, tmp_path: Path) -> None:
    spec = until_large()
    path, vectors = written(spec, tmp_path), inputs_of(spec, 3)
    folder = write_model(tmp_path / "c", path, "generic", push=push)
    server = build_server(sanitizing("gcc"), [folder], len(vectors), tmp_path / "program", *SANITIZE)
    found = run([server], b"".join(value.tobytes() for inputs in vectors for value in inputs))
    expected = [evaluate(load(path).complete, inputs, Rounding.DOUBLE) for inputs in vectors]
    assert not differences(answers(expected), found)
    assert "loops take one turn" in (folder.path / "looping.h").read_text()


def test_a_loop_that_does_not_end_is_an_error_in_python(tmp_path: Path) -> None:
    graph = load(written(powers(), tmp_path)).complete
    with pytest.raises(TinygenError, match=r"op 0, WHILE 't\d': .* has not ended after 20,000 turns"):
        evaluate(graph, [np.array(200_000, np.int32), np.zeros(V, np.float32)], Rounding.DOUBLE)


def test_what_a_loop_carries_is_computed_in_place(tmp_path: Path) -> None:
    """Nothing is copied, neither before the loop nor in a turn, and RAM holds what is carried and one sum."""
    made = compile_model(written(until_large(), tmp_path), TARGETS["generic"])
    assert "tg_copy.c" not in made.generated.files
    assert made.generated.arena_bytes <= 8 * 4 * 4 + 16
    (code,) = made.program.functions
    assert [routine.op.KIND for routine in code.routines] == ["ADD", "SUM", "LESS"]


def with_ring(schedule: Schedule, tensor: Tensor, **changes: int) -> Schedule:
    return replace(schedule, rings={**schedule.rings, tensor: replace(schedule.rings[tensor], **changes)})


def borrowed_inside_the_scratch(graph: Graph, schedule: Schedule) -> Schedule:
    return with_ring(schedule, graph.states[0].tensor, offset=0)


def a_borrowed_ring(graph: Graph, schedule: Schedule) -> Schedule:
    return with_ring(schedule, graph.states[0].tensor, height=1)


def half_outside_the_scratch(graph: Graph, schedule: Schedule) -> Schedule:
    total = next(op.outputs[0] for op in graph.ops if op.KIND == "SUM")
    return with_ring(schedule, total, offset=schedule.arena_bytes - 2)


def not_where_it_will_be_looked_for(graph: Graph, schedule: Schedule) -> Schedule:
    return with_ring(schedule, graph.states[0].next, offset=schedule.rings[graph.states[1].tensor].offset)


def a_missing_step(graph: Graph, schedule: Schedule) -> Schedule:
    return replace(schedule, steps=schedule.steps[:-1])


@pytest.mark.parametrize(
    "fault",
    [
        borrowed_inside_the_scratch,
        a_borrowed_ring,
        half_outside_the_scratch,
        not_where_it_will_be_looked_for,
        a_missing_step,
    ],
)
def test_a_faulty_nested_schedule_is_found(fault: Callable[[Graph, Schedule], Schedule], tmp_path: Path) -> None:
    target = TARGETS["generic"]
    made = compile_model(written(until_large(), tmp_path), target)
    check(made.graph, made.schedule, target)
    loop = next(op for op in made.graph.ops if isinstance(op, Nested))
    spoilt = replace(loop, schedules=(fault(loop.graphs[0], loop.schedules[0]),))
    steps = tuple(replace(step, op=spoilt) if step.op is loop else step for step in made.schedule.steps)
    schedule = replace(made.schedule, steps=steps, scratch={spoilt: made.schedule.scratch[loop]})
    graph = replace(made.graph, ops=tuple(spoilt if op is loop else op for op in made.graph.ops))
    with pytest.raises(ScheduleError):
        check(graph, schedule, target)


def test_only_what_is_computed_at_run_time_is_handed_in(tmp_path: Path) -> None:
    """The weights that the file carries through the loop are constants of the layer in it."""
    made = compile_model(written(dense(), tmp_path), TARGETS["cortex-m4"])
    loop = next(op for op in made.graph.ops if isinstance(op, Nested))
    assert [tensor.shape for tensor in loop.outputs] == [(), (1, 8), ()]
    assert [tensor.shape for tensor in loop.operands] == [()]
    assert loop.macs == made.generated.macs == 64
    assert [kernel for kernel in made.program.kernels if "fully_connected" in kernel]


def test_commands_know_loops(tmp_path: Path) -> None:
    path = written(loop_in_a_branch_in_a_loop(), tmp_path)
    spec = loop_in_a_branch_in_a_loop()
    vectors = tmp_path / "vectors.npz"
    np.savez(vectors, **{f"v{k}_in{i}": a for k, v in enumerate(inputs_of(spec, 4)) for i, a in enumerate(v)})  # type: ignore[arg-type]
    assert "WHILE" in tinygen("inspect", path).out
    plan = tinygen("plan", path)
    assert (plan.code, plan.err) == (0, "")
    assert "scratch of WHILE 0" in plan.out
    tested = tinygen("test", path, "--board", "host", "--vectors", vectors)
    assert (tested.code, tested.err) == (0, "")
    # random numbers of turns are too many
    untested = tinygen("test", path, "--board", "host")
    assert untested.code == 1
    assert "it has not ended after" in untested.err
