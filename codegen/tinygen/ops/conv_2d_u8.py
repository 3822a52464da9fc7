"""CONV_2D and DEPTHWISE_CONV_2D of legacy uint8 models, held as int8: the weights have a zero point."""

from __future__ import annotations

from dataclasses import dataclass

from tinygen.ir.program import KernelCall, Placement
from tinygen.ir.target import Target
from tinygen.ops.convolution import Convolution
from tinygen.ops.linear import OPERANDS_ARE_CONSTANT, LinearU8
from tinygen.ops.rule import ACTIVATION_IS_CLAMP, is_per_tensor
from tinygen.ops.window import WINDOW_FITS


@dataclass(frozen=True, eq=False)
class Conv2DU8(LinearU8, Convolution):
    KIND = "CONV_2D"
    RULES = (
        *LinearU8.NO_INT4,
        *OPERANDS_ARE_CONSTANT,
        is_per_tensor("input", "weights", "output"),
        ACTIVATION_IS_CLAMP,
        WINDOW_FITS,
    )

    def scratch_bytes(self, target: Target) -> int:
        return self.depth

    def lower(self, place: Placement) -> tuple[KernelCall, ...]:
        fields = {
            **self.weight_fields(place.target.rounding, self.bank(self.weights.value)),
            **self.grouped(place),
            "input_zero_point": self.input.zero_point,
            "weights_zero_point": self.weights.zero_point,
            **self.output_fields,
        }
        return (KernelCall("tg_conv_2d_u8", fields, (self.input,), self.output, scratch=True),)


@dataclass(frozen=True, eq=False)
class DepthwiseConv2DU8(Conv2DU8):
    KIND = "DEPTHWISE_CONV_2D"
