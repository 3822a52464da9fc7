"""RESIZE_NEAREST_NEIGHBOR: images of another size, each pixel a copy."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from tinygen.ir.dtype import Array
from tinygen.ir.program import Constant, KernelCall, Placement
from tinygen.ir.target import Rounding
from tinygen.ir.tensor import Tensor
from tinygen.ops.copy_op import SAME_DTYPE, keeps_scale
from tinygen.ops.resize_op import IMAGES, ResizeOp
from tinygen.quant import Int64s


@dataclass(frozen=True, eq=False)
class ResizeNearestNeighbor(ResizeOp):
    """output[n, y, x] = input[n, nearest row of y, nearest column of x]"""

    KIND = "RESIZE_NEAREST_NEIGHBOR"
    BY_ROWS = True
    RULES = (SAME_DTYPE, *IMAGES, keeps_scale("input", "output"))

    @property
    def moved(self) -> tuple[Tensor, ...]:
        return (self.input,)

    def nearest(self, axis: int) -> Int64s:
        """The input's pixel for each of the output's, in float32 as TFLite computes it."""
        before, after = self.input.shape[axis], self.output.shape[axis]
        if self.align_corners and after > 1:
            scale = np.float32(before - 1) / np.float32(after - 1)
        else:
            scale = np.float32(before) / np.float32(after)
        offset = np.float32(0.5 if self.half_pixel_centers else 0.0)
        place = ((np.arange(after, dtype=np.float32) + offset) * scale).astype(np.float64)
        pixel = np.floor(place + 0.5) if self.align_corners else np.floor(place)
        return np.clip(pixel.astype(np.int64), 0, before - 1)

    def bounds(self, axis: int) -> tuple[Int64s, Int64s]:
        return self.nearest(axis), self.nearest(axis)

    def evaluate(self, values: Sequence[Array], rounding: Rounding) -> tuple[Array, ...]:
        return (values[0][:, self.nearest(1)][:, :, self.nearest(2)],)

    def lower(self, place: Placement) -> tuple[KernelCall, ...]:
        return (
            KernelCall(
                "tg_resize_nearest_neighbor",
                {
                    "image": self.image_fields(place),
                    "rows": Constant.of(self.nearest(1).astype(np.int16)),
                    "columns": Constant.of(self.nearest(2).astype(np.int16)),
                    "pixel_bytes": self.input.shape[3] * self.input.dtype.size,
                },
                (self.input,),
                self.output,
            ),
        )
