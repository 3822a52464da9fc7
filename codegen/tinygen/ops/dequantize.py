"""DEQUANTIZE: int8, uint8, int16 or float16 to float32."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from tinygen.ir.dtype import Array, DType
from tinygen.ir.program import Field, KernelCall, Placement
from tinygen.ir.target import Rounding
from tinygen.ops.dequantize_constant import DequantizeConstant
from tinygen.ops.elementwise import SCALED, Elementwise
from tinygen.ops.rule import dtype_is


@dataclass(frozen=True, eq=False)
class Dequantize(Elementwise):
    """output = scale * (input - zero_point); a float16 as it is.

    The difference is exact in float32, so one float32 product is the correctly rounded result that TFLite's float64
    product, rounded to float32, gives too.
    """

    KIND = "DEQUANTIZE"
    FORMS = (DequantizeConstant,)
    RULES = (
        dtype_is("input", DType.INT8, DType.UINT8, DType.INT16, DType.FLOAT16),
        dtype_is("output", DType.FLOAT32),
        SCALED,
    )

    def evaluate(self, values: Sequence[Array], rounding: Rounding) -> tuple[Array, ...]:
        if self.input.dtype.is_float:
            return (values[0].astype(np.float32),)
        centred = (values[0].astype(np.int64) - self.input.zero_point).astype(np.float32)
        return (centred * np.float32(self.input.scale),)

    def lower(self, place: Placement) -> tuple[KernelCall, ...]:
        if self.input.dtype.is_float:
            return self.call(place, "tg_dequantize_f16_f32", {})
        fields: dict[str, Field] = {"scale": self.input.scale, "zero_point": self.input.zero_point}
        if self.input.dtype is not DType.INT8:
            kernel = "tg_dequantize_u8_f32" if self.input.dtype is DType.UINT8 else "tg_dequantize_s16_f32"
            return self.call(place, kernel, fields)
        where: dict[str, Field] = {
            "input": place.ring(self.input),
            "output": place.ring(self.output),
            "row_elements": self.output.row_elements,
        }
        return (KernelCall("tg_dequantize_s8_f32", where | fields, (self.input,), self.output),)
