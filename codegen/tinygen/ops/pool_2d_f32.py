"""AVERAGE_POOL_2D and MAX_POOL_2D of floats, summed up in TFLite's order, so the bits are TFLite's."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from tinygen.ir.dtype import Array, DType
from tinygen.ir.program import KernelCall, Placement
from tinygen.ir.target import Rounding
from tinygen.ops.float_range import LARGEST, RANGES, Floats, clamp_floats
from tinygen.ops.node import Node
from tinygen.ops.pool_2d import Pool2D
from tinygen.ops.rule import ACTIVATION_IS_CLAMP, dtype_is
from tinygen.ops.window import WINDOW_FITS


@dataclass(frozen=True, eq=False)
class Pool2DF32(Pool2D):
    RULES = (
        dtype_is("input", DType.FLOAT32),
        dtype_is("output", DType.FLOAT32),
        ACTIVATION_IS_CLAMP,
        WINDOW_FITS,
    )

    @classmethod
    def takes(cls, node: Node) -> bool:
        return node.input(0).dtype is DType.FLOAT32

    def mean(self, image: Floats) -> Floats:
        """Of each window's taps inside the image, summed up one after the other."""
        patches: Any = self.window.patches(image, 0)
        total = np.zeros(self.output.shape, np.float32)
        with np.errstate(all="ignore"):
            for i in range(self.window.kernel_h):
                for j in range(self.window.kernel_w):
                    total += patches[:, :, :, i, j]
            count = self.window.patches(np.ones(image.shape, np.int32), 0).sum(axis=(3, 4))
            return np.asarray(total / count.astype(np.float32), np.float32)

    def float_call(self, kernel: str, place: Placement) -> tuple[KernelCall, ...]:
        """All of them take tg_pool_2d_f32_params."""
        low, high = RANGES[self.activation]
        fields = {
            "input": place.ring(self.input),
            "output": place.ring(self.output),
            "window": self.window.fields(),
            "channels": self.input.shape[3],
            "output_min": low,
            "output_max": high,
        }
        return (KernelCall(kernel, fields, (self.input,), self.output),)


@dataclass(frozen=True, eq=False)
class AveragePool2DF32(Pool2DF32):
    KIND = "AVERAGE_POOL_2D"

    def evaluate(self, values: Sequence[Array], rounding: Rounding) -> tuple[Array, ...]:
        return (clamp_floats(self.mean(values[0].astype(np.float32)), self.activation),)

    def lower(self, place: Placement) -> tuple[KernelCall, ...]:
        return self.float_call("tg_average_pool_2d_f32", place)


@dataclass(frozen=True, eq=False)
class MaxPool2DF32(Pool2DF32):
    KIND = "MAX_POOL_2D"

    def evaluate(self, values: Sequence[Array], rounding: Rounding) -> tuple[Array, ...]:
        image = values[0].astype(np.float32)
        inside = self.window.patches(np.ones(image.shape, bool), False)
        taps = np.where(inside & ~np.isnan(self.window.patches(image, 0)), self.window.patches(image, 0), -LARGEST)
        largest = np.maximum(taps.max(axis=(3, 4)), np.float32(-LARGEST))
        return (clamp_floats(largest, self.activation),)

    def lower(self, place: Placement) -> tuple[KernelCall, ...]:
        return self.float_call("tg_max_pool_2d_f32", place)
