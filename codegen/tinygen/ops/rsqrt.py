"""RSQRT: one over the square root."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from tinygen.fixedpoint import inverse_square_root
from tinygen.ir.dtype import Array, DType
from tinygen.ir.program import KernelCall, Placement
from tinygen.ir.target import Rounding
from tinygen.ops.elementwise import CENTRED, SAME_DTYPE, SCALED
from tinygen.ops.rule import dtype_is
from tinygen.ops.table_op import TableOp
from tinygen.quant import Int64s, multiply_by_quantized_multiplier, quantize_multiplier

EXTRA_BITS = 20
"""How far the root is shifted up between its two roundings."""


@dataclass(frozen=True, eq=False)
class Rsqrt(TableOp):
    """output = 1 / sqrt(input), integers in fixed point, floats within 4e-7.

    Where an integer is not above 0 the output is the largest; TFLite refuses to run when one is below.
    """

    KIND = "RSQRT"
    RULES = (dtype_is("input", DType.INT8, DType.INT16, DType.FLOAT32), SAME_DTYPE, SCALED, CENTRED)

    def requant(self, rounding: Rounding) -> tuple[int, int]:
        """(multiplier, shift) of a root that is shifted up; what is below int32's shifts is nothing."""
        real = 1.0 / (math.sqrt(self.input.scale) * self.output.scale)
        multiplier, shift = quantize_multiplier(real, rounding)
        return (multiplier, shift - EXTRA_BITS) if shift - EXTRA_BITS >= -31 else (0, 0)

    def answers(self, stored: Int64s, rounding: Rounding) -> Int64s:
        different, where = np.unique(stored - self.input.zero_point, return_inverse=True)
        roots = [inverse_square_root(max(int(value), 1)) for value in different]
        multipliers, shifts = np.array(roots, np.int64).reshape(-1, 2).T
        data = multiply_by_quantized_multiplier(1, multipliers, shifts + EXTRA_BITS, rounding)
        scaled = multiply_by_quantized_multiplier(data, *self.requant(rounding), rounding) + self.output.zero_point
        low, high = self.output.dtype.limits
        answers: Int64s = np.where(different > 0, np.clip(scaled, low, high), high)[where]
        return answers.reshape(stored.shape)

    def evaluate(self, values: Sequence[Array], rounding: Rounding) -> tuple[Array, ...]:
        if self.input.dtype.is_float:
            with np.errstate(all="ignore"):
                return (np.float32(1) / np.sqrt(values[0].astype(np.float32)),)
        return (self.answers(values[0].astype(np.int64), rounding).astype(self.output.dtype.numpy),)

    def lower(self, place: Placement) -> tuple[KernelCall, ...]:
        if self.input.dtype is DType.INT8:
            return super().lower(place)
        if self.input.dtype.is_float:
            return self.call(place, "tg_rsqrt_f32", {})
        multiplier, shift = self.requant(place.target.rounding)
        return self.call(place, "tg_rsqrt_s16", {"requant": {"multiplier": multiplier, "shift": shift}})
