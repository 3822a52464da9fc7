"""RELU and its kin: a clamp to a range of reals, and another scale."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from tinygen.ir.dtype import Array, DType
from tinygen.ir.program import Field, KernelCall, Placement
from tinygen.ir.target import Rounding
from tinygen.ops.elementwise import CENTRED, SAME_DTYPE, SCALED
from tinygen.ops.float_range import LARGEST
from tinygen.ops.rule import Rule, dtype_is
from tinygen.ops.table_op import TableOp
from tinygen.quant import Int64s, quantize_multiplier, quantized_real, requantize


@dataclass(frozen=True, eq=False)
class ClampOp(TableOp):
    """output = clamp(input); of integers, the requantized input within the range on the output's scale."""

    RULES: ClassVar[tuple[Rule, ...]] = (
        dtype_is("input", DType.INT8, DType.INT16, DType.FLOAT32),
        SAME_DTYPE,
        SCALED,
        CENTRED,
    )
    LOW: ClassVar[float]
    HIGH: ClassVar[float]
    """LARGEST: there is no upper end."""

    def requant(self, rounding: Rounding) -> tuple[int, int]:
        """(multiplier, shift)"""
        return quantize_multiplier(self.input.scale / self.output.scale, rounding)

    @property
    def clamp(self) -> tuple[int, int]:
        """The stored outputs that there are."""
        low, high = self.output.dtype.limits
        if self.HIGH < LARGEST:
            high = min(high, quantized_real(self.HIGH, self.output))
        return max(low, quantized_real(self.LOW, self.output)), high

    def answers(self, stored: Int64s, rounding: Rounding) -> Int64s:
        centred = stored - self.input.zero_point
        scaled = requantize(centred, *self.requant(rounding), self.output.zero_point, rounding)
        return np.clip(scaled, *self.clamp)

    def evaluate(self, values: Sequence[Array], rounding: Rounding) -> tuple[Array, ...]:
        if self.input.dtype.is_float:
            return (np.clip(values[0].astype(np.float32), np.float32(self.LOW), np.float32(self.HIGH)),)
        return (self.answers(values[0].astype(np.int64), rounding).astype(self.output.dtype.numpy),)

    def lower(self, place: Placement) -> tuple[KernelCall, ...]:
        if self.input.dtype.is_float:
            return self.call(place, "tg_clamp_f32", {"output_min": self.LOW, "output_max": self.HIGH})
        if self.input.dtype is DType.INT8:
            return super().lower(place)
        multiplier, shift = self.requant(place.target.rounding)
        low, high = self.clamp
        fields: dict[str, Field] = {
            "input_zero_point": self.input.zero_point,
            "output_zero_point": self.output.zero_point,
            "requant": {"multiplier": multiplier, "shift": shift},
            "output_min": low,
            "output_max": high,
        }
        return self.call(place, "tg_requantize_s16", fields)
