"""ABS: the magnitude of a number."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from tinygen.ir.dtype import Array, DType
from tinygen.ir.program import Field, KernelCall, Placement
from tinygen.ir.target import Rounding
from tinygen.ops.elementwise import CENTRED, SAME_DTYPE
from tinygen.ops.rule import Rule, dtype_is
from tinygen.ops.table_op import TableOp
from tinygen.quant import Int64s, quantize_multiplier, requantize


def _half_scaled(op: Abs) -> str:
    scaled = [t for t in (op.input, op.output) if t.quantization is not None]
    bare = [t for t in (op.input, op.output) if t.quantization is None]
    if any(t.params.per_channel for t in scaled):
        return f"{scaled[0]} has several scales"
    if op.input.dtype is DType.INT8 and bare:
        return f"{bare[0]} has no quantization"
    return f"{bare[0]} has no quantization" if op.input.dtype is DType.INT16 and len(bare) == 1 else ""


@dataclass(frozen=True, eq=False)
class Abs(TableOp):
    """output = |input|, rescaled; int16 without a scale wraps at its end as TFLite's does."""

    KIND = "ABS"
    RULES = (
        dtype_is("input", DType.INT8, DType.INT16, DType.INT32, DType.FLOAT32),
        SAME_DTYPE,
        Rule("int8 tensors have one scale and one zero point, int16 tensors have one scale or none", _half_scaled),
        CENTRED,
    )

    def requant(self, rounding: Rounding) -> tuple[int, int]:
        """(multiplier, shift)"""
        if self.input.quantization is None:
            return 1 << 30, 1
        return quantize_multiplier(self.input.scale / self.output.scale, rounding)

    def answers(self, stored: Int64s, rounding: Rounding) -> Int64s:
        size = np.abs(stored - self.input.zero_point)
        scaled = requantize(size, *self.requant(rounding), self.output.zero_point, rounding)
        return np.clip(scaled, *self.output.dtype.limits)

    @property
    def largest(self) -> int:
        """Of int16."""
        return 32768 if self.input.quantization is None else 32767

    def evaluate(self, values: Sequence[Array], rounding: Rounding) -> tuple[Array, ...]:
        if self.input.dtype is DType.INT8:
            return super().evaluate(values, rounding)
        if self.input.dtype is not DType.INT16:
            with np.errstate(over="ignore"):
                return (np.abs(values[0]).astype(self.output.dtype.numpy),)
        scaled = requantize(np.abs(values[0].astype(np.int64)), *self.requant(rounding), 0, rounding)
        return (np.clip(scaled, 0, self.largest).astype(np.int16),)

    def lower(self, place: Placement) -> tuple[KernelCall, ...]:
        if self.input.dtype is DType.INT8:
            return super().lower(place)
        if self.input.dtype is not DType.INT16:
            return self.call(place, "tg_abs_f32" if self.input.dtype.is_float else "tg_abs_s32", {})
        multiplier, shift = self.requant(place.target.rounding)
        fields: dict[str, Field] = {"requant": {"multiplier": multiplier, "shift": shift}, "output_max": self.largest}
        return self.call(place, "tg_abs_s16", fields)
