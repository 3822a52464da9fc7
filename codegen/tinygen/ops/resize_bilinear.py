"""RESIZE_BILINEAR: images of another size, each pixel between four."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np
import numpy.typing as npt

from tinygen.ir.dtype import Array, DType
from tinygen.ir.program import Constant, Field, KernelCall, Placement
from tinygen.ir.target import Rounding
from tinygen.ir.tensor import Tensor
from tinygen.ops.copy_op import SAME_DTYPE, keeps_scale
from tinygen.ops.node import Node
from tinygen.ops.resize_op import IMAGES, NO_CENTRED_CORNERS, ResizeOp
from tinygen.ops.rule import dtype_is
from tinygen.quant import Int64s

SUFFIXES = {DType.INT8: "s8", DType.INT16: "s16", DType.FLOAT32: "f32"}
ONE = 1 << 10
"""1.0 of a weight or a place in integers; TFLite's value."""


@dataclass(frozen=True, eq=False)
class ResizeBilinear(ResizeOp):
    """output = the mean of four pixels, weighted by how near they are to the output pixel's place in the input.

    Integers have places and weights of 10 fractional bits, floats have float32, and so has uint8, which is rounded
    half up.
    """

    is_uint8: bool
    """The int8 stand for uint8, 128 higher."""

    KIND = "RESIZE_BILINEAR"
    BY_ROWS = True
    RULES = (
        dtype_is("input", DType.INT8, DType.INT16, DType.FLOAT32),
        SAME_DTYPE,
        *IMAGES,
        keeps_scale("input", "output"),
        NO_CENTRED_CORNERS,
    )

    @classmethod
    def read(cls, node: Node) -> Self:
        corners, centers = node.flag("align_corners"), node.flag("half_pixel_centers")
        is_uint8 = node.flag("legacy_uint8")
        return cls(node.index, node.input(0), node.input(1), node.outputs[0], corners, centers, is_uint8)

    @property
    def moved(self) -> tuple[Tensor, ...]:
        return (self.input,)

    def places(self, axis: int) -> Int64s:
        """Where the output's pixels are in the input, with 10 fractional bits."""
        before, after = self.input.shape[axis], self.output.shape[axis]
        scale = (ONE * before + after // 2) // after
        if self.align_corners and after > 1:
            scale = (ONE * (before - 1) + (after - 1) // 2) // (after - 1)
        pixels = np.arange(after, dtype=np.int64)
        return pixels * scale + (scale // 2 - ONE // 2) if self.half_pixel_centers else pixels * scale

    def float_places(self, axis: int) -> npt.NDArray[np.float32]:
        """Where the output's pixels are in the input."""
        before, after = self.input.shape[axis], self.output.shape[axis]
        scale = np.float32(before) / np.float32(after)
        if self.align_corners and after > 1:
            scale = np.float32(before - 1) / np.float32(after - 1)
        pixels, half = np.arange(after, dtype=np.float32), np.float32(0.5)
        return (pixels + half) * scale - half if self.half_pixel_centers else pixels * scale

    @property
    def is_float(self) -> bool:
        """Whether places and weights are floats."""
        return self.input.dtype.is_float or self.is_uint8

    def bounds(self, axis: int) -> tuple[Int64s, Int64s]:
        last = self.input.shape[axis] - 1
        if self.is_float:
            place = self.float_places(axis)
            lower, upper = np.floor(place).astype(np.int64), np.ceil(place).astype(np.int64)
        else:
            lower, upper = self.places(axis) // ONE, -(-self.places(axis) // ONE)
        return np.clip(lower, 0, last), np.clip(upper, 0, last)

    def weights(self, axis: int) -> Int64s:
        """How far each place is from its lower pixel towards the upper one."""
        return self.places(axis) - ONE * self.bounds(axis)[0]

    def float_weights(self, axis: int) -> npt.NDArray[np.float32]:
        return self.float_places(axis) - self.bounds(axis)[0].astype(np.float32)

    def float_means(self, v: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
        (y0, y1), (x0, x1) = self.bounds(1), self.bounds(2)
        fy = self.float_weights(1)[:, None, None]
        fx = self.float_weights(2)[:, None]
        one = np.float32(1)
        total = v[:, y0][:, :, x0] * (one - fy) * (one - fx) + v[:, y1][:, :, x0] * fy * (one - fx)
        return np.asarray(total + v[:, y0][:, :, x1] * (one - fy) * fx + v[:, y1][:, :, x1] * fy * fx, np.float32)

    def evaluate(self, values: Sequence[Array], rounding: Rounding) -> tuple[Array, ...]:
        (y0, y1), (x0, x1) = self.bounds(1), self.bounds(2)
        if self.is_uint8:
            mean = self.float_means(values[0].astype(np.float32) + np.float32(128))
            return ((np.floor(mean + np.float32(0.5)) - np.float32(128)).astype(np.int8),)
        if self.is_float:
            return (self.float_means(values[0].astype(np.float32)),)
        stored = values[0].astype(np.int64)
        wy, wx = self.weights(1)[:, None, None], self.weights(2)[:, None]
        top = stored[:, y0][:, :, x0] * (ONE - wx) + stored[:, y0][:, :, x1] * wx
        bottom = stored[:, y1][:, :, x0] * (ONE - wx) + stored[:, y1][:, :, x1] * wx
        total: Int64s = np.asarray(top * (ONE - wy) + bottom * wy, np.int64)
        if rounding is Rounding.SINGLE:
            rounded = (total + (1 << 19)) >> 20
        else:
            rounded = np.where(total > 0, (total + (1 << 19)) >> 20, -((-total + (1 << 19)) >> 20))
        return (rounded.astype(self.output.dtype.numpy),)

    def lower(self, place: Placement) -> tuple[KernelCall, ...]:
        fields: dict[str, Field] = {"image": self.image_fields(place), "channels": self.input.shape[3]}
        for name, axis in (("rows", 1), ("columns", 2)):
            between = [*self.bounds(axis)]
            if self.is_float:
                fields[f"{name[:-1]}_weights"] = Constant.of(self.float_weights(axis))
            else:
                between.append(self.weights(axis))
            fields[name] = Constant.of(np.stack(between, axis=1).astype(np.int16))
        kernel = "u8" if self.is_uint8 else SUFFIXES[self.input.dtype]
        return (KernelCall(f"tg_resize_bilinear_{kernel}", fields, (self.input,), self.output),)
