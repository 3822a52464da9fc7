"""QUANTIZE: float32 to integers, or integers to another scale."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from tinygen.ir.dtype import Array, DType
from tinygen.ir.program import Constant, Field, KernelCall, Placement
from tinygen.ir.target import Rounding
from tinygen.ops.element import element_type
from tinygen.ops.rule import Rule, dtype_is, is_per_tensor
from tinygen.ops.table_op import TableOp
from tinygen.quant import Int64s, quantize_multiplier, requantize, wrap_int32

BYTES = (DType.INT8, DType.UINT8)
INTEGERS = (*BYTES, DType.INT16, DType.INT32)


def _float_to_int32(op: Any) -> str:
    return f"{op.output} is int32" if op.input.dtype.is_float and op.output.dtype is DType.INT32 else ""


@dataclass(frozen=True, eq=False)
class Quantize(TableOp):
    """output = clamp(round(input / scale) + zero_point), halves away from zero; integers are requantized."""

    KIND = "QUANTIZE"
    RULES = (
        dtype_is("input", DType.FLOAT32, *INTEGERS),
        dtype_is("output", *INTEGERS),
        is_per_tensor("input", "output"),
        Rule("float32 is quantized to int8, uint8 or int16", _float_to_int32),
    )

    def answers(self, stored: Int64s, rounding: Rounding) -> Int64s:
        multiplier, shift = self.requant(rounding)
        centred = wrap_int32(stored - self.input.zero_point)
        scaled = requantize(centred, multiplier, shift, self.output.zero_point, rounding)
        return np.clip(wrap_int32(scaled), *self.output.dtype.limits)

    def requant(self, rounding: Rounding) -> tuple[int, int]:
        """(multiplier, shift)"""
        return quantize_multiplier(self.input.scale / self.output.scale, rounding)

    def evaluate(self, values: Sequence[Array], rounding: Rounding) -> tuple[Array, ...]:
        if not self.input.dtype.is_float:
            return (self.answers(values[0].astype(np.int64), rounding).astype(self.output.dtype.numpy),)
        # float32 division, as in TFLite; what follows is exact in float64. Not-a-number becomes the zero point.
        with np.errstate(over="ignore"):
            ratio = (values[0].astype(np.float32) / np.float32(self.output.scale)).astype(np.float64)
        bounded = np.clip(np.nan_to_num(ratio, nan=0.0), -(2.0**24), 2.0**24)
        rounded = np.trunc(bounded + np.copysign(0.5, bounded)).astype(np.int64)
        stored = np.clip(rounded + self.output.zero_point, *self.output.dtype.limits)
        return (stored.astype(self.output.dtype.numpy),)

    def lower(self, place: Placement) -> tuple[KernelCall, ...]:
        if self.is_table:
            return super().lower(place)
        if self.input.dtype.is_float:
            return self._from_float(place)
        rounding = place.target.rounding
        if self.input.dtype in BYTES and self.output.dtype in BYTES:
            every = np.arange(256, dtype=np.uint8).view(self.input.dtype.numpy).astype(np.int64)
            table = self.answers(every, rounding).astype(self.output.dtype.numpy).view(np.uint8)
            return self.call(place, "tg_table_u8", {"table": Constant.of(table)})
        multiplier, shift = self.requant(rounding)
        low, high = self.output.dtype.limits
        fields: dict[str, Field] = {
            "input_zero_point": self.input.zero_point,
            "output_zero_point": self.output.zero_point,
            "requant": {"multiplier": multiplier, "shift": shift},
            "output_min": low,
            "output_max": high,
        }
        if self.input.dtype is DType.INT16 and self.output.dtype is DType.INT16:
            return self.call(place, "tg_requantize_s16", fields)
        types = {"input_type": element_type(self.input.dtype), "output_type": element_type(self.output.dtype)}
        return self.call(place, "tg_requantize", types | fields)

    def _from_float(self, place: Placement) -> tuple[KernelCall, ...]:
        fields: dict[str, Field] = {"scale": self.output.scale, "zero_point": self.output.zero_point}
        if self.output.dtype is not DType.INT8:
            kernel = "tg_quantize_f32_u8" if self.output.dtype is DType.UINT8 else "tg_quantize_f32_s16"
            return self.call(place, kernel, fields)
        where: dict[str, Field] = {
            "input": place.ring(self.input),
            "output": place.ring(self.output),
            "row_elements": self.output.row_elements,
        }
        return (KernelCall("tg_quantize_f32_s8", where | fields, (self.input,), self.output),)
