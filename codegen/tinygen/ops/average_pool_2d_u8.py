"""AVERAGE_POOL_2D of legacy uint8 models, held as int8: halves are rounded up, because uint8 has no sign."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from tinygen.ir.dtype import Array
from tinygen.ir.program import KernelCall, Placement
from tinygen.ir.target import Rounding
from tinygen.ops.node import Node
from tinygen.ops.pool_2d import Pool2D


@dataclass(frozen=True, eq=False)
class AveragePool2DU8(Pool2D):
    KIND = "AVERAGE_POOL_2D"

    @classmethod
    def takes(cls, node: Node) -> bool:
        return node.flag("legacy_uint8")

    def evaluate(self, values: Sequence[Array], rounding: Rounding) -> tuple[Array, ...]:
        image = values[0].astype(np.int64) + 128
        total = self.window.patches(image, 0).sum(axis=(3, 4))
        count = self.window.patches(np.ones_like(image), 0).sum(axis=(3, 4))
        return (np.clip((total + count // 2) // count - 128, *self.clamp).astype(np.int8),)

    def lower(self, place: Placement) -> tuple[KernelCall, ...]:
        return (self.call("tg_average_pool_2d_u8", place),)
