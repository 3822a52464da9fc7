"""DEPTHWISE_CONV_2D of int8 by the kernel that takes weights as they are, constants or not."""

from __future__ import annotations

from dataclasses import dataclass

from tinygen.ir.program import Field, KernelCall, Placement
from tinygen.ir.target import Target
from tinygen.ops.convolution import PLAIN_RULES, Convolution
from tinygen.ops.linear import LinearS8


@dataclass(frozen=True, eq=False)
class PlainDepthwiseConv2D(LinearS8, Convolution):
    """Weights and bias may be computed at run time."""

    KIND = "DEPTHWISE_CONV_2D"
    RULES = (*LinearS8.NO_INT4, *PLAIN_RULES)

    @property
    def multiplier(self) -> int:
        """Filters per input channel; the option in the file is redundant and may be 0."""
        return self.output.shape[3] // self.input.shape[3]

    def scratch_bytes(self, target: Target) -> int:
        zeros = self.input.shape[3] if {"dsp", "mve"} & set(target.kernels) else 0
        late = 4 * self.filters if self.has_late_operands else 0
        return 4 * self.window.kernel_h * self.window.kernel_w + zeros + late

    def lower(self, place: Placement) -> tuple[KernelCall, ...]:
        weights = None if self.has_late_operands else self.weights.value
        fields: dict[str, Field] = {
            **self.weight_fields(place.target.rounding, weights),
            **self.geometry(place),
            "multiplier": self.multiplier,
            "input_zero_point": self.input.zero_point,
            **self.output_fields,
        }
        return self.call("tg_depthwise_conv_2d_s8", "tg_depthwise_conv_2d_run_time_s8", fields, scratch=True)
