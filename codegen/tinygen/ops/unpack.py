"""UNPACK: every element along one axis as a tensor of its own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

from tinygen.ir.tensor import Tensor
from tinygen.ops.copy_op import COPY_RULES, Copy, CopyOp, along
from tinygen.ops.node import Node


@dataclass(frozen=True, eq=False)
class Unpack(CopyOp):
    """parts[i] = input[..., i, ...]"""

    input: Tensor
    parts: tuple[Tensor, ...]
    axis: int

    KIND = "UNPACK"
    RULES = COPY_RULES

    @classmethod
    def read(cls, node: Node) -> Self:
        axis = node.integer("axis")
        rank = len(node.input(0).shape)
        return cls(node.index, node.input(0), tuple(node.outputs), axis + rank if axis < 0 else axis)

    @property
    def inputs(self) -> tuple[Tensor, ...]:
        return (self.input,)

    @property
    def outputs(self) -> tuple[Tensor, ...]:
        return self.parts

    def copies(self) -> Sequence[Copy]:
        return [Copy(self.input, part, along(self.axis, i)) for i, part in enumerate(self.parts)]
