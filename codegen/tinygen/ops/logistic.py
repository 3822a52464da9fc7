"""LOGISTIC: 1 / (1 + exp(-x))."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from tinygen.fixedpoint import logistic
from tinygen.ops.float_range import Floats
from tinygen.ops.sigmoid_op import INPUT_INTEGER_BITS, SigmoidOp, between_points, sigmoid_rules
from tinygen.quant import Int64s, rounding_divide_by_pot


@dataclass(frozen=True, eq=False)
class Logistic(SigmoidOp):
    """output = 1 / (1 + exp(-input)); floats within 5e-7."""

    KIND = "LOGISTIC"
    RULES = sigmoid_rules("scale 1/256 and zero point -128")
    BYTE_OUTPUT = (1 / 256, -128)
    POWERS = (0,)

    def byte(self, x: Int64s) -> Int64s:
        return rounding_divide_by_pot(logistic(x, INPUT_INTEGER_BITS), 23) - 128

    def word(self, x: Int64s) -> Int64s:
        result = between_points(x, 9, 0x7FFF << 10)
        return np.where(x >= 0, result + 512, (1 << 25) - result + 511) >> 10

    def real(self, x: Floats) -> Floats:
        return np.asarray(1 / (1 + np.exp(-x.astype(np.float64))), np.float32)
