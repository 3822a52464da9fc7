"""L2_POOL_2D: the root of the mean of the squares of a window, of floats."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from tinygen.ir.dtype import Array
from tinygen.ir.program import KernelCall, Placement
from tinygen.ir.target import Rounding
from tinygen.ops.float_range import clamp_floats
from tinygen.ops.pool_2d_f32 import Pool2DF32


@dataclass(frozen=True, eq=False)
class L2Pool2D(Pool2DF32):
    """output = clamp(sqrt(mean of the squares of the window's elements inside the image)); the root is exact."""

    KIND = "L2_POOL_2D"

    def evaluate(self, values: Sequence[Array], rounding: Rounding) -> tuple[Array, ...]:
        image = values[0].astype(np.float32)
        with np.errstate(all="ignore"):
            squares = np.asarray(image * image, np.float32)
        return (clamp_floats(np.sqrt(self.mean(squares)), self.activation),)

    def lower(self, place: Placement) -> tuple[KernelCall, ...]:
        return self.float_call("tg_l2_pool_2d_f32", place)
