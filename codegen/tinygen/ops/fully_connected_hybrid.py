"""FULLY_CONNECTED of floats with int8 weights: each row of the input is quantized to int8 on the fly."""

from __future__ import annotations

from dataclasses import dataclass

from tinygen.ir.program import KernelCall, Placement
from tinygen.ir.target import Target
from tinygen.ops.dense import FORMAT_IS_DEFAULT, Dense
from tinygen.ops.float_range import RANGES
from tinygen.ops.hybrid import WEIGHTS_HAVE_SCALES
from tinygen.ops.linear import OPERANDS_ARE_CONSTANT, LinearHybrid
from tinygen.ops.rule import ACTIVATION_IS_CLAMP


@dataclass(frozen=True, eq=False)
class FullyConnectedHybrid(LinearHybrid, Dense):
    """The option asymmetric_quantize_inputs says whether rows have a zero point."""

    RULES = (
        *LinearHybrid.TYPES,
        *OPERANDS_ARE_CONSTANT,
        WEIGHTS_HAVE_SCALES,
        FORMAT_IS_DEFAULT,
        ACTIVATION_IS_CLAMP,
    )

    @property
    def is_symmetric(self) -> bool:
        return not self.asymmetric

    @property
    def parts(self) -> int:
        return self.batches

    def scratch_bytes(self, target: Target) -> int:
        return self.depth

    def lower(self, place: Placement) -> tuple[KernelCall, ...]:
        low, high = RANGES[self.activation]
        fields = {**self.weight_fields(), **self.sizes, "output_min": low, "output_max": high}
        kernel = "tg_fully_connected_f32_s8"
        return (KernelCall(kernel, fields, (self.input,), self.output, whole=True, scratch=True),)
