"""The shapes of an operator's outputs that the file leaves open, once its operands are known."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from tinygen.ir.tensor import Tensor
from tinygen.tflite.model import Operator, Subgraph
from tinygen.tflite.settling import made_shapes

LONGEST = 64
"""Elements of a constant that can be a shape, sizes or axes."""


def shaped_outputs(
    subgraph: Subgraph, operator: Operator, tensors: Mapping[int, Tensor], known: Mapping[int, Tensor]
) -> dict[int, Tensor]:
    """The outputs whose shape is another one than that of their tensor.

    tensors: as far as they have been read. known: those that follow from constants.
    """
    shapes = {i: tensors[i].shape for i in (*operator.inputs, *operator.outputs) if i in tensors}
    values = {
        i: tensor.value.tobytes()
        for i, tensor in ((i, known.get(i, tensors.get(i))) for i in operator.inputs)
        if tensor is not None and tensor.is_constant and tensor.elements <= LONGEST
    }
    made = made_shapes(subgraph, operator, shapes, values)
    return {i: replace(tensors[i], shape=shape) for i, shape in made.items() if i in tensors}
