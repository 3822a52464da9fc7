"""FULLY_CONNECTED of legacy uint8 models, held as int8."""

from __future__ import annotations

from dataclasses import dataclass

from tinygen.ir.target import Target
from tinygen.ops.dense import FORMAT_IS_DEFAULT
from tinygen.ops.filter_blocks import word_multiple
from tinygen.ops.linear import OPERANDS_ARE_CONSTANT, LinearU8
from tinygen.ops.plain_fully_connected import PlainFullyConnected
from tinygen.ops.rule import ACTIVATION_IS_CLAMP, is_per_tensor


@dataclass(frozen=True, eq=False)
class FullyConnectedU8(LinearU8, PlainFullyConnected):
    RULES = (
        *LinearU8.NO_INT4,
        *OPERANDS_ARE_CONSTANT,
        is_per_tensor("input", "weights", "output"),
        FORMAT_IS_DEFAULT,
        ACTIVATION_IS_CLAMP,
    )

    def weights_stride(self, target: Target) -> int:
        return word_multiple(self.depth)
