"""UNSORTED_SEGMENT_MIN: the least of the slices of each segment."""

from __future__ import annotations

from dataclasses import dataclass

from tinygen.ops.reduction import REDUCE_MIN
from tinygen.ops.unsorted_segment_op import UnsortedSegmentOp


@dataclass(frozen=True, eq=False)
class UnsortedSegmentMin(UnsortedSegmentOp):
    KIND = "UNSORTED_SEGMENT_MIN"
    OPERATION = REDUCE_MIN
