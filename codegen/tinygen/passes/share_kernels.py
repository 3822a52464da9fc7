"""At --optimize size, a FULLY_CONNECTED becomes a pixel of CONV_2D's kernel where the model has that anyway."""

from __future__ import annotations

from dataclasses import replace

from tinygen.ir.graph import Graph
from tinygen.ir.target import Optimize, Target
from tinygen.ops.conv_2d import Conv2D
from tinygen.ops.fully_connected import FullyConnected
from tinygen.ops.op import Op


def share_kernels(graph: Graph, target: Target) -> Graph:
    """The same graph where code need not be small, or has no convolution in blocks."""
    convs = [op for op in graph.ops if isinstance(op, Conv2D)]
    if target.optimize is not Optimize.SIZE or not any(op.blocks(target) is not None for op in convs):
        return graph
    return replace(graph, ops=tuple(_as_pixels(op, target) for op in graph.ops))


def _as_pixels(op: Op, target: Target) -> Op:
    if isinstance(op, FullyConnected) and op.can_be_pixels(target):
        return replace(op, as_pixels=True)
    return op
