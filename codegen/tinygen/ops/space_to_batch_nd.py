"""SPACE_TO_BATCH_ND: every place of a block becomes an image of its own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from tinygen.ir.tensor import Tensor
from tinygen.ops.copy_op import Copy, constant_like
from tinygen.ops.space_batch_op import SpaceBatchOp


@dataclass(frozen=True, eq=False)
class SpaceToBatchNd(SpaceBatchOp):
    """The margins are padded with the zero point."""

    KIND = "SPACE_TO_BATCH_ND"

    @property
    def background(self) -> Tensor | None:
        if not self.margins.value.any():
            return None
        return constant_like(self.output, self.output.zero_point if self.output.quantization else 0)

    def copies(self) -> Sequence[Copy]:
        return [Copy(self.input, self.output, large, small) for small, large in self.views(self.output, self.input)]
