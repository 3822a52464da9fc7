"""CONV_2D and DEPTHWISE_CONV_2D of floats: products and sums in float32, in TFLite's order, so with its bits."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from tinygen.ir.dtype import Array, DType
from tinygen.ir.program import KernelCall, Placement
from tinygen.ir.target import Rounding
from tinygen.ops.convolution import Convolution
from tinygen.ops.float_range import RANGES, bias_or_zeros, clamp_floats, matrix_product, with_bias
from tinygen.ops.node import Node
from tinygen.ops.rule import ACTIVATION_IS_CLAMP, dtype_is
from tinygen.ops.window import WINDOW_FITS


@dataclass(frozen=True, eq=False)
class Conv2DF32(Convolution):
    """Weights and bias may be computed at run time."""

    KIND = "CONV_2D"
    RULES = (
        dtype_is("input", DType.FLOAT32),
        dtype_is("weights", DType.FLOAT32),
        dtype_is("bias", DType.FLOAT32),
        dtype_is("output", DType.FLOAT32),
        ACTIVATION_IS_CLAMP,
        WINDOW_FITS,
    )

    @classmethod
    def takes(cls, node: Node) -> bool:
        return node.input(0).dtype is DType.FLOAT32 and node.input(1).dtype is DType.FLOAT32

    @cached_property
    def is_divisible(self) -> bool:
        # weights that lie in RAM are taken as a whole
        return self.activations == (self.input,)

    def evaluate(self, values: Sequence[Array], rounding: Rounding) -> tuple[Array, ...]:
        sums = self.sums(values[0].astype(np.float32), values[1].astype(np.float32), matrix_product)
        return (clamp_floats(with_bias(sums, self.bias_values(values)), self.activation).reshape(self.output.shape),)

    def lower(self, place: Placement) -> tuple[KernelCall, ...]:
        low, high = RANGES[self.activation]
        return (
            KernelCall(
                "tg_conv_2d_f32",
                {
                    **self.geometry(place),
                    "filter_step": 1 if self.is_depthwise else self.depth,
                    "tap_step": self.filters if self.is_depthwise else self.weights.shape[3],
                    "output_min": low,
                    "output_max": high,
                },
                (self.input, self.weights, bias_or_zeros(self.bias, self.filters)),
                self.output,
            ),
        )


@dataclass(frozen=True, eq=False)
class DepthwiseConv2DF32(Conv2DF32):
    KIND = "DEPTHWISE_CONV_2D"
