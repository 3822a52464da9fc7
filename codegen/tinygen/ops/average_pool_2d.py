"""AVERAGE_POOL_2D: the mean of a window, rounded half away from zero."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from tinygen.ir.dtype import Array
from tinygen.ir.program import Field, KernelCall, Placement
from tinygen.ir.target import Rounding, Target
from tinygen.ops.average_pool_2d_u8 import AveragePool2DU8
from tinygen.ops.pool_2d import Pool2D
from tinygen.ops.pool_2d_f32 import AveragePool2DF32
from tinygen.ops.pool_2d_s16 import AveragePool2DS16
from tinygen.ops.sum_rows import sum_rows_fields


@dataclass(frozen=True, eq=False)
class AveragePool2D(Pool2D):
    """output = clamp(sum of the window's elements inside the image / their number)."""

    KIND = "AVERAGE_POOL_2D"
    FORMS = (AveragePool2DU8, AveragePool2DS16, AveragePool2DF32)

    def evaluate(self, values: Sequence[Array], rounding: Rounding) -> tuple[Array, ...]:
        image = values[0].astype(np.int64)
        total = self.window.patches(image, 0).sum(axis=(3, 4))
        count = self.window.patches(np.ones_like(image), 0).sum(axis=(3, 4))
        half = np.where(total > 0, count // 2, -(count // 2))
        mean = (np.abs(total + half) // count) * np.sign(total + half)  # C's division truncates
        return (np.clip(mean, *self.clamp).astype(np.int8),)

    @property
    def accumulates(self) -> bool:
        """One window over the whole of one image."""
        w = self.window
        reaches = w.pad_top + w.input_h <= w.kernel_h and w.pad_left + w.input_w <= w.kernel_w
        return self.output.elements == self.output.shape[3] and reaches and self.input.rows > 1

    def scratch_bytes(self, target: Target) -> int:
        return 4 * self.output.shape[3] if self.accumulates else 0

    def lower(self, place: Placement) -> tuple[KernelCall, ...]:
        if not self.accumulates:
            return (self.call("tg_average_pool_2d_s8", place),)
        low, high = self.clamp
        fields: dict[str, Field] = {
            "sum": sum_rows_fields(place, self.input, self.output.elements),
            "taps": self.input.elements // self.output.elements,
            "output_min": low,
            "output_max": high,
        }
        return (KernelCall("tg_average_rows_s8", fields, (self.input,), self.output, scratch=True),)
