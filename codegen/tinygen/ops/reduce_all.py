"""REDUCE_ALL: whether all elements along some axes are true."""

from __future__ import annotations

from dataclasses import dataclass

from tinygen.ops.extreme_op import TruthOp


@dataclass(frozen=True, eq=False)
class ReduceAll(TruthOp):
    """output = input and input and ..."""

    KIND = "REDUCE_ALL"
    GREATEST = False
