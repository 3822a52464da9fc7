"""Ops whose inputs are all constants become constants."""

from __future__ import annotations

from dataclasses import fields, replace

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
        if current.activations or any(tensor in remembered for tensor in current.outputs):
            kept.append(current)
            continue
        values = current.evaluate([tensor.value for tensor in current.inputs], rounding)
        for tensor, value in zip(current.outputs, values, strict=True):
            folded[tensor] = replace(tensor, data=value)
    if not folded:
        return graph
    outputs = tuple(folded.get(tensor, tensor) for tensor in graph.outputs)
    return replace(graph, ops=tuple(kept), outputs=outputs)


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
