"""CONV_2D and DEPTHWISE_CONV_2D of int16 activations and int8 weights."""

from __future__ import annotations

from dataclasses import dataclass

from tinygen.ir.dtype import DType
from tinygen.ir.program import Field, KernelCall, Placement
from tinygen.ir.target import Target
from tinygen.ops.convolution import Convolution
from tinygen.ops.linear import NARROW_BIAS_IS_CONSTANT, LinearS16, types_are
from tinygen.ops.rule import ACTIVATION_IS_CLAMP
from tinygen.ops.window import WINDOW_FITS


@dataclass(frozen=True, eq=False)
class Conv2DS16(LinearS16, Convolution):
    """Weights and bias may be computed at run time."""

    KIND = "CONV_2D"
    RULES = (*LinearS16.WITH_INT4, NARROW_BIAS_IS_CONSTANT, *LinearS16.SCALES, ACTIVATION_IS_CLAMP, WINDOW_FITS)

    def scratch_bytes(self, target: Target) -> int:
        is_turned = self.has_late_operands and self.is_depthwise
        return 2 * self.depth + (self.weights.elements if is_turned else 0)

    def lower(self, place: Placement) -> tuple[KernelCall, ...]:
        first = {**self.weight_fields(place.target.rounding, self.known_weights), "narrow": self.narrow}
        fields: dict[str, Field] = {**first, **self.grouped(place), **self.output_fields}
        if self.has_late_operands:
            fields = {"conv": fields, "is_depthwise": int(self.is_depthwise)}
        return self.call("tg_conv_2d_s16", "tg_conv_2d_run_time_s16", fields, scratch=True)


@dataclass(frozen=True, eq=False)
class DepthwiseConv2DS16(Conv2DS16):
    KIND = "DEPTHWISE_CONV_2D"
    RULES = (
        *types_are(DType.INT16, [DType.INT8], [DType.INT64]),
        *LinearS16.SCALES,
        ACTIVATION_IS_CLAMP,
        WINDOW_FITS,
    )
