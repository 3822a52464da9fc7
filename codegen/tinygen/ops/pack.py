"""PACK: tensors of one shape stacked along a new axis."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

from tinygen.ir.tensor import Tensor
from tinygen.ops.copy_op import COPY_RULES, Copy, CopyOp, along, everything
from tinygen.ops.node import Node


@dataclass(frozen=True, eq=False)
class Pack(CopyOp):
    """output[..., i, ...] = parts[i]"""

    parts: tuple[Tensor, ...]
    output: Tensor
    axis: int

    KIND = "PACK"
    RULES = COPY_RULES

    @classmethod
    def read(cls, node: Node) -> Self:
        parts = tuple(node.input(i) for i in range(len(node.inputs)))
        axis = node.integer("axis")
        output = node.outputs[0]
        return cls(node.index, parts, output, axis + len(output.shape) if axis < 0 else axis)

    @property
    def inputs(self) -> tuple[Tensor, ...]:
        return self.parts

    @property
    def outputs(self) -> tuple[Tensor, ...]:
        return (self.output,)

    @property
    def moved(self) -> tuple[Tensor, ...]:
        return self.parts

    def copies(self) -> Sequence[Copy]:
        return [Copy(part, self.output, everything, along(self.axis, i)) for i, part in enumerate(self.parts)]
