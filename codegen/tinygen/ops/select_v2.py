"""SELECT_V2: each element from one of two tensors, with broadcasting."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np

from tinygen.ir.dtype import Array, DType
from tinygen.ir.program import Field, KernelCall, Placement
from tinygen.ir.target import Rounding
from tinygen.ir.tensor import Tensor
from tinygen.ops.copy_op import SAME_DTYPE
from tinygen.ops.node import Node
from tinygen.ops.op import Op
from tinygen.ops.rule import Rule, dtype_is

DIMENSIONS = 6


def _shapes(op: SelectV2) -> str:
    if len(op.output.shape) > DIMENSIONS:
        return f"{op.output} has {len(op.output.shape)}"
    try:
        made = np.broadcast_shapes(op.condition_shape, op.x.shape, op.y.shape)
    except ValueError:
        made = (-1,)
    return "" if made == op.output.shape else f"{op.condition}, {op.x} and {op.y} make {op.output}"


@dataclass(frozen=True, eq=False)
class SelectV2(Op):
    """output[i] = x[i] if condition[i] else y[i]; dimensions of size 1 are repeated.

    What is stored is copied, whatever the scales: so does LiteRT.
    """

    condition: Tensor
    x: Tensor
    y: Tensor
    output: Tensor

    KIND = "SELECT_V2"
    RULES = (
        dtype_is("condition", DType.BOOL),
        SAME_DTYPE,
        Rule(f"the inputs can be broadcast to the output, which has at most {DIMENSIONS} dimensions", _shapes),
    )

    @classmethod
    def read(cls, node: Node) -> Self:
        return cls(node.index, node.input(0), node.input(1), node.input(2), node.outputs[0])

    @property
    def inputs(self) -> tuple[Tensor, ...]:
        return (self.condition, self.x, self.y)

    @property
    def moved(self) -> tuple[Tensor, ...]:
        return (self.x, self.y)

    @property
    def outputs(self) -> tuple[Tensor, ...]:
        return (self.output,)

    @property
    def condition_shape(self) -> tuple[int, ...]:
        return self.condition.shape

    def evaluate(self, values: Sequence[Array], rounding: Rounding) -> tuple[Array, ...]:
        chosen = np.where(values[0].reshape(self.condition_shape), values[1], values[2])
        return (np.broadcast_to(chosen, self.output.shape).astype(self.output.dtype.numpy),)

    def steps(self, shape: tuple[int, ...], element_bytes: int) -> tuple[int, ...]:
        """Bytes from one element to the next along each of the kernel's dimensions; 0 where they are repeated."""
        outline = np.broadcast_to(np.empty(shape, np.int8), self.output.shape)
        spare = DIMENSIONS - len(self.output.shape)
        ones = (step if size > 1 else 0 for size, step in zip(outline.shape, outline.strides, strict=True))
        return (0,) * spare + tuple(step * element_bytes for step in ones)

    def lower(self, place: Placement) -> tuple[KernelCall, ...]:
        size = self.output.dtype.size
        fields: dict[str, Field] = {
            "times": (1,) * (DIMENSIONS - len(self.output.shape)) + self.output.shape,
            "condition_steps": self.steps(self.condition_shape, 1),
            "x_steps": self.steps(self.x.shape, size),
            "y_steps": self.steps(self.y.shape, size),
            "element_bytes": size,
        }
        return (KernelCall("tg_select", fields, (self.condition, self.x, self.y), self.output, whole=True),)
