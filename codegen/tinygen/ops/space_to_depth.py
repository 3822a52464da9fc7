"""SPACE_TO_DEPTH: the pixels of a square block side by side in the channels of one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

from tinygen.ir.dtype import Array
from tinygen.ir.tensor import Tensor
from tinygen.ops.copy_op import COPY_RULES, Copy, CopyOp
from tinygen.ops.node import Node


@dataclass(frozen=True, eq=False)
class SpaceToDepth(CopyOp):
    """output[n, y, x, (i * block + j) * channels + c] = input[n, y * block + i, x * block + j, c]"""

    input: Tensor
    output: Tensor
    block: int

    KIND = "SPACE_TO_DEPTH"
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

    def copies(self) -> Sequence[Copy]:
        batches, height, width, channels = self.output.shape
        block = self.block

        def pick(array: Array) -> Array:
            cut = array.reshape(batches, height, block, width, block, channels // block**2)
            return cut.transpose(0, 1, 3, 2, 4, 5)

        return (Copy(self.input, self.output, pick),)
