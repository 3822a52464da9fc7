"""NON_MAX_SUPPRESSION_V5: the best boxes, of which none overlaps a better one too much; overlaps may lower scores."""

from __future__ import annotations

from dataclasses import dataclass

from tinygen.ops.non_max_suppression_op import NonMaxSuppressionOp


@dataclass(frozen=True, eq=False)
class NonMaxSuppressionV5(NonMaxSuppressionOp):
    KIND = "NON_MAX_SUPPRESSION_V5"
    THRESHOLDS = 3
