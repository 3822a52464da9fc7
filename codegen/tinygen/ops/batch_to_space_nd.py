"""BATCH_TO_SPACE_ND: the images that SPACE_TO_BATCH_ND made become one again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from tinygen.ops.copy_op import Copy
from tinygen.ops.space_batch_op import SpaceBatchOp


@dataclass(frozen=True, eq=False)
class BatchToSpaceNd(SpaceBatchOp):
    """The margins are cropped."""

    KIND = "BATCH_TO_SPACE_ND"

    def copies(self) -> Sequence[Copy]:
        return [Copy(self.input, self.output, small, large) for small, large in self.views(self.input, self.output)]
