"""AVERAGE_POOL_2D: the mean of a window, rounded half away from zero."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from tinygen.ir.dtype import Array
from tinygen.ir.program import KernelCall, Placement
from tinygen.ir.target import Rounding
from tinygen.ops.pool_2d import Pool2D


@dataclass(frozen=True, eq=False)
class AveragePool2D(Pool2D):
    """output = clamp(sum of the window's elements inside the image / their number)."""

    KIND = "AVERAGE_POOL_2D"

    def evaluate(self, values: Sequence[Array], rounding: Rounding) -> tuple[Array, ...]:
        image = values[0].astype(np.int64)
        total = self.window.patches(image, 0).sum(axis=(3, 4))
        count = self.window.patches(np.ones_like(image), 0).sum(axis=(3, 4))
        half = np.where(total > 0, count // 2, -(count // 2))
        mean = (np.abs(total + half) // count) * np.sign(total + half)  # C's division truncates
        return (np.clip(mean, *self.clamp).astype(np.int8),)

    def lower(self, place: Placement) -> tuple[KernelCall, ...]:
        return (self.call("tg_average_pool_2d_s8", place),)
