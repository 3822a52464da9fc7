"""CONV_2D and DEPTHWISE_CONV_2D of floats with int8 weights: each image is quantized to int8 on the fly."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from tinygen.ir.dtype import Array, DType
from tinygen.ir.program import Constant, KernelCall, Placement
from tinygen.ir.target import Rounding, Target
from tinygen.ops.convolution import Convolution
from tinygen.ops.float_range import RANGES, clamp_floats, with_bias
from tinygen.ops.hybrid import WEIGHTS_HAVE_SCALES, bias_constant, quantize_floats, real_sums, weight_scales
from tinygen.ops.node import Node
from tinygen.ops.requantization import float_matmul
from tinygen.ops.rule import ACTIVATION_IS_CLAMP, dtype_is, is_constant
from tinygen.ops.window import WINDOW_FITS


@dataclass(frozen=True, eq=False)
class Conv2DHybrid(Convolution):
    """As TFLite: images have a zero point if there is a scale per filter, and none if all share one."""

    KIND = "CONV_2D"
    BY_ROWS = False
    RULES = (
        dtype_is("input", DType.FLOAT32),
        dtype_is("weights", DType.INT8, DType.INT4),
        dtype_is("bias", DType.FLOAT32),
        dtype_is("output", DType.FLOAT32),
        is_constant("weights"),
        is_constant("bias"),
        WEIGHTS_HAVE_SCALES,
        ACTIVATION_IS_CLAMP,
        WINDOW_FITS,
    )

    @classmethod
    def takes(cls, node: Node) -> bool:
        return node.input(0).dtype is DType.FLOAT32 and not node.input(1).dtype.is_float

    @property
    def is_symmetric(self) -> bool:
        """As LiteRT has it where one scale serves all filters; a single filter of CONV_2D counts as such."""
        scales = len(self.weights.params.scales)
        return scales != self.filters or (scales == 1 and not self.is_depthwise)

    def evaluate(self, values: Sequence[Array], rounding: Rounding) -> tuple[Array, ...]:
        images = []
        for image in values[0].astype(np.float32):
            stored, scale, zero_point = quantize_floats(image, self.is_symmetric)
            sums = self.sums((stored - zero_point)[None], values[1].astype(np.int64), float_matmul)
            images.append(real_sums(sums, scale, self.weights.params.scales))
        sums = with_bias(np.concatenate(images), self.bias_values(values))
        return (clamp_floats(sums, self.activation).reshape(self.output.shape),)

    def scratch_bytes(self, target: Target) -> int:
        return self.input.elements // self.input.shape[0]

    def lower(self, place: Placement) -> tuple[KernelCall, ...]:
        scales, step = weight_scales(self.weights)
        low, high = RANGES[self.activation]
        geometry = self.geometry(place)
        return (
            KernelCall(
                "tg_conv_2d_f32_s8",
                {
                    "weights": Constant.of(self.bank(self.weights.value)),
                    "bias": bias_constant(self.bias, self.filters),
                    "scale": scales,
                    "scale_step": step,
                    "symmetric": int(self.is_symmetric),
                    "images": self.input.shape[0],
                    **{name: geometry[name] for name in ("window", "input_c", "output_c", "groups")},
                    "output_min": low,
                    "output_max": high,
                },
                (self.input,),
                self.output,
                whole=True,
                scratch=True,
            ),
        )


@dataclass(frozen=True, eq=False)
class DepthwiseConv2DHybrid(Conv2DHybrid):
    KIND = "DEPTHWISE_CONV_2D"
