"""UNSORTED_SEGMENT_SUM: the sum of the slices of each segment."""

from __future__ import annotations

from dataclasses import dataclass

from tinygen.ops.reduction import REDUCE_SUM
from tinygen.ops.unsorted_segment_op import UnsortedSegmentOp


@dataclass(frozen=True, eq=False)
class UnsortedSegmentSum(UnsortedSegmentOp):
    KIND = "UNSORTED_SEGMENT_SUM"
    OPERATION = REDUCE_SUM
