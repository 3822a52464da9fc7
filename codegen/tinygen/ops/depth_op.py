"""DEPTH_TO_SPACE and SPACE_TO_DEPTH: a square block of pixels, and the channels of one pixel."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

from tinygen.ir.tensor import Tensor
from tinygen.ops.copy_op import COPY_RULES, CopyOp
from tinygen.ops.node import Node


@dataclass(frozen=True, eq=False)
class DepthOp(CopyOp):
    """Moves the pixels of a block into channels, or back."""

    input: Tensor
    output: Tensor
    block: int

    RULES = COPY_RULES

    @classmethod
    def read(cls, node: Node) -> Self:
        return cls(node.index, node.input(0), node.outputs[0], node.integer("block_size"))

    @property
    def inputs(self) -> tuple[Tensor, ...]:
        return (self.input,)

    @property
    def outputs(self) -> tuple[Tensor, ...]:
        return (self.output,)
