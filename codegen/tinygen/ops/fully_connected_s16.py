"""FULLY_CONNECTED of int16 activations and int8 weights: sums of 64 bits, a multiplier of 16 bits."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from tinygen.ir.dtype import Array, DType
from tinygen.ir.program import Constant, KernelCall, Placement
from tinygen.ir.target import Rounding
from tinygen.ops.dense import FORMAT_IS_DEFAULT, Dense
from tinygen.ops.node import Node
from tinygen.ops.requantization import Requantization, float_matmul
from tinygen.ops.rule import ACTIVATION_IS_CLAMP, dtype_is, is_constant, is_per_tensor
from tinygen.ops.wide import (
    FACTOR_IS_SMALL,
    is_narrow,
    stored_sums,
    sum_requantization,
    zero_points_are_zero,
)
from tinygen.quant import activation_range


@dataclass(frozen=True, eq=False)
class FullyConnectedS16(Dense):
    """The factor has 16 bits unless the bias has 32, as in TFLite Micro; LiteRT rounds a product of float64."""

    RULES = (
        dtype_is("input", DType.INT16),
        dtype_is("weights", DType.INT8, DType.INT4),
        dtype_is("bias", DType.INT64, DType.INT32),
        dtype_is("output", DType.INT16),
        is_constant("weights"),
        is_constant("bias"),
        is_per_tensor("input", "output"),
        zero_points_are_zero("input", "weights", "output"),
        FACTOR_IS_SMALL,
        FORMAT_IS_DEFAULT,
        ACTIVATION_IS_CLAMP,
    )

    @classmethod
    def takes(cls, node: Node) -> bool:
        return node.input(0).dtype is DType.INT16

    @property
    def clamp(self) -> tuple[int, int]:
        return activation_range(self.activation, self.output, self.output.dtype.limits)

    def requantization(self, rounding: Rounding) -> Requantization:
        return sum_requantization(self.input, self.weights, self.bias, self.output, rounding)

    def evaluate(self, values: Sequence[Array], rounding: Rounding) -> tuple[Array, ...]:
        rows = values[0].astype(np.int64).reshape(self.batches, self.depth)
        acc = float_matmul(rows, values[1].astype(np.int64).T)
        if self.bias is not None:
            acc = acc + values[2].astype(np.int64).reshape(-1)
        stored = stored_sums(acc, self.requantization(rounding), self.bias, self.clamp, rounding)
        return (stored.reshape(self.output.shape),)

    def lower(self, place: Placement) -> tuple[KernelCall, ...]:
        requantization = self.requantization(place.target.rounding)
        low, high = self.clamp
        bias = np.zeros(self.units, np.int64) if self.bias is None else self.bias.value.astype(np.int64)
        return (
            KernelCall(
                "tg_fully_connected_s16",
                {
                    "weights": Constant.of(self.weights.value),
                    "bias": Constant.of(bias),
                    "requant": requantization.constant,
                    "requant_step": requantization.step,
                    "narrow": int(is_narrow(self.bias)),
                    **self.sizes(),
                    "output_min": low,
                    "output_max": high,
                },
                (self.input,),
                self.output,
                whole=True,
            ),
        )
