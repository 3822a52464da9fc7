"""MAX_POOL_2D: the largest element of a window."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from tinygen.ir.dtype import Array
from tinygen.ir.program import KernelCall, Placement
from tinygen.ir.target import Rounding
from tinygen.ops.pool_2d import Pool2D
from tinygen.ops.pool_2d_f32 import MaxPool2DF32
from tinygen.ops.pool_2d_s16 import MaxPool2DS16


@dataclass(frozen=True, eq=False)
class MaxPool2D(Pool2D):
    """output = clamp(max of the window's elements inside the image)."""

    KIND = "MAX_POOL_2D"
    FORMS = (MaxPool2DS16, MaxPool2DF32)

    def evaluate(self, values: Sequence[Array], rounding: Rounding) -> tuple[Array, ...]:
        least = self.input.dtype.limits[0]
        largest = self.window.patches(values[0].astype(np.int64), least).max(axis=(3, 4))
        return (np.clip(largest, *self.clamp).astype(np.int8),)

    def lower(self, place: Placement) -> tuple[KernelCall, ...]:
        return (self.call("tg_max_pool_2d_s8", place),)
