"""FULLY_CONNECTED of legacy uint8 models, held as int8: weights have a zero point, factors are those of uint8."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from tinygen.ir.dtype import Array, DType
from tinygen.ir.program import Constant, KernelCall, Placement
from tinygen.ir.target import Rounding
from tinygen.ops.conv_2d_u8 import legacy_requantization
from tinygen.ops.dense import FORMAT_IS_DEFAULT, Dense
from tinygen.ops.node import Node
from tinygen.ops.requantization import float_matmul, folded_bias
from tinygen.ops.rule import ACTIVATION_IS_CLAMP, dtype_is, is_constant, is_per_tensor
from tinygen.quant import activation_range, wrap_int32


@dataclass(frozen=True, eq=False)
class FullyConnectedU8(Dense):
    RULES = (
        dtype_is("input", DType.INT8),
        dtype_is("weights", DType.INT8),
        dtype_is("bias", DType.INT32),
        dtype_is("output", DType.INT8),
        is_constant("weights"),
        is_constant("bias"),
        is_per_tensor("input", "weights", "output"),
        FORMAT_IS_DEFAULT,
        ACTIVATION_IS_CLAMP,
    )

    @classmethod
    def takes(cls, node: Node) -> bool:
        return node.flag("legacy_uint8")

    @property
    def clamp(self) -> tuple[int, int]:
        return activation_range(self.activation, self.output, self.output.dtype.limits)

    def evaluate(self, values: Sequence[Array], rounding: Rounding) -> tuple[Array, ...]:
        rows = values[0].astype(np.int64).reshape(self.batches, self.depth) - self.input.zero_point
        acc = float_matmul(rows, (values[1].astype(np.int64) - self.weights.zero_point).T)
        if self.bias is not None:
            acc = acc + values[2].astype(np.int64).reshape(-1)
        requantization = legacy_requantization(self.input, self.weights, self.output, rounding)
        stored = requantization.apply(wrap_int32(acc), self.output.zero_point, self.clamp, rounding)
        return (stored.reshape(self.output.shape).astype(np.int8),)

    def lower(self, place: Placement) -> tuple[KernelCall, ...]:
        stride = -(-self.depth // 4) * 4  # some variants read whole words
        packed = np.zeros((self.units, stride), np.int8)
        packed[:, : self.depth] = self.weights.value
        centred = self.weights.value.astype(np.int64) - self.weights.zero_point
        requantization = legacy_requantization(self.input, self.weights, self.output, place.target.rounding)
        low, high = self.clamp
        return (
            KernelCall(
                "tg_fully_connected_s8",
                {
                    "weights": Constant.of(packed),
                    "bias": Constant.of(folded_bias(self.bias, centred.sum(axis=1), self.input.zero_point)),
                    "requant": requantization.constant,
                    "requant_step": requantization.step,
                    **self.sizes(),
                    "weights_stride": stride,
                    "weights_zero_point": self.weights.zero_point,
                    "output_zero_point": self.output.zero_point,
                    "output_min": low,
                    "output_max": high,
                },
                (self.input,),
                self.output,
                whole=True,
            ),
        )
