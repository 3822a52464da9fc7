"""BITWISE_XOR: the bits in which two integers differ, with broadcasting."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from tinygen.ir.target import Rounding
from tinygen.ops.integer_pairs import Operation
from tinygen.ops.plain_binary import IntegerBinary


@dataclass(frozen=True, eq=False)
class BitwiseXor(IntegerBinary):
    """output = input1 ^ input2"""

    KIND = "BITWISE_XOR"
    OPERATION = Operation.EXCLUSIVE_OR

    def combine(self, x: Any, y: Any, rounding: Rounding) -> Any:
        return x ^ y
