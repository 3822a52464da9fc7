"""CONV_2D and DEPTHWISE_CONV_2D of legacy uint8 models, held as int8: the weights have a zero point."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from tinygen.ir.dtype import Array, DType
from tinygen.ir.program import Constant, KernelCall, Placement
from tinygen.ir.target import Rounding, Target
from tinygen.ir.tensor import Tensor
from tinygen.ops.convolution import Convolution
from tinygen.ops.doubled_channels import BLOCK, doubled, pack_taps, sums_fit
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
    """Weights less their zero point have room where a faster kernel takes 16 bits."""

    KIND = "DEPTHWISE_CONV_2D"

    def taps(self, target: Target) -> Constant | None:
        """The filters as tg_depthwise_conv_2d_taps_s8 reads them; None if it can't compute this op."""
        channels = self.input.shape[3]
        if target.kernels[0] != "dsp" or self.filters != channels or channels < BLOCK:
            return None
        if target.rounding not in self._taps:
            weights = self.bank(self.weights.value).T.astype(np.int64) - self.weights.zero_point
            bias = folded_bias(self.bias, weights.sum(axis=0), self.input.zero_point)
            by = doubled(self.requantization(target.rounding), channels, self.output.zero_point, self.clamp)
            packed = None if by is None or not sums_fit(weights, bias) else Constant.of(pack_taps(weights, bias, by))
            self._taps[target.rounding] = packed
        return self._taps[target.rounding]

    @cached_property
    def _taps(self) -> dict[Rounding, Constant | None]:
        """Packed once: scratch sizes are asked for again and again."""
        return {}

    def scratch_bytes(self, target: Target) -> int:
        even = self.depth + self.depth % 2
        return 4 * even + self.input.shape[3] if self.taps(target) is not None else super().scratch_bytes(target)

    def lower(self, place: Placement) -> tuple[KernelCall, ...]:
        taps = self.taps(place.target)
        if taps is None:
            return super().lower(place)
        fields = self.geometry(place)
        params = {name: fields[name] for name in ("input", "output", "window", "input_c")}
        params |= {"channels": taps, "input_zero_point": self.input.zero_point}
        return (KernelCall("tg_depthwise_conv_2d_taps_s8", params, (self.input,), self.output, scratch=True),)
