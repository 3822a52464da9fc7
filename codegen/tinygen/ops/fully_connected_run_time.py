"""FULLY_CONNECTED of int8 whose weights or bias are computed at run time: nothing can be folded into the bias."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from tinygen.ir.dtype import Array, DType
from tinygen.ir.program import Field, KernelCall, Placement
from tinygen.ir.target import Rounding
from tinygen.ir.tensor import Tensor
from tinygen.ops.dense import FORMAT_IS_DEFAULT, Dense
from tinygen.ops.node import Node
from tinygen.ops.requantization import Requantization, float_matmul, requantization_of
from tinygen.ops.rule import ACTIVATION_IS_CLAMP, dtype_is, is_per_tensor
from tinygen.quant import activation_range, wrap_int32


@dataclass(frozen=True, eq=False)
class FullyConnectedRunTime(Dense):
    RULES = (
        dtype_is("input", DType.INT8),
        dtype_is("weights", DType.INT8),
        dtype_is("bias", DType.INT32),
        dtype_is("output", DType.INT8),
        is_per_tensor("input", "weights", "output"),
        FORMAT_IS_DEFAULT,
        ACTIVATION_IS_CLAMP,
    )

    @classmethod
    def takes(cls, node: Node) -> bool:
        bias = node.optional_input(2)
        is_late = not node.input(1).is_constant or (bias is not None and not bias.is_constant)
        return node.input(0).dtype is DType.INT8 and is_late and not node.flag("legacy_uint8")

    @property
    def clamp(self) -> tuple[int, int]:
        return activation_range(self.activation, self.output, self.output.dtype.limits)

    def requantization(self, rounding: Rounding) -> Requantization:
        return requantization_of(self.input, self.weights, self.output, rounding)

    def evaluate(self, values: Sequence[Array], rounding: Rounding) -> tuple[Array, ...]:
        rows = values[0].astype(np.int64).reshape(self.batches, self.depth) - self.input.zero_point
        acc = float_matmul(rows, (values[1].astype(np.int64) - self.weights.zero_point).T)
        if self.bias is not None:
            acc = acc + values[2].astype(np.int64).reshape(-1)
        stored = self.requantization(rounding).apply(wrap_int32(acc), self.output.zero_point, self.clamp, rounding)
        return (stored.reshape(self.output.shape).astype(np.int8),)

    def lower(self, place: Placement) -> tuple[KernelCall, ...]:
        requantization = self.requantization(place.target.rounding)
        low, high = self.clamp
        fields: dict[str, Field] = {
            **self.sizes(),
            "requant": {"multiplier": requantization.multipliers[0], "shift": requantization.shifts[0]},
            "input_zero_point": self.input.zero_point,
            "weights_zero_point": self.weights.zero_point,
            "output_zero_point": self.output.zero_point,
            "output_min": low,
            "output_max": high,
        }
        zeros = Tensor("zeros", (self.units,), DType.INT32, data=np.zeros(self.units, np.int32))
        operands = (self.input, self.weights, self.bias or zeros)
        return (KernelCall("tg_fully_connected_run_time_s8", fields, operands, self.output, whole=True),)
