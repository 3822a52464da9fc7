"""POW: a number to the power of another."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from tinygen.ir.target import Rounding
from tinygen.ops.plain_binary import PlainBinary


def _power(x: int, y: int) -> int:
    if y < 0:
        return 0 if abs(x) != 1 else x if y % 2 else 1
    result = pow(int(x), int(y), 2**32)
    return result - 2**32 if result >= 2**31 else result


@dataclass(frozen=True, eq=False)
class Pow(PlainBinary):
    """output = input1 ** input2; floats within 2e-5; of integers, what overflows wraps and a fraction is 0."""

    KIND = "POW"

    def combine(self, x: Any, y: Any, rounding: Rounding) -> Any:
        if self.input1.dtype.is_float:
            return np.power(x.astype(np.float64), y.astype(np.float64)).astype(np.float32)
        return np.vectorize(_power, otypes=[np.int64])(x, y) if x.size else x
