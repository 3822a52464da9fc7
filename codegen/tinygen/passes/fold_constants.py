"""Ops whose inputs are all constants become constants, and so do those whose outputs have no elements."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields, replace

import numpy as np

from tinygen.ir.dtype import Array
from tinygen.ir.graph import Graph
from tinygen.ir.target import Rounding
from tinygen.ir.tensor import Tensor
from tinygen.ops.op import Op


def fold_constants(graph: Graph, rounding: Rounding) -> Graph:
    """Evaluates such ops by their own definition, so the result is what the device would have computed.

    What puts a constant into the model's memory stays, since that must happen at its time.
    """
    remembered = {state.next for state in graph.states}
    folded: dict[Tensor, Tensor] = {}
    kept: list[Op] = []
    for op in graph.ops:
        current = substitute(op, folded) if folded else op
        constant = not current.activations or _is_empty(current)
        if not constant or any(tensor in remembered for tensor in current.outputs):
            kept.append(current)
            continue
        values = _values(current, rounding)
        for tensor, value in zip(current.outputs, values, strict=True):
            folded[tensor] = replace(tensor, data=value)
    if not folded:
        return graph
    outputs = tuple(folded.get(tensor, tensor) for tensor in graph.outputs)
    return replace(graph, ops=tuple(kept), outputs=outputs)


def _is_empty(op: Op) -> bool:
    """Whether there is nothing to compute, as at either end of a list that a loop fills."""
    return bool(op.outputs) and all(tensor.elements == 0 for tensor in op.outputs)


def _values(op: Op, rounding: Rounding) -> Sequence[Array]:
    if _is_empty(op):
        return [np.zeros(tensor.shape, tensor.dtype.numpy) for tensor in op.outputs]
    return op.evaluate([tensor.value for tensor in op.inputs], rounding)


def substitute(op: Op, tensors: dict[Tensor, Tensor]) -> Op:
    """The op with some of its tensors exchanged; the same object if it has none of them."""
    if not any(tensor in tensors for tensor in (*op.inputs, *op.outputs)):
        return op
    changes: dict[str, object] = {}
    for field in fields(op):
        value = getattr(op, field.name)
        if isinstance(value, Tensor):
            changes[field.name] = tensors.get(value, value)
        elif isinstance(value, tuple) and value and isinstance(value[0], Tensor):
            changes[field.name] = tuple(tensors.get(tensor, tensor) for tensor in value)
    return replace(op, **changes)  # type: ignore[arg-type]
