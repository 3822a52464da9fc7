"""HARD_SWISH: a number times a straight-line logistic."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from tinygen.ir.dtype import Array, DType
from tinygen.ir.program import KernelCall, Placement
from tinygen.ir.target import Rounding
from tinygen.ops.elementwise import SAME_DTYPE, SCALED
from tinygen.ops.rule import Rule, dtype_is
from tinygen.ops.table_op import TableOp
from tinygen.quant import Int64s, quantize_multiplier, rounding_divide_by_pot

INT16_MIN, INT16_MAX = -(2**15), 2**15 - 1
HIGH_BITS = 7
"""How far an int8 difference is shifted up to fill an int16."""


def _factors(op: HardSwish) -> tuple[float, float]:
    """Of the output and of the ramp, for inputs shifted up; in float32 as TFLite computes them."""
    fine = np.float32(op.input.scale) * np.float32(1 / 2**HIGH_BITS)
    return float(fine / np.float32(op.output.scale)), float(fine / np.float32(3 / 2**15))


def _output_scale_is_tiny(op: HardSwish) -> str:
    if op.input.dtype.is_float or quantize_multiplier(_factors(op)[0])[1] <= 0:
        return ""
    return f"they are {op.input.scale:g} and {op.output.scale:g}"


def _to_int16(multiplier: int) -> int:
    """Q0.31 to Q0.15; DownScaleInt32ToInt16Multiplier."""
    return INT16_MAX if multiplier >= 2**31 - 2**15 else (multiplier + 2**15) >> 16


def _high_mul(a: Int64s, b: int) -> Int64s:
    """round(a * b / 2**15), halves up; gemmlowp's SaturatingRoundingDoublingHighMul for int16."""
    product: Int64s = (a * b + 2**14) >> 15
    return np.minimum(product, INT16_MAX)


def _shift_left(a: Int64s, bits: int) -> Int64s:
    shifted: Int64s = a << bits
    return np.clip(shifted, INT16_MIN, INT16_MAX)


@dataclass(frozen=True, eq=False)
class HardSwish(TableOp):
    """output = input * clamp(input + 3, 0, 6) / 6; int8 in fixed point of 16 bits."""

    KIND = "HARD_SWISH"
    RULES = (
        dtype_is("input", DType.INT8, DType.FLOAT32),
        SAME_DTYPE,
        SCALED,
        Rule("the output's scale is not below 1/128 of the input's", _output_scale_is_tiny),
    )

    def answers(self, stored: Int64s, rounding: Rounding) -> Int64s:
        of_output, of_ramp = (quantize_multiplier(real) for real in _factors(self))
        fine = (stored - self.input.zero_point) << HIGH_BITS
        product = _high_mul(fine, _to_int16(of_output[0]))
        shift = of_ramp[1]
        ramp = _shift_left(fine, shift - 1) if shift > 0 else fine
        ramp = _high_mul(ramp, _to_int16(of_ramp[0]))
        ramp = _shift_left(ramp, 1) if shift > 0 else rounding_divide_by_pot(ramp, -shift)
        ramp = (ramp + 2**15) >> 1  # 0 .. 1 in Q0.15
        whole = ramp * product
        swished = np.sign(whole) * (np.abs(whole) >> 15)
        result = rounding_divide_by_pot(swished, -of_output[1]) + self.output.zero_point
        return np.clip(result, *self.output.dtype.limits)

    def evaluate(self, values: Sequence[Array], rounding: Rounding) -> tuple[Array, ...]:
        if not self.input.dtype.is_float:
            return super().evaluate(values, rounding)
        x = values[0].astype(np.float32)
        with np.errstate(all="ignore"):
            ramp = np.clip(x + np.float32(3), np.float32(0), np.float32(6))
            return (x * ramp / np.float32(6),)

    def lower(self, place: Placement) -> tuple[KernelCall, ...]:
        return self.call(place, "tg_hard_swish_f32", {}) if self.input.dtype.is_float else super().lower(place)
