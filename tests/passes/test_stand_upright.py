"""stand_upright: maps of height 1 get rows, every byte stays, and what can't be turned sees what it saw before."""

from __future__ import annotations

import numpy as np
import pytest

from ops.nodes import integers, tensor
from passes.planted import Planter, assert_same, assert_sound, kinds_of
from tinygen.ir.graph import Graph
from tinygen.ir.target import TARGETS, Optimize, Rounding
from tinygen.ir.tensor import Tensor
from tinygen.passes import run_passes
from tinygen.passes.stand_upright import stand_upright
from tinygen.schedule.check import check
from tinygen.schedule.plan import plan
from tinygen.schedule.rows import Choices
from tinygen.schedule.search import least_ram

TARGET = TARGETS["cortex-m4"].with_choices(Optimize.RAM, Rounding.DOUBLE)


def turned(graph: Graph) -> Graph:
    after = stand_upright(graph, Rounding.DOUBLE)
    assert_same(graph, after, Rounding.DOUBLE)
    assert_sound(after)
    assert (after.inputs, after.outputs) == (graph.inputs, graph.outputs)
    return after


def made(graph: Graph, kind: str) -> list[tuple[int, ...]]:
    """The shapes that ops of a kind make."""
    return [op.outputs[0].shape for op in graph.ops if kind == op.KIND]


def test_a_chain_of_convolutions_gets_rows() -> None:
    make = Planter(dead=0.0)
    first = make.conv(make.input((1, 1, 20, 3)), 4)
    second = make.conv(make.table(first, "LOGISTIC"), 0, depthwise=2)
    after = turned(make.graph(make.dense(make.pool(second, "MAX_POOL_2D"), 5)))
    assert kinds_of(after) == ["RESHAPE", "CONV_2D", "LOGISTIC", "DEPTHWISE_CONV_2D", "MAX_POOL_2D", "FULLY_CONNECTED"]
    assert made(after, "CONV_2D") == [(1, 20, 1, 4)]
    assert made(after, "MAX_POOL_2D") == [(1, 10, 1, 8)]


def test_an_output_keeps_its_shape() -> None:
    make = Planter(dead=0.0)
    after = turned(make.graph(make.conv(make.input((2, 1, 9, 3)), 4)))
    assert kinds_of(after) == ["RESHAPE", "CONV_2D", "RESHAPE"]
    assert after.outputs[0].shape == (2, 1, 9, 4)


def test_a_map_with_rows_stays() -> None:
    make = Planter(dead=0.0)
    graph = make.graph(make.conv(make.input((1, 2, 9, 3)), 4))
    assert stand_upright(graph, Rounding.DOUBLE) is graph


def test_nothing_turns_without_a_window() -> None:
    make = Planter(dead=0.0)
    read = make.input((1, 1, 9, 3))
    graph = make.graph(make.add(make.table(read, "LOGISTIC"), read))
    assert stand_upright(graph, Rounding.DOUBLE) is graph


def test_what_cannot_turn_reads_the_old_shape() -> None:
    make = Planter(dead=0.0)
    soft = make.softmax(make.conv(make.input((1, 1, 9, 3)), 4))
    after = turned(make.graph(make.conv(make.table(soft, "RELU"), 2)))
    assert made(after, "SOFTMAX") == [(1, 1, 9, 4)]
    assert made(after, "CONV_2D") == [(1, 9, 1, 4), (1, 9, 1, 2)]


@pytest.mark.parametrize("shape", [(), (1,), (4,), (1, 4), (9, 4), (1, 9, 1), (1, 1, 9, 4), (1, 1, 1, 4), (1, 1, 9, 1)])
def test_constants_meet_the_elements_that_they_met(shape: tuple[int, ...]) -> None:
    make = Planter(dead=0.0)
    first = make.conv(make.input((1, 1, 9, 3)), 4)
    after = turned(make.graph(make.add(first, make.constant(shape))))
    assert made(after, "ADD") == [(1, 9, 1, 4)]


@pytest.mark.parametrize("axis", [1, 2])
def test_maps_between_reshapes_have_three_dimensions(axis: int) -> None:
    """As Keras' Conv1D writes them."""
    make = Planter(dead=0.0)
    first = make.reshape(make.conv(make.input((1, 1, 9, 3)), 4), (1, 9, 4))
    biased = make.table(make.add(first, make.constant((4,))), "RELU")
    wide = tensor("pad", (1, 12, 4), biased.scale, biased.zero_point)
    padded = make.op("PAD", [biased, integers("paddings", [(0, 0), (2, 1), (0, 0)])], wide)
    size = (1, 24, 4) if axis == 1 else (1, 12, 8)
    joined = tensor("joined", size, padded.scale, padded.zero_point)
    make.op("CONCATENATION", [padded, padded], joined, axis=axis, fused_activation_function="NONE")
    second = make.conv(make.reshape(joined, (1, 1, *size[1:])), 4)
    after = turned(make.graph(make.reshape(second, (1, *second.shape[2:]))))
    assert made(after, "PAD") == [(1, 12, 1, 4)]
    assert made(after, "CONCATENATION") == [(1, size[1], 1, size[2])]
    assert made(after, "RESHAPE")[-1] == (1, *second.shape[2:])


@pytest.mark.parametrize(("axes", "keep"), [([1, 2], False), ([2], True), ([-2], False), ([1], False), ([2, 3], True)])
def test_means(axes: list[int], keep: bool) -> None:
    make = Planter(dead=0.0)
    first = make.conv(make.input((1, 1, 9, 3)), 4)
    left = [1 if axis in [a % 4 for a in axes] else size for axis, size in enumerate(first.shape)]
    if not keep:
        left = [size for axis, size in enumerate(first.shape) if axis not in [a % 4 for a in axes]]
    mean = make.made("MEAN", tuple(left), 0)
    make.op("MEAN", [first, integers("axes", axes)], mean, keep_dims=keep)
    assert made(turned(make.graph(mean)), "MEAN") == [tuple(left)]


def random_chain(seed: int) -> Graph:
    make = Planter(seed, dead=0.0)
    chance = np.random.default_rng(seed)
    last: Tensor = make.input((int(chance.integers(1, 3)), 1, int(chance.integers(4, 14)), int(chance.integers(1, 5))))
    maps = [last]
    for _ in range(int(chance.integers(2, 8))):
        kind = chance.choice(["conv", "depthwise", "valid", "table", "add", "pool", "softmax", "pad"])
        if kind == "conv":
            last = make.conv(last, int(chance.integers(1, 5)), stride=int(chance.integers(1, 3)))
        elif kind == "depthwise":
            last = make.conv(last, 0, depthwise=int(chance.integers(1, 3)))
        elif kind == "valid":
            last = make.conv(last, 3, kernel=1, padding="VALID")
        elif kind == "table":
            last = make.table(last, "RELU")
        elif kind == "add":
            others = [other for other in maps if other.shape == last.shape]
            last = make.add(last, others[int(chance.integers(len(others)))] if others else make.constant((1,)))
        elif kind == "pool":
            last = make.pool(last, "MAX_POOL_2D")
        elif kind == "pad":
            last = make.pad(last, [(0, 0), (0, 0), (1, 2), (0, 1)])
        else:
            last = make.softmax(last)
        maps.append(last)
    return make.graph(last)


@pytest.mark.parametrize("seed", range(60))
def test_any_chain(seed: int) -> None:
    turned(random_chain(seed))


def test_a_1d_network_needs_less_ram() -> None:
    make = Planter(dead=0.0)
    last = make.input((1, 1, 64, 4))
    for _ in range(4):
        last = make.conv(last, 16)
    lying = make.graph(make.dense(make.pool(last, "MAX_POOL_2D"), 3))
    graph = run_passes(lying, Rounding.DOUBLE)
    least = least_ram(graph, TARGET)
    check(graph, least, TARGET)
    assert least.arena_bytes < plan(lying, TARGET, Choices()).arena_bytes * 0.6
