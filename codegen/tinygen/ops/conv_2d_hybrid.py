"""CONV_2D and DEPTHWISE_CONV_2D of floats with int8 weights: each image is quantized to int8 on the fly."""

from __future__ import annotations

from dataclasses import dataclass

from tinygen.ir.program import KernelCall, Placement
from tinygen.ir.target import Target
from tinygen.ops.convolution import Convolution
from tinygen.ops.float_range import RANGES
from tinygen.ops.hybrid import WEIGHTS_HAVE_SCALES
from tinygen.ops.linear import OPERANDS_ARE_CONSTANT, LinearHybrid
from tinygen.ops.rule import ACTIVATION_IS_CLAMP
from tinygen.ops.window import WINDOW_FITS


@dataclass(frozen=True, eq=False)
class Conv2DHybrid(LinearHybrid, Convolution):
    """As TFLite: images have a zero point if there is a scale per filter, and none if all share one."""

    KIND = "CONV_2D"
    BY_ROWS = False
    RULES = (
        *LinearHybrid.TYPES,
        *OPERANDS_ARE_CONSTANT,
        WEIGHTS_HAVE_SCALES,
        ACTIVATION_IS_CLAMP,
        WINDOW_FITS,
    )

    @property
    def is_symmetric(self) -> bool:
        """As LiteRT has it where one scale serves all filters; a single filter of CONV_2D counts as such."""
        scales = len(self.weights.params.scales)
        return scales != self.filters or (scales == 1 and not self.is_depthwise)

    @property
    def parts(self) -> int:
        return self.input.shape[0]

    def scratch_bytes(self, target: Target) -> int:
        return self.input.elements // self.input.shape[0]

    def lower(self, place: Placement) -> tuple[KernelCall, ...]:
        low, high = RANGES[self.activation]
        grouped = self.grouped(place)
        fields = {
            **self.weight_fields(),
            "images": self.parts,
            **{name: grouped[name] for name in ("window", "input_c", "output_c", "groups")},
            "output_min": low,
            "output_max": high,
        }
        return (KernelCall("tg_conv_2d_f32_s8", fields, (self.input,), self.output, whole=True, scratch=True),)


@dataclass(frozen=True, eq=False)
class DepthwiseConv2DHybrid(Conv2DHybrid):
    KIND = "DEPTHWISE_CONV_2D"
