"""DIV: the quotient of two tensors, with broadcasting."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from tinygen.fixedpoint import one_over_one_plus_x
from tinygen.ir.dtype import DType
from tinygen.ir.program import Constant, Field
from tinygen.ir.target import Rounding
from tinygen.ops.broadcast import RANK_FITS
from tinygen.ops.elementwise import SAME_DTYPE, SCALED
from tinygen.ops.elementwise_binary import PLAIN_INTEGERS, Arithmetic, Requant, requant_field
from tinygen.ops.rule import ACTIVATION_IS_CLAMP, dtype_is
from tinygen.quant import Int64s, doubling_high_mul, multiply_by_quantized_multiplier, quantize_multiplier

OF_ZERO = (-1515870788, 1)
"""What TFLite Micro's Newton steps, which wrap, make of 1 / 0, with the sign that the quotient gets from it."""


def reciprocals() -> Int64s:
    """[256, 2]: 1 / i as (multiplier, shift). Source: GetReciprocal."""
    i = np.arange(1, 256)
    bits = np.array([int(n).bit_length() for n in i])
    inverses = one_over_one_plus_x((i << (32 - bits)) - 2**31)
    return np.concatenate([np.array([OF_ZERO]), np.stack([inverses, 1 - bits], axis=1)])


@dataclass(frozen=True, eq=False)
class Div(Arithmetic):
    """output = activation(input1 / input2); integers towards 0.

    What TFLite leaves open: x / 0 is in int8 what TFLite Micro's arithmetic makes of it, and 0 of int32.
    """

    KIND = "DIV"
    RULES = (
        dtype_is("input1", DType.INT8, DType.INT32, DType.FLOAT32),
        SAME_DTYPE,
        SCALED,
        PLAIN_INTEGERS,
        ACTIVATION_IS_CLAMP,
        RANK_FITS,
    )

    def plain(self, x: Any, y: Any) -> Any:
        if self.input1.dtype.is_float:
            return x / y
        quotient = np.abs(x) // np.maximum(np.abs(y), 1)
        return np.where(y == 0, 0, np.sign(x) * np.sign(y) * quotient)

    def requant(self, rounding: Rounding) -> Requant:
        """In float64, as in TFLite Micro; LiteRT's is in float32, which differs where a quotient is nearly half."""
        return quantize_multiplier(self.input1.scale / (self.input2.scale * self.output.scale), rounding)

    def quantized(self, x: Int64s, y: Int64s, rounding: Rounding) -> Int64s:
        """The dividend is shifted up as far as it goes, so that its product with the reciprocal keeps its bits."""
        multiplier, shift = self.requant(rounding)
        dividend, divisor = np.broadcast_arrays(x - self.input1.zero_point, y - self.input2.zero_point)
        dividend = np.where(divisor < 0, -dividend, dividend)
        table = reciprocals()[np.abs(divisor)]
        below = np.where(dividend < 0, -dividend - 1, dividend)
        headroom = 31 - np.ceil(np.log2(below + 1)).astype(np.int64)
        unscaled = doubling_high_mul(dividend << headroom, table[..., 0])
        total = shift + table[..., 1] - headroom
        scaled = multiply_by_quantized_multiplier(unscaled, multiplier, np.maximum(total, -31), rounding)
        return np.where(total < -31, 0, scaled) + self.output.zero_point

    def scaling(self, rounding: Rounding) -> Mapping[str, Field]:
        return {
            "reciprocals": Constant.structs("tg_requant", reciprocals(), 8),
            "input1_zero_point": self.input1.zero_point,
            "input2_zero_point": self.input2.zero_point,
            "output_zero_point": self.output.zero_point,
            "output_requant": requant_field(self.requant(rounding)),
        }
