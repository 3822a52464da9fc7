"""REDUCE_MAX: the greatest element along some axes."""

from __future__ import annotations

from dataclasses import dataclass

from tinygen.ops.extreme_op import ExtremeOp


@dataclass(frozen=True, eq=False)
class ReduceMax(ExtremeOp):
    """output = max(input)"""

    KIND = "REDUCE_MAX"
    GREATEST = True
