"""SPACE_TO_DEPTH: the pixels of a square block side by side in the channels of one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from tinygen.ir.dtype import Array
from tinygen.ops.copy_op import Copy
from tinygen.ops.depth_op import DepthOp


@dataclass(frozen=True, eq=False)
class SpaceToDepth(DepthOp):
    """output[n, y, x, (i * block + j) * channels + c] = input[n, y * block + i, x * block + j, c]"""

    KIND = "SPACE_TO_DEPTH"

    def copies(self) -> Sequence[Copy]:
        batches, height, width, channels = self.output.shape
        block = self.block

        def pick(array: Array) -> Array:
            cut = array.reshape(batches, height, block, width, block, channels // block**2)
            return cut.transpose(0, 1, 3, 2, 4, 5)

        return (Copy(self.input, self.output, pick),)
