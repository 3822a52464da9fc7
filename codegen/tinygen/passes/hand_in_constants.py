"""What an op hands to its own graphs, and is a constant, becomes a constant of theirs."""

from __future__ import annotations

from dataclasses import replace

from tinygen.ir.graph import Graph
from tinygen.ir.target import Rounding
from tinygen.ir.tensor import Tensor
from tinygen.ops.nested import Nested
from tinygen.ops.op import Op
from tinygen.passes.fold_constants import substitute


def hand_in_constants(graph: Graph, rounding: Rounding) -> Graph:
    """The graphs of ops then only read what is computed at run time."""
    if not any(isinstance(op, Nested) and any(t.is_constant for t in op.operands) for op in graph.ops):
        return graph
    return replace(graph, ops=tuple(_handed_in(op) for op in graph.ops))


def _handed_in(op: Op) -> Op:
    if not isinstance(op, Nested):
        return op
    graphs = tuple(_with_constants(graph, op.operands) for graph in op.graphs)
    return replace(op, operands=tuple(t for t in op.operands if not t.is_constant), graphs=graphs)


def _with_constants(graph: Graph, operands: tuple[Tensor, ...]) -> Graph:
    pairs = list(zip(graph.inputs, operands, strict=True))
    known = {i: replace(i, data=t.value.reshape(i.shape)) for i, t in pairs if t.is_constant}
    inputs = tuple(i for i, t in pairs if not t.is_constant)
    return replace(graph, inputs=inputs, outputs=inputs, ops=tuple(substitute(op, known) for op in graph.ops))
