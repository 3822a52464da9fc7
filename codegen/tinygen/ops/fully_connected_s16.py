"""FULLY_CONNECTED of int16 activations and int8 weights: sums of 64 bits, a multiplier of 16 bits."""

from __future__ import annotations

from dataclasses import dataclass

from tinygen.ir.program import KernelCall, Placement
from tinygen.ops.dense import FORMAT_IS_DEFAULT, Dense
from tinygen.ops.linear import NARROW_BIAS_IS_CONSTANT, LinearS16
from tinygen.ops.rule import ACTIVATION_IS_CLAMP


@dataclass(frozen=True, eq=False)
class FullyConnectedS16(LinearS16, Dense):
    """The factor has 16 bits unless the bias has 32, as in TFLite Micro; LiteRT rounds a product of float64."""

    RULES = (*LinearS16.WITH_INT4, NARROW_BIAS_IS_CONSTANT, *LinearS16.SCALES, FORMAT_IS_DEFAULT, ACTIVATION_IS_CLAMP)

    def lower(self, place: Placement) -> tuple[KernelCall, ...]:
        fields = {
            **self.weight_fields(place.target.rounding, self.known_weights),
            "narrow": self.narrow,
            **self.sizes,
            **self.output_fields,
        }
        kernels = "tg_fully_connected_s16", "tg_fully_connected_run_time_s16"
        return self.call(*kernels, fields, whole=True)
