"""AVERAGE_POOL_2D and MAX_POOL_2D of int16."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from tinygen.ir.dtype import Array, DType
from tinygen.ir.program import KernelCall, Placement
from tinygen.ir.target import Rounding
from tinygen.ops.node import Node
from tinygen.ops.pool_2d import Pool2D
from tinygen.ops.rule import ACTIVATION_IS_CLAMP, Rule, dtype_is, same_quantization
from tinygen.ops.window import WINDOW_FITS

MOST_TAPS = 65535
"""Beyond, sums of int16 would overflow 32 bits."""


def _taps_fit(op: Any) -> str:
    taps = op.window.kernel_h * op.window.kernel_w
    return "" if taps <= MOST_TAPS else f"it has {taps}"


@dataclass(frozen=True, eq=False)
class Pool2DS16(Pool2D):
    RULES: ClassVar[tuple[Rule, ...]] = (
        dtype_is("input", DType.INT16),
        dtype_is("output", DType.INT16),
        same_quantization("input", "output"),
        ACTIVATION_IS_CLAMP,
        WINDOW_FITS,
    )

    @classmethod
    def takes(cls, node: Node) -> bool:
        return node.input(0).dtype is DType.INT16


@dataclass(frozen=True, eq=False)
class AveragePool2DS16(Pool2DS16):
    KIND = "AVERAGE_POOL_2D"
    RULES: ClassVar[tuple[Rule, ...]] = (
        *Pool2DS16.RULES,
        Rule(f"a window of int16 has at most {MOST_TAPS} taps", _taps_fit),
    )

    def evaluate(self, values: Sequence[Array], rounding: Rounding) -> tuple[Array, ...]:
        image = values[0].astype(np.int64)
        total = self.window.patches(image, 0).sum(axis=(3, 4))
        count = self.window.patches(np.ones_like(image), 0).sum(axis=(3, 4))
        half = np.where(total > 0, count // 2, -(count // 2))
        mean = (np.abs(total + half) // count) * np.sign(total + half)  # C's division truncates
        return (np.clip(mean, *self.clamp).astype(np.int16),)

    def lower(self, place: Placement) -> tuple[KernelCall, ...]:
        return (self.call("tg_average_pool_2d_s16", place),)


@dataclass(frozen=True, eq=False)
class MaxPool2DS16(Pool2DS16):
    KIND = "MAX_POOL_2D"

    def evaluate(self, values: Sequence[Array], rounding: Rounding) -> tuple[Array, ...]:
        least = self.input.dtype.limits[0]
        largest = self.window.patches(values[0].astype(np.int64), least).max(axis=(3, 4))
        return (np.clip(largest, *self.clamp).astype(np.int16),)

    def lower(self, place: Placement) -> tuple[KernelCall, ...]:
        return (self.call("tg_max_pool_2d_s16", place),)
