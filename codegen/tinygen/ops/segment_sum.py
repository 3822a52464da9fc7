"""SEGMENT_SUM: the sum of the slices of each segment, in ascending order of segments."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

from tinygen.ops.node import Node
from tinygen.ops.reduction import REDUCE_SUM
from tinygen.ops.unsorted_segment_op import UnsortedSegmentOp


@dataclass(frozen=True, eq=False)
class SegmentSum(UnsortedSegmentOp):
    """The number of segments is the output's."""

    KIND = "SEGMENT_SUM"
    OPERATION = REDUCE_SUM

    @classmethod
    def read(cls, node: Node) -> Self:
        return cls(node.index, node.input(0), node.input(1), None, node.outputs[0])
