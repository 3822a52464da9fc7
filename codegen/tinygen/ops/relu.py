"""RELU: max(x, 0), rescaled."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from tinygen.ir.target import Rounding
from tinygen.ops.table_op import TableOp
from tinygen.quant import Int64s, activation_range, quantize_multiplier, requantize


@dataclass(frozen=True, eq=False)
class Relu(TableOp):
    """output = clamp(requantized input), the clamp being the activation's range on the output's scale."""

    KIND = "RELU"
    ACTIVATION = "RELU"

    def answers(self, stored: Int64s, rounding: Rounding) -> Int64s:
        multiplier, shift = quantize_multiplier(self.input.scale / self.output.scale, rounding)
        centred = stored - self.input.zero_point
        scaled = requantize(centred, multiplier, shift, self.output.zero_point, rounding)
        return np.clip(scaled, *activation_range(self.ACTIVATION, self.output, self.output.dtype.limits))
