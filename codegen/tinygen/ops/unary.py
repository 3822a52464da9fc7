"""Ops that make one tensor of one other."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

from tinygen.ir.tensor import Tensor
from tinygen.ops.node import Node
from tinygen.ops.op import Op


@dataclass(frozen=True, eq=False)
class Unary(Op):
    """output = f(input)"""

    input: Tensor
    output: Tensor

    @classmethod
    def read(cls, node: Node) -> Self:
        return cls(node.index, node.input(0), node.outputs[0])

    @property
    def inputs(self) -> tuple[Tensor, ...]:
        return (self.input,)

    @property
    def outputs(self) -> tuple[Tensor, ...]:
        return (self.output,)
