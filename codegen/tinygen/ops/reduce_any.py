"""REDUCE_ANY: whether any element along some axes is true."""

from __future__ import annotations

from dataclasses import dataclass

from tinygen.ops.extreme_op import TruthOp


@dataclass(frozen=True, eq=False)
class ReduceAny(TruthOp):
    """output = input or input or ..."""

    KIND = "REDUCE_ANY"
    GREATEST = True
