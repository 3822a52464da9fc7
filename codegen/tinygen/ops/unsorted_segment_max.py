"""UNSORTED_SEGMENT_MAX: the greatest of the slices of each segment."""

from __future__ import annotations

from dataclasses import dataclass

from tinygen.ops.reduction import REDUCE_MAX
from tinygen.ops.unsorted_segment_op import UnsortedSegmentOp


@dataclass(frozen=True, eq=False)
class UnsortedSegmentMax(UnsortedSegmentOp):
    KIND = "UNSORTED_SEGMENT_MAX"
    OPERATION = REDUCE_MAX
