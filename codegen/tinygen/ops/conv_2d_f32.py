"""CONV_2D and DEPTHWISE_CONV_2D of floats: products and sums in float32, in TFLite's order, so with its bits."""

from __future__ import annotations

from dataclasses import dataclass

from tinygen.ir.program import KernelCall, Placement
from tinygen.ops.convolution import Convolution
from tinygen.ops.linear import LinearF32
from tinygen.ops.rule import ACTIVATION_IS_CLAMP
from tinygen.ops.window import WINDOW_FITS


@dataclass(frozen=True, eq=False)
class Conv2DF32(LinearF32, Convolution):
    """Weights and bias may be computed at run time."""

    KIND = "CONV_2D"
    RULES = (*LinearF32.TYPES, ACTIVATION_IS_CLAMP, WINDOW_FITS)

    def lower(self, place: Placement) -> tuple[KernelCall, ...]:
        filter_step = 1 if self.is_depthwise else self.depth
        tap_step = self.filters if self.is_depthwise else self.weights.shape[3]
        return self.float_call(
            "tg_conv_2d_f32", {**self.grouped(place), "filter_step": filter_step, "tap_step": tap_step}
        )


@dataclass(frozen=True, eq=False)
class DepthwiseConv2DF32(Conv2DF32):
    KIND = "DEPTHWISE_CONV_2D"
