"""SPLIT_V: parts of a tensor, each of its own size."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

from tinygen.ir.tensor import Tensor
from tinygen.ops.copy_op import COPY_RULES
from tinygen.ops.node import Node
from tinygen.ops.rule import is_constant
from tinygen.ops.split_op import SplitOp


@dataclass(frozen=True, eq=False)
class SplitV(SplitOp):
    sizes: Tensor
    """One per part; redundant with the parts' shapes."""

    KIND = "SPLIT_V"
    RULES = (is_constant("axis"), is_constant("sizes"), *COPY_RULES)

    @classmethod
    def read(cls, node: Node) -> Self:
        return cls(node.index, node.input(0), node.input(2), tuple(node.outputs), node.input(1))

    @property
    def inputs(self) -> tuple[Tensor, ...]:
        return (self.input, self.axis, self.sizes)
