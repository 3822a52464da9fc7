"""RELU_N1_TO_1: a clamp to -1 .. 1, rescaled."""

from __future__ import annotations

from dataclasses import dataclass

from tinygen.ir.dtype import DType
from tinygen.ops.clamp_op import ClampOp
from tinygen.ops.elementwise import SAME_DTYPE, SCALED
from tinygen.ops.rule import dtype_is


@dataclass(frozen=True, eq=False)
class ReluN1To1(ClampOp):
    """output = min(max(input, -1), 1)."""

    KIND = "RELU_N1_TO_1"
    RULES = (dtype_is("input", DType.INT8, DType.FLOAT32), SAME_DTYPE, SCALED)
    LOW, HIGH = -1.0, 1.0
