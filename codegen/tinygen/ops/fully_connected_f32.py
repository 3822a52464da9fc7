"""FULLY_CONNECTED of floats: products and sums in float32, in TFLite's order, so the bits are TFLite's."""

from __future__ import annotations

from dataclasses import dataclass

from tinygen.ir.program import KernelCall, Placement
from tinygen.ops.dense import FORMAT_IS_DEFAULT, Dense
from tinygen.ops.linear import LinearF32
from tinygen.ops.rule import ACTIVATION_IS_CLAMP


@dataclass(frozen=True, eq=False)
class FullyConnectedF32(LinearF32, Dense):
    """Weights and bias may be computed at run time."""

    RULES = (*LinearF32.TYPES, FORMAT_IS_DEFAULT, ACTIVATION_IS_CLAMP)

    def lower(self, place: Placement) -> tuple[KernelCall, ...]:
        return self.float_call("tg_fully_connected_f32", self.sizes, whole=True)
