"""CONV_2D and DEPTHWISE_CONV_2D of int16 activations and int8 weights: sums of 64 bits, or of 32 like the bias."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from tinygen.ir.dtype import Array, DType
from tinygen.ir.program import Constant, KernelCall, Placement
from tinygen.ir.target import Rounding, Target
from tinygen.ops.convolution import Convolution
from tinygen.ops.node import Node
from tinygen.ops.requantization import Requantization, float_matmul
from tinygen.ops.rule import ACTIVATION_IS_CLAMP, dtype_is, is_constant, is_per_tensor
from tinygen.ops.wide import FACTOR_IS_SMALL, is_narrow, stored_sums, sum_requantization, zero_points_are_zero
from tinygen.ops.window import WINDOW_FITS

COMMON_RULES = (
    dtype_is("output", DType.INT16),
    is_constant("weights"),
    is_constant("bias"),
    is_per_tensor("input", "output"),
    zero_points_are_zero("input", "weights", "output"),
    FACTOR_IS_SMALL,
    ACTIVATION_IS_CLAMP,
    WINDOW_FITS,
)


@dataclass(frozen=True, eq=False)
class Conv2DS16(Convolution):
    KIND = "CONV_2D"
    RULES = (
        dtype_is("input", DType.INT16),
        dtype_is("weights", DType.INT8, DType.INT4),
        dtype_is("bias", DType.INT64, DType.INT32),
        *COMMON_RULES,
    )

    @classmethod
    def takes(cls, node: Node) -> bool:
        return node.input(0).dtype is DType.INT16

    def requantization(self, rounding: Rounding) -> Requantization:
        return sum_requantization(self.input, self.weights, self.bias, self.output, rounding)

    def evaluate(self, values: Sequence[Array], rounding: Rounding) -> tuple[Array, ...]:
        acc = self.sums(values[0].astype(np.int64), values[1].astype(np.int64), float_matmul)
        if self.bias is not None:
            acc = acc + values[2].astype(np.int64)
        stored = stored_sums(acc, self.requantization(rounding), self.bias, self.clamp, rounding)
        return (stored.reshape(self.output.shape),)

    def scratch_bytes(self, target: Target) -> int:
        return 2 * self.depth

    def lower(self, place: Placement) -> tuple[KernelCall, ...]:
        requantization = self.requantization(place.target.rounding)
        low, high = self.clamp
        bias = np.zeros(self.filters, np.int64) if self.bias is None else self.bias.value.astype(np.int64)
        return (
            KernelCall(
                "tg_conv_2d_s16",
                {
                    "weights": Constant.of(self.bank(self.weights.value)),
                    "bias": Constant.of(bias),
                    "requant": requantization.constant,
                    "requant_step": requantization.step,
                    "narrow": int(is_narrow(self.bias)),
                    **self.geometry(place),
                    "output_min": low,
                    "output_max": high,
                },
                (self.input,),
                self.output,
                scratch=True,
            ),
        )


@dataclass(frozen=True, eq=False)
class DepthwiseConv2DS16(Conv2DS16):
    KIND = "DEPTHWISE_CONV_2D"
    RULES = (
        dtype_is("input", DType.INT16),
        dtype_is("weights", DType.INT8),
        dtype_is("bias", DType.INT64),
        *COMMON_RULES,
    )
