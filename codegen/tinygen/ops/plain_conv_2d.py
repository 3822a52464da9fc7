"""CONV_2D of int8 by the kernel that takes filters as they are, constants or not."""

from __future__ import annotations

from dataclasses import dataclass

from tinygen.ir.program import Field, KernelCall, Placement
from tinygen.ir.target import Target
from tinygen.ops.convolution import PLAIN_RULES, Convolution
from tinygen.ops.filter_blocks import padded_rows, word_multiple
from tinygen.ops.linear import LinearS8


@dataclass(frozen=True, eq=False)
class PlainConv2D(LinearS8, Convolution):
    """Weights and bias may be computed at run time."""

    KIND = "CONV_2D"
    RULES = (*LinearS8.NO_INT4, *PLAIN_RULES)

    def filter_stride(self, target: Target) -> int:
        """Bytes from one filter to the next: whole words where the kernels read words."""
        return word_multiple(self.depth) if "dsp" in target.kernels else self.depth

    def scratch_bytes(self, target: Target) -> int:
        # dsp and mve expand two pixels' patches to int16; scalar gathers them as they are
        stride = self.filter_stride(target)
        patches = stride * (4 if "dsp" in target.kernels else 2)
        return patches + (self.late_bytes(stride) if self.has_late_operands else 0)

    def late_bytes(self, stride: int) -> int:
        """The folded bias, and the filters if they need gaps."""
        return 4 * self.filters + (self.filters * stride if stride > self.depth else 0)

    def lower(self, place: Placement) -> tuple[KernelCall, ...]:
        stride = self.filter_stride(place.target)
        known = self.known_weights
        fields: dict[str, Field] = {
            **self.weight_fields(place.target.rounding, None if known is None else padded_rows(known, stride)),
            **self.grouped(place),
            "filter_stride": stride,
            "input_zero_point": self.input.zero_point,
            **self.output_fields,
        }
        return self.call("tg_conv_2d_s8", "tg_conv_2d_run_time_s8", fields, scratch=True)
