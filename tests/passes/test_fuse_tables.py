"""fuse_tables: chains of tables, clamps that an op before them takes over, additions of a number."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from kernels.bench import Benches
from ops.nodes import tensor
from passes.planted import Planter, assert_same, assert_sound, inputs_of, kinds_of
from tinygen.ir.graph import Graph
from tinygen.ir.target import Rounding
from tinygen.ir.tensor import Tensor
from tinygen.ops import OPS
from tinygen.ops.node import Node
from tinygen.ops.table import Table
from tinygen.passes.fuse_tables import fuse_tables
from tinygen.reference import evaluate

SHAPE = (1, 16, 16, 1)
"""Of a map that has room for every int8."""


class Unclamped(Planter):
    """Its ops with weights have no fused activation unless they are asked to have one."""

    fused = "NONE"

    def zero_point(self) -> int:
        return 5

    def activation(self) -> str:
        return self.fused


def fused(graph: Graph) -> list[str]:
    """The kinds of ops after the pass, which is exact in both roundings and for every int8."""
    every = [np.resize(np.arange(-128, 128), t.shape).astype(np.int8) for t in graph.inputs]
    for rounding in Rounding:
        after = fuse_tables(graph, rounding)
        assert_same(graph, after, rounding)
        expected, found = evaluate(graph, every, rounding), evaluate(after, every, rounding)
        assert [value.tobytes() for value in found] == [value.tobytes() for value in expected]
        assert_sound(after)
    return kinds_of(after)


@pytest.mark.parametrize("length", [2, 3, 7])
def test_a_chain_becomes_one_table(length: int) -> None:
    make = Planter(length)
    made = make.input(SHAPE)
    for kind in ("QUANTIZE", "LOGISTIC", "RELU6", "QUANTIZE", "LOGISTIC", "RELU", "QUANTIZE")[:length]:
        made = make.table(made, kind, scale=float(make.random.uniform(0.01, 0.2)))
    assert fused(make.graph(made)) == ["TABLE"]


def test_a_chain_depends_on_the_rounding() -> None:
    """A fused table holds what the device would have computed."""
    make = Planter()
    made = make.table(make.table(make.input(SHAPE, 0), "QUANTIZE", 0, 0.125), "QUANTIZE", 0, 0.3)
    graph = make.graph(made)
    tables = [op.table for rounding in Rounding for op in fuse_tables(graph, rounding).ops if isinstance(op, Table)]
    assert len(set(tables)) == 2
    fused(graph)


def test_a_table_that_others_read_stays() -> None:
    make = Planter()
    first = make.table(make.input(SHAPE), "LOGISTIC")
    graph = make.graph(make.table(first, "QUANTIZE", 5), make.pool(first, "MAX_POOL_2D"))
    assert fused(graph) == ["LOGISTIC", "QUANTIZE", "MAX_POOL_2D"]


def test_an_output_of_the_model_stays() -> None:
    make = Planter()
    first = make.table(make.input(SHAPE), "LOGISTIC")
    assert fused(make.graph(first, make.table(first, "QUANTIZE", 5))) == ["LOGISTIC", "QUANTIZE"]


def test_what_is_remembered_stays() -> None:
    make = Planter()
    first = make.table(make.input(SHAPE), "LOGISTIC")
    made = make.add(first, make.remembered(first))
    assert fused(make.graph(made, remember=make.table(first, "RELU", 5))) == [
        "LOGISTIC",
        "ADD",
        "RELU",
        "ASSIGN_VARIABLE",
    ]


def test_a_single_table_keeps_its_name() -> None:
    make = Planter()
    graph = make.graph(make.table(make.input(SHAPE), "RELU6", 5))
    assert fuse_tables(graph, Rounding.DOUBLE) is graph


def test_a_table_of_nothing_goes() -> None:
    make = Planter()
    same = make.table(make.input(SHAPE), "QUANTIZE", 3)
    graph = make.graph(make.pool(same, "MAX_POOL_2D"), make.pool(same, "AVERAGE_POOL_2D"))
    assert fused(graph) == ["MAX_POOL_2D", "AVERAGE_POOL_2D"]


def test_two_tables_that_undo_each_other_go() -> None:
    make = Planter()
    there = make.table(make.input(SHAPE, 0), "QUANTIZE", 0, 0.025)
    back = make.table(there, "QUANTIZE", 0, 0.1)
    kinds = fused(make.graph(make.pool(back, "MAX_POOL_2D")))
    assert kinds == ["TABLE", "MAX_POOL_2D"]  # it saturates
    make = Planter()
    there = make.table(make.input(SHAPE, 0), "QUANTIZE", 0, 0.2)
    back = make.table(there, "QUANTIZE", 0, 0.1)
    assert fused(make.graph(make.pool(back, "MAX_POOL_2D"))) == ["TABLE", "MAX_POOL_2D"]  # it loses a bit
    make = Planter()
    there = make.table(make.input(SHAPE, 3), "QUANTIZE", 3)
    back = make.table(there, "QUANTIZE", 3)
    assert fused(make.graph(make.pool(back, "MAX_POOL_2D"))) == ["MAX_POOL_2D"]


def test_the_same_bytes_on_another_scale_are_not_the_same() -> None:
    """Whoever reads the output reckons with its scale."""
    make = Planter()
    read = make.input(SHAPE, 0)
    copy = make.table(read, "QUANTIZE", 0)
    twice = replace(copy, quantization=replace(copy.params, scales=(0.5,)))
    make.ops[-1] = Table(0, read, twice, tuple(range(-128, 128)))
    assert fused(make.graph(make.add(twice, read))) == ["TABLE", "ADD"]


def test_what_many_read_by_way_of_a_table_of_nothing_stays() -> None:
    make = Planter()
    first = make.table(make.input(SHAPE), "LOGISTIC")
    same = make.table(first, "QUANTIZE", -128, 1 / 256)
    graph = make.graph(make.table(same, "QUANTIZE", 5), make.table(same, "RELU", 5))
    assert fused(graph) == ["LOGISTIC", "QUANTIZE", "RELU"]


def test_tables_that_look_alike_are_told_apart() -> None:
    """Chains of three, alike but for their first op or for what they read."""
    make = Planter()
    reads = [make.input(SHAPE, 0), make.input(SHAPE, 0), make.input(SHAPE, 20)]
    ends = []
    for read, kind in zip(reads, ("RELU", "QUANTIZE", "QUANTIZE"), strict=True):
        middle = make.table(make.table(read, kind, 5), "QUANTIZE", 9)
        ends.append(make.table(middle, "QUANTIZE", 11))
    graph = make.graph(*ends)
    assert fused(graph) == ["TABLE"] * 3
    tables = [op.table for op in fuse_tables(graph, Rounding.DOUBLE).ops if isinstance(op, Table)]
    assert len(set(tables)) == 3


def test_a_table_that_writes_an_output_of_the_model_stays() -> None:
    make = Planter()
    graph = make.graph(make.table(make.input(SHAPE), "QUANTIZE", 3))
    assert fuse_tables(graph, Rounding.DOUBLE) is graph


def clamped(kind: str, make: Planter) -> Tensor:
    read = make.input(SHAPE)
    if kind == "CONV_2D":
        return make.conv(read, 3)
    if kind == "DEPTHWISE_CONV_2D":
        return make.conv(read, 0, depthwise=2)
    if kind == "FULLY_CONNECTED":
        return make.dense(read, 7, 16)
    if kind == "ADD":
        return make.add(read, read)
    return make.pool(read, kind)


CLAMPED = ("CONV_2D", "DEPTHWISE_CONV_2D", "FULLY_CONNECTED", "ADD", "AVERAGE_POOL_2D", "MAX_POOL_2D")


@pytest.mark.parametrize("clamp", ["RELU", "RELU6"])
@pytest.mark.parametrize("kind", CLAMPED)
def test_a_clamp_moves_into_the_op_before(kind: str, clamp: str) -> None:
    make = Unclamped(3)
    first = clamped(kind, make)
    graph = make.graph(make.table(first, clamp, first.zero_point))
    assert fused(graph) == [kind]
    (op,) = fuse_tables(graph, Rounding.DOUBLE).ops
    assert op.outputs == graph.outputs
    limit = 127 if clamp == "RELU" else min(127, first.zero_point + 60)
    assert op.clamp == (first.zero_point, limit)  # type: ignore[attr-defined]


@pytest.mark.parametrize(("inner", "outer", "left"), [("RELU6", "RELU", "RELU6"), ("RELU", "RELU6", "RELU6")])
def test_a_clamp_of_a_clamp_is_one(inner: str, outer: str, left: str) -> None:
    make = Unclamped(3)
    make.fused = inner
    first = clamped("CONV_2D", make)
    graph = make.graph(make.table(first, outer, first.zero_point))
    assert fused(graph) == ["CONV_2D"]
    assert fuse_tables(graph, Rounding.DOUBLE).ops[0].activation == left  # type: ignore[attr-defined]


def test_a_clamp_that_no_activation_names_stays() -> None:
    make = Unclamped(3)
    make.fused = "RELU_N1_TO_1"
    first = clamped("CONV_2D", make)
    assert fused(make.graph(make.table(first, "RELU", first.zero_point))) == ["CONV_2D", "RELU"]


@pytest.mark.parametrize("changes", [{"zero_point": 9}, {"scale": 0.05}, {"scale": 0.10001}])
def test_a_clamp_on_another_scale_stays(changes: dict[str, float]) -> None:
    make = Unclamped(3)
    first = clamped("CONV_2D", make)
    made = make.table(first, "RELU", **({"zero_point": first.zero_point} | changes))  # type: ignore[arg-type]
    assert fused(make.graph(made)) == ["CONV_2D", "RELU"]


def test_a_chain_after_an_op_becomes_its_clamp_if_it_is_one() -> None:
    make = Unclamped(3)
    made = clamped("CONV_2D", make)
    zero_point = made.zero_point
    for kind in ("QUANTIZE", "RELU6", "QUANTIZE", "RELU"):
        made = make.table(made, kind, zero_point)
    assert fused(make.graph(made)) == ["CONV_2D"]


@pytest.mark.parametrize("shape", [(), (1,), (1, 1, 1, 1), (3,), SHAPE])
@pytest.mark.parametrize("first", [True, False])
def test_the_addition_of_a_number_is_a_table(shape: tuple[int, ...], first: bool) -> None:
    make = Planter(5)
    read = make.input((1, 16, 16, 3) if shape == (3,) else SHAPE)
    number = tensor("number", shape, 0.02, -9, data=np.full(shape, 88))
    graph = make.graph(make.add(number, read) if first else make.add(read, number))
    assert fused(graph) == ["TABLE"]


def test_the_addition_of_different_numbers_is_none() -> None:
    make = Planter(5)
    number = tensor("number", (2,), 0.02, -9, data=np.array([88, 87]))
    assert fused(make.graph(make.add(make.input((1, 16, 16, 2)), number))) == ["ADD"]


def test_an_addition_that_repeats_its_input_is_none() -> None:
    make = Planter(5)
    number = tensor("number", (4, 1), 0.02, -9, data=np.full((4, 1), 88))
    assert fused(make.graph(make.add(make.input((1, 6)), number))) == ["ADD"]


def test_the_kernel_looks_up(benches: Benches) -> None:
    random = np.random.default_rng(1)
    read, made = (tensor(name, SHAPE, 0.1, 3) for name in ("read", "made"))
    op = Table(0, read, made, tuple(random.integers(-128, 128, 256).tolist()))
    benches.agree(op, [random.permutation(np.arange(-128, 128)).astype(np.int8).reshape(SHAPE)])


def test_no_file_has_a_table() -> None:
    assert Table not in OPS
    with pytest.raises(AssertionError):
        Table.read(Node(0, "TABLE", (), (), {}))


def test_twenty_thousand_tables_are_no_trouble() -> None:
    make = Planter()
    made = make.input((1, 4))
    for i in range(20_000):
        made = make.table(made, "RELU" if i % 2 else "QUANTIZE", 3)
    after = fuse_tables(make.graph(made), Rounding.DOUBLE)
    assert kinds_of(after) == ["TABLE"]
    values = inputs_of(make.graph(made), 1)[0]
    assert after.ops[0].evaluate(values, Rounding.DOUBLE)[0].tolist() == np.maximum(values[0], 3).tolist()
