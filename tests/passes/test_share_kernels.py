"""share_kernels: which FULLY_CONNECTED becomes pixels of a convolution's kernel, and that those give the same bytes."""

from __future__ import annotations

from dataclasses import replace

import pytest

from kernels.bench import WHOLE, Benches
from ops.graphs import GraphMaker
from ops.nodes import fully_connected, op_of, values_of
from tinygen.ir.graph import Graph
from tinygen.ir.program import Placement
from tinygen.ir.target import TARGETS, Optimize, Rounding, Target
from tinygen.ops.fully_connected import FullyConnected
from tinygen.passes.share_kernels import share_kernels

SMALL = TARGETS["cortex-m4"].with_choices(Optimize.SIZE, Rounding.DOUBLE)


def pooled(depth: int = 8) -> Graph:
    make = GraphMaker((1, 6, 5, depth))
    return make.graph(make.dense(make.mean(make.conv(make.input)), 3))


def kernel_of_dense(graph: Graph, target: Target) -> str:
    dense = next(op for op in share_kernels(graph, target).ops if isinstance(op, FullyConnected))
    (call,) = dense.lower(Placement(target, {}))
    return call.kernel


def test_small_code_has_one_kernel_for_both() -> None:
    assert kernel_of_dense(pooled(), SMALL) == "tg_conv_2d_blocks_s8"


@pytest.mark.parametrize("optimize", [Optimize.SPEED, Optimize.BALANCED, Optimize.RAM])
def test_otherwise_the_faster_kernel_stays(optimize: Optimize) -> None:
    target = SMALL.with_choices(optimize, Rounding.DOUBLE)
    assert kernel_of_dense(pooled(), target) == "tg_fully_connected_blocks_s8"


def test_without_a_convolution_there_is_no_kernel_to_share() -> None:
    make = GraphMaker((1, 8))
    assert kernel_of_dense(make.graph(make.dense(make.input, 3)), SMALL) == "tg_fully_connected_blocks_s8"


@pytest.mark.parametrize("batches", [1, 2, 5])
@pytest.mark.parametrize("depth", [1, 3, 4, 6, 31, 32, 33])
def test_pixels_are_rows_of_the_input(benches: Benches, depth: int, batches: int) -> None:
    node = fully_connected((batches,), depth=depth, units=7)
    op = op_of(node)
    assert isinstance(op, FullyConnected)
    assert op.can_be_pixels(SMALL)
    dsp = [bench for bench in benches.all if bench.variant == "dsp"]
    for bench in dsp:
        pixels = replace(op, as_pixels=True)
        values = values_of(op)
        expected = op.evaluate(values, bench.rounding)[0]
        assert (bench.run(pixels, values, WHOLE) == expected).all()


def test_rows_that_would_take_much_scratch_are_left_alone() -> None:
    op = op_of(fully_connected(depth=516, units=3))
    assert isinstance(op, FullyConnected)
    assert not op.can_be_pixels(SMALL)
