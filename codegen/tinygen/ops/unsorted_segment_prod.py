"""UNSORTED_SEGMENT_PROD: the product of the slices of each segment."""

from __future__ import annotations

from dataclasses import dataclass

from tinygen.ops.reduction import REDUCE_PRODUCT
from tinygen.ops.unsorted_segment_op import UnsortedSegmentOp


@dataclass(frozen=True, eq=False)
class UnsortedSegmentProd(UnsortedSegmentOp):
    KIND = "UNSORTED_SEGMENT_PROD"
    OPERATION = REDUCE_PRODUCT
