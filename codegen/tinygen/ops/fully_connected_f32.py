"""FULLY_CONNECTED of floats: products and sums in float32, in TFLite's order, so the bits are TFLite's."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from tinygen.ir.dtype import Array, DType
from tinygen.ir.program import KernelCall, Placement
from tinygen.ir.target import Rounding
from tinygen.ops.dense import FORMAT_IS_DEFAULT, Dense
from tinygen.ops.float_range import RANGES, bias_or_zeros, clamp_floats, matrix_product, with_bias
from tinygen.ops.node import Node
from tinygen.ops.rule import ACTIVATION_IS_CLAMP, dtype_is


@dataclass(frozen=True, eq=False)
class FullyConnectedF32(Dense):
    """Weights and bias may be computed at run time."""

    RULES = (
        dtype_is("input", DType.FLOAT32),
        dtype_is("weights", DType.FLOAT32),
        dtype_is("bias", DType.FLOAT32),
        dtype_is("output", DType.FLOAT32),
        FORMAT_IS_DEFAULT,
        ACTIVATION_IS_CLAMP,
    )

    @classmethod
    def takes(cls, node: Node) -> bool:
        return node.input(0).dtype is DType.FLOAT32 and node.input(1).dtype is DType.FLOAT32

    def evaluate(self, values: Sequence[Array], rounding: Rounding) -> tuple[Array, ...]:
        rows = values[0].astype(np.float32).reshape(self.batches, self.depth)
        sums = matrix_product(rows, values[1].astype(np.float32).T)
        biased = with_bias(sums, values[2] if self.bias is not None else None)
        return (clamp_floats(biased, self.activation).reshape(self.output.shape),)

    def lower(self, place: Placement) -> tuple[KernelCall, ...]:
        low, high = RANGES[self.activation]
        return (
            KernelCall(
                "tg_fully_connected_f32",
                {**self.sizes(), "output_min": low, "output_max": high},
                (self.input, self.weights, bias_or_zeros(self.bias, self.units)),
                self.output,
                whole=True,
            ),
        )
