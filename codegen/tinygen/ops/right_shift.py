"""RIGHT_SHIFT: an integer's bits moved down, with broadcasting."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from tinygen.ir.target import Rounding
from tinygen.ops.integer_pairs import Operation
from tinygen.ops.plain_binary import IntegerBinary


@dataclass(frozen=True, eq=False)
class RightShift(IntegerBinary):
    """output = input1 >> input2, which keeps the sign; a shift leaves at least the type's top bit.

    What TFLite leaves open: a negative shift is none.
    """

    KIND = "RIGHT_SHIFT"
    OPERATION = Operation.RIGHT_SHIFT

    def combine(self, x: Any, y: Any, rounding: Rounding) -> Any:
        return x >> np.clip(y, 0, 8 * self.input1.dtype.size - 1)
