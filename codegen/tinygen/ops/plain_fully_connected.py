"""FULLY_CONNECTED of int8 by the kernel that takes weights as they are, constants or not."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from tinygen.ir.program import Field, KernelCall, Placement
from tinygen.ir.target import Target
from tinygen.ops.dense import FORMAT_IS_DEFAULT, Dense
from tinygen.ops.filter_blocks import padded_rows, word_multiple
from tinygen.ops.linear import LinearS8
from tinygen.ops.rule import ACTIVATION_IS_CLAMP, Rule, is_per_tensor


def _zero_points_agree(op: Any) -> str:
    if op.weights.quantization is None:
        return f"{op.weights} has no scale"
    distinct = set(op.weights.params.zero_points)
    return f"{op.weights} has {len(distinct)} different ones" if len(distinct) > 1 else ""


PLAIN_RULES = (
    is_per_tensor("input", "output"),
    Rule("all zero points of the weights are equal", _zero_points_agree),
    FORMAT_IS_DEFAULT,
    ACTIVATION_IS_CLAMP,
)
"""Of int8, besides its types."""


@dataclass(frozen=True, eq=False)
class PlainFullyConnected(LinearS8, Dense):
    """Weights and bias may be computed at run time."""

    RULES = (*LinearS8.NO_INT4, *PLAIN_RULES)

    def scratch_bytes(self, target: Target) -> int:
        return 4 * self.filters if self.has_late_operands else 0

    def weights_stride(self, target: Target) -> int:
        """Bytes from one output's weights to the next: whole words where the kernels read words."""
        return word_multiple(self.depth) if "dsp" in target.kernels else self.depth

    def lower(self, place: Placement) -> tuple[KernelCall, ...]:
        fields, is_late = self.dense_fields(place.target), self.has_late_operands
        if is_late:
            fields = {"dense": fields, "input_zero_point": self.input.zero_point}
        kernels = "tg_fully_connected_s8", "tg_fully_connected_run_time_s8"
        return self.call(*kernels, fields, whole=True, scratch=is_late)

    def dense_fields(self, target: Target) -> dict[str, Field]:
        """The members of tg_fully_connected_s8_params."""
        stride, weights = self.depth, self.known_weights
        if weights is not None:
            stride = self.weights_stride(target)
            weights = padded_rows(weights, stride)
        return {
            **self.weight_fields(target.rounding, weights),
            **self.sizes,
            "weights_stride": stride,
            "weights_zero_point": self.weights.zero_point,
            **self.output_fields,
        }
