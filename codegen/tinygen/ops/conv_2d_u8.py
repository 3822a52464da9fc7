"""CONV_2D and DEPTHWISE_CONV_2D of legacy uint8 models, held as int8: the weights have a zero point."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from tinygen.ir.dtype import Array, DType
from tinygen.ir.program import Constant, KernelCall, Placement
from tinygen.ir.target import Rounding, Target
from tinygen.ir.tensor import Tensor
from tinygen.ops.convolution import Convolution
from tinygen.ops.node import Node
from tinygen.ops.requantization import Requantization, float_matmul, folded_bias
from tinygen.ops.rule import ACTIVATION_IS_CLAMP, dtype_is, is_constant, is_per_tensor
from tinygen.ops.window import WINDOW_FITS
from tinygen.quant import quantize_multiplier, wrap_int32


def legacy_requantization(input_: Tensor, weights: Tensor, output: Tensor, rounding: Rounding) -> Requantization:
    """For uint8 TFLite multiplies the scales of input and weights in float32: GetQuantizedConvolutionMultipler."""
    product = float(np.float32(input_.scale) * np.float32(weights.scale))
    multiplier, shift = quantize_multiplier(product / output.scale, rounding)
    return Requantization((multiplier,), (shift,))


@dataclass(frozen=True, eq=False)
class Conv2DU8(Convolution):
    KIND = "CONV_2D"
    RULES = (
        dtype_is("input", DType.INT8),
        dtype_is("weights", DType.INT8),
        dtype_is("bias", DType.INT32),
        dtype_is("output", DType.INT8),
        is_constant("weights"),
        is_constant("bias"),
        is_per_tensor("input", "weights", "output"),
        ACTIVATION_IS_CLAMP,
        WINDOW_FITS,
    )

    @classmethod
    def takes(cls, node: Node) -> bool:
        return node.flag("legacy_uint8")

    def requantization(self, rounding: Rounding) -> Requantization:
        return legacy_requantization(self.input, self.weights, self.output, rounding)

    def evaluate(self, values: Sequence[Array], rounding: Rounding) -> tuple[Array, ...]:
        image = values[0].astype(np.int64) - self.input.zero_point
        acc = self.sums(image, values[1].astype(np.int64) - self.weights.zero_point, float_matmul)
        if self.bias is not None:
            acc = acc + values[2].astype(np.int64)
        stored = self.requantization(rounding).apply(wrap_int32(acc), self.output.zero_point, self.clamp, rounding)
        return (stored.reshape(self.output.shape).astype(np.int8),)

    def scratch_bytes(self, target: Target) -> int:
        return self.depth

    def lower(self, place: Placement) -> tuple[KernelCall, ...]:
        requantization = self.requantization(place.target.rounding)
        bank = self.bank(self.weights.value)
        centred = bank.astype(np.int64) - self.weights.zero_point
        low, high = self.clamp
        return (
            KernelCall(
                "tg_conv_2d_u8",
                {
                    "weights": Constant.of(bank),
                    "bias": Constant.of(folded_bias(self.bias, centred.sum(axis=1), self.input.zero_point)),
                    "requant": requantization.constant,
                    "requant_step": requantization.step,
                    **self.geometry(place),
                    "input_zero_point": self.input.zero_point,
                    "weights_zero_point": self.weights.zero_point,
                    "output_zero_point": self.output.zero_point,
                    "output_min": low,
                    "output_max": high,
                },
                (self.input,),
                self.output,
                scratch=True,
            ),
        )


@dataclass(frozen=True, eq=False)
class DepthwiseConv2DU8(Conv2DU8):
    KIND = "DEPTHWISE_CONV_2D"
