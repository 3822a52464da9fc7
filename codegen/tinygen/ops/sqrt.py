"""SQRT: the square root."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from tinygen.ir.dtype import Array, DType
from tinygen.ir.program import KernelCall, Placement
from tinygen.ir.target import Rounding
from tinygen.ops.curve import real_inputs
from tinygen.ops.elementwise import SAME_DTYPE, SCALED
from tinygen.ops.rule import dtype_is
from tinygen.ops.table_op import TableOp
from tinygen.quant import Int64s


@dataclass(frozen=True, eq=False)
class Sqrt(TableOp):
    """output = sqrt(input), in float32 and correctly rounded; integers are cut off towards 0, and negative ones are 0.

    TFLite refuses to run when a quantized input is negative.
    """

    KIND = "SQRT"
    RULES = (dtype_is("input", DType.INT8, DType.INT16, DType.FLOAT32), SAME_DTYPE, SCALED)

    def answers(self, stored: Int64s, rounding: Rounding) -> Int64s:
        reals = np.maximum(real_inputs(stored, self.input), np.float32(0))
        ratios = np.sqrt(reals) / np.float32(self.output.scale)
        whole = np.trunc(np.minimum(ratios, np.float32(65536))).astype(np.int64)
        return np.clip(whole + self.output.zero_point, *self.output.dtype.limits)

    def evaluate(self, values: Sequence[Array], rounding: Rounding) -> tuple[Array, ...]:
        if self.input.dtype.is_float:
            with np.errstate(invalid="ignore"):
                return (np.sqrt(values[0].astype(np.float32)),)
        return (self.answers(values[0].astype(np.int64), rounding).astype(self.output.dtype.numpy),)

    def lower(self, place: Placement) -> tuple[KernelCall, ...]:
        if self.input.dtype is DType.INT8:
            return super().lower(place)
        if self.input.dtype.is_float:
            return self.call(place, "tg_sqrt_f32", {})
        fields = {
            "input_scale": self.input.scale,
            "output_scale": self.output.scale,
            "input_zero_point": self.input.zero_point,
            "output_zero_point": self.output.zero_point,
        }
        return self.call(place, "tg_sqrt_s16", fields)
