"""Ops whose outputs nobody reads go."""

from __future__ import annotations

from dataclasses import replace

from tinygen.ir.graph import Graph
from tinygen.ir.target import Rounding
from tinygen.ops.op import Op


def remove_unread(graph: Graph, rounding: Rounding) -> Graph:
    """Keeps an op if one of its outputs is an output of the model or is read by a kept op."""
    read = {*graph.outputs, *(state.next for state in graph.states)}
    kept: list[Op] = []
    for op in reversed(graph.ops):
        if any(tensor in read for tensor in op.outputs):
            kept.append(op)
            read.update(op.inputs)
    if len(kept) == len(graph.ops):
        return graph
    return replace(graph, ops=tuple(reversed(kept)))
