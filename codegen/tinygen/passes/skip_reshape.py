"""Ops that do not care about the shape of what they read, only about the order of its elements, skip RESHAPE."""

from __future__ import annotations

from dataclasses import replace

from tinygen.ir.graph import Graph
from tinygen.ir.target import Rounding
from tinygen.ir.tensor import Tensor
from tinygen.ops.fully_connected import FullyConnected
from tinygen.ops.op import Op
from tinygen.passes.fold_constants import substitute


def skip_reshape(graph: Graph, rounding: Rounding) -> Graph:
    """FULLY_CONNECTED and RESHAPE read the tensor before a RESHAPE; all ops do if it changes nothing.

    What is then unread is left to `remove_unread`.
    """
    before: dict[Tensor, Tensor] = {}
    same: dict[Tensor, Tensor] = {}
    ops: list[Op] = []
    for original in graph.ops:
        op = substitute(original, same)
        if op.IS_ALIAS or isinstance(op, FullyConnected):
            op = substitute(op, {tensor: before[tensor] for tensor in op.inputs if tensor in before})
        ops.append(op)
        if not op.IS_ALIAS or op.inputs[0].quantization != op.outputs[0].quantization:
            continue
        source, result = op.inputs[0], op.outputs[0]
        before[result] = source
        if source.shape == result.shape:
            same[result] = source
    if all(new is old for new, old in zip(ops, graph.ops, strict=True)):
        return graph
    return replace(graph, ops=tuple(ops))
