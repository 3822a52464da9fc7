"""QUANTIZE: float32 to int8, or int8 to int8 on another scale."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from tinygen.ir.dtype import Array, DType
from tinygen.ir.program import KernelCall, Placement
from tinygen.ir.target import Rounding
from tinygen.ops.rule import dtype_is, is_per_tensor
from tinygen.ops.table_op import TableOp
from tinygen.quant import Int64s, quantize_multiplier, requantize


@dataclass(frozen=True, eq=False)
class Quantize(TableOp):
    """output = clamp(round(input / scale) + zero_point), halves away from zero; integers are requantized."""

    KIND = "QUANTIZE"
    RULES = (
        dtype_is("input", DType.FLOAT32, DType.INT8),
        dtype_is("output", DType.INT8),
        is_per_tensor("input", "output"),
    )

    def answers(self, stored: Int64s, rounding: Rounding) -> Int64s:
        multiplier, shift = quantize_multiplier(self.input.scale / self.output.scale, rounding)
        centred = stored - self.input.zero_point
        scaled = requantize(centred, multiplier, shift, self.output.zero_point, rounding)
        return np.clip(scaled, *self.output.dtype.limits)

    def evaluate(self, values: Sequence[Array], rounding: Rounding) -> tuple[Array, ...]:
        if not self.input.dtype.is_float:
            return super().evaluate(values, rounding)
        # float32 division, as in TFLite; what follows is exact in float64. Not-a-number becomes the zero point.
        with np.errstate(over="ignore"):
            ratio = (values[0].astype(np.float32) / np.float32(self.output.scale)).astype(np.float64)
        bounded = np.clip(np.nan_to_num(ratio, nan=0.0), -(2.0**24), 2.0**24)
        rounded = np.trunc(bounded + np.copysign(0.5, bounded)).astype(np.int64)
        return (np.clip(rounded + self.output.zero_point, *self.output.dtype.limits).astype(np.int8),)

    def lower(self, place: Placement) -> tuple[KernelCall, ...]:
        if not self.input.dtype.is_float:
            return super().lower(place)
        return (
            KernelCall(
                "tg_quantize_f32_s8",
                {
                    "input": place.ring(self.input),
                    "output": place.ring(self.output),
                    "row_elements": self.output.row_elements,
                    "scale": self.output.scale,
                    "zero_point": self.output.zero_point,
                },
                (self.input,),
                self.output,
            ),
        )
