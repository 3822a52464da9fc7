"""DEPTH_TO_SPACE and SPACE_TO_DEPTH: a square block of pixels, and the channels of one pixel."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

from tinygen.ops.copy_op import COPY_RULES, CopyOp
from tinygen.ops.node import Node
from tinygen.ops.unary import Unary


@dataclass(frozen=True, eq=False)
class DepthOp(Unary, CopyOp):
    """Moves the pixels of a block into channels, or back."""

    block: int

    RULES = COPY_RULES

    @classmethod
    def read(cls, node: Node) -> Self:
        return cls(node.index, node.input(0), node.outputs[0], node.integer("block_size"))
