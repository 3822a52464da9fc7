"""TANH: the hyperbolic tangent."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from tinygen.fixedpoint import tanh
from tinygen.ops.float_range import Floats
from tinygen.ops.sigmoid_op import INPUT_INTEGER_BITS, SigmoidOp, between_points, sigmoid_rules
from tinygen.quant import Int64s, rounding_divide_by_pot


@dataclass(frozen=True, eq=False)
class Tanh(SigmoidOp):
    """output = tanh(input); floats within 3e-7."""

    KIND = "TANH"
    RULES = sigmoid_rules("scale 1/128 and zero point 0")
    BYTE_OUTPUT = (1 / 128, 0)
    POWERS = (0, 1)

    def byte(self, x: Int64s) -> Int64s:
        return rounding_divide_by_pot(tanh(x, INPUT_INTEGER_BITS), 24)

    def word(self, x: Int64s) -> Int64s:
        result = between_points(x, 8, 0xFFFF << 8)
        return np.where(x >= 0, result - (1 << 23) + 128, -result + (1 << 23) + 127) >> 8

    def real(self, x: Floats) -> Floats:
        return np.asarray(np.tanh(x.astype(np.float64)), np.float32)
