"""TRANSPOSE: dimensions in another order."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

from tinygen.ir.tensor import Tensor
from tinygen.ops.copy_op import COPY_RULES, FEW_LOOPS, Copy, CopyOp
from tinygen.ops.node import Node
from tinygen.ops.rule import is_constant


@dataclass(frozen=True, eq=False)
class Transpose(CopyOp):
    """Dimension d of the output is dimension permutation[d] of the input."""

    input: Tensor
    permutation: Tensor
    """int32: one axis per dimension; negative ones count from the end"""
    output: Tensor

    KIND = "TRANSPOSE"
    RULES = (is_constant("permutation"), *COPY_RULES, FEW_LOOPS)

    @classmethod
    def read(cls, node: Node) -> Self:
        return cls(node.index, node.input(0), node.input(1), node.outputs[0])

    @property
    def inputs(self) -> tuple[Tensor, ...]:
        return (self.input, self.permutation)

    @property
    def outputs(self) -> tuple[Tensor, ...]:
        return (self.output,)

    def copies(self) -> Sequence[Copy]:
        axes = [int(axis) for axis in self.permutation.value.reshape(-1)]
        return (Copy(self.input, self.output, lambda array: array.transpose(axes)),)
