"""REDUCE_MIN: the least element along some axes."""

from __future__ import annotations

from dataclasses import dataclass

from tinygen.ops.extreme_op import ExtremeOp


@dataclass(frozen=True, eq=False)
class ReduceMin(ExtremeOp):
    """output = min(input)"""

    KIND = "REDUCE_MIN"
    GREATEST = False
