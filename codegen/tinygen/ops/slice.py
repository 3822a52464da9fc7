"""SLICE: a box out of a tensor."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

from tinygen.ir.tensor import Tensor
from tinygen.ops.copy_op import COPY_RULES, FEW_LOOPS, Copy, CopyOp, indexed
from tinygen.ops.node import Node
from tinygen.ops.rule import is_constant


@dataclass(frozen=True, eq=False)
class Slice(CopyOp):
    """output[i, j, ...] = input[begin[0] + i, begin[1] + j, ...]"""

    input: Tensor
    begin: Tensor
    size: Tensor
    """One per dimension; -1 for all that is left."""
    output: Tensor

    KIND = "SLICE"
    RULES = (is_constant("begin"), is_constant("size"), *COPY_RULES, FEW_LOOPS)

    @classmethod
    def read(cls, node: Node) -> Self:
        return cls(node.index, node.input(0), node.input(1), node.input(2), node.outputs[0])

    @property
    def inputs(self) -> tuple[Tensor, ...]:
        return (self.input, self.begin, self.size)

    @property
    def outputs(self) -> tuple[Tensor, ...]:
        return (self.output,)

    def copies(self) -> Sequence[Copy]:
        begins, sizes = self.begin.value.reshape(-1).tolist(), self.size.value.reshape(-1).tolist()
        box = [slice(begin, None if size == -1 else begin + size) for begin, size in zip(begins, sizes, strict=True)]
        return (Copy(self.input, self.output, indexed(*box)),)
