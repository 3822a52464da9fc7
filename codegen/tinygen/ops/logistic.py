"""LOGISTIC: 1 / (1 + exp(-x)) in fixed point."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from tinygen.fixedpoint import logistic
from tinygen.ir.target import Rounding
from tinygen.ops.rule import Rule
from tinygen.ops.table_op import TableOp
from tinygen.quant import (
    Int64s,
    input_radius,
    multiply_by_quantized_multiplier,
    quantize_multiplier,
    rounding_divide_by_pot,
)

INPUT_INTEGER_BITS = 4


def _output_is_probability(op: Logistic) -> str:
    return "" if (op.output.scale, op.output.zero_point) == (1 / 256, -128) else f"{op.output} has another"


@dataclass(frozen=True, eq=False)
class Logistic(TableOp):
    """reference_integer_ops::Logistic: Q4.27 in, Q0.31 out, then 8 bits."""

    KIND = "LOGISTIC"
    RULES = (*TableOp.RULES, Rule("output has scale 1/256 and zero point -128", _output_is_probability))

    def answers(self, stored: Int64s, rounding: Rounding) -> Int64s:
        multiplier, shift = quantize_multiplier(self.input.scale * 2.0 ** (31 - INPUT_INTEGER_BITS))
        radius = input_radius(INPUT_INTEGER_BITS, shift)
        x = stored - self.input.zero_point
        inside = np.clip(x, -radius + 1, radius - 1)
        scaled = multiply_by_quantized_multiplier(inside, multiplier, shift, rounding)
        result = rounding_divide_by_pot(logistic(scaled, INPUT_INTEGER_BITS), 23) - 128
        result = np.where(x <= -radius, -128, np.where(x >= radius, 127, result))
        return np.clip(result, -128, 127)
