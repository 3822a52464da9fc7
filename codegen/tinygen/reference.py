"""Runs a graph in numpy: the Python reference that every device is compared with."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from tinygen.ir.dtype import Array
from tinygen.ir.graph import Graph
from tinygen.ir.target import Rounding
from tinygen.ir.tensor import Tensor
from tinygen.ops.nested import run_ops

Memory = dict[int, Array]
"""What a model remembers, by the places of its states in the graph; empty before the first inference."""


def evaluate_all(
    graph: Graph, inputs: Sequence[Array], rounding: Rounding, memory: Memory | None = None
) -> Mapping[Tensor, Array]:
    """The value of every tensor of the graph for one inference.

    inputs: one array per model input, of its shape and dtype.
    memory: what earlier inferences left; it is brought up to date. None: the model begins anew.
    """
    remembered = {} if memory is None else memory
    values: dict[Tensor, Array] = {
        state.tensor: remembered.get(i, state.initial) for i, state in enumerate(graph.states)
    }
    for tensor, value in zip(graph.inputs, inputs, strict=True):
        values[tensor] = np.asarray(value, tensor.dtype.numpy).reshape(tensor.shape)
    run_ops(graph.ops, values, rounding)
    remembered.update((i, values[state.next]) for i, state in enumerate(graph.states))
    return values


def evaluate(
    graph: Graph, inputs: Sequence[Array], rounding: Rounding, memory: Memory | None = None
) -> tuple[Array, ...]:
    """The model's outputs for one inference."""
    values = evaluate_all(graph, inputs, rounding, memory)
    return tuple(tensor.value if tensor.is_constant else values[tensor] for tensor in graph.outputs)
