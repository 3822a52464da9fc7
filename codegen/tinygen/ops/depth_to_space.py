"""DEPTH_TO_SPACE: the channels of a pixel as a square block of pixels."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from tinygen.ir.dtype import Array
from tinygen.ops.copy_op import Copy
from tinygen.ops.depth_op import DepthOp


@dataclass(frozen=True, eq=False)
class DepthToSpace(DepthOp):
    """output[n, y * block + i, x * block + j, c] = input[n, y, x, (i * block + j) * channels + c]"""

    KIND = "DEPTH_TO_SPACE"

    def copies(self) -> Sequence[Copy]:
        batches, height, width, channels = self.input.shape
        block = self.block

        def pick(array: Array) -> Array:
            cut = array.reshape(batches, height, width, block, block, channels // block**2)
            return cut.transpose(0, 1, 3, 2, 4, 5)

        return (Copy(self.input, self.output, pick),)
