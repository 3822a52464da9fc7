"""FLOOR_DIV: the quotient rounded down."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from tinygen.ir.target import Rounding
from tinygen.ops.plain_binary import PlainBinary
from tinygen.quant import wrap_int32


@dataclass(frozen=True, eq=False)
class FloorDiv(PlainBinary):
    """output = floor(input1 / input2); integers divided by 0 are 0, where TFLite refuses to run."""

    KIND = "FLOOR_DIV"

    def combine(self, x: Any, y: Any, rounding: Rounding) -> Any:
        if self.input1.dtype.is_float:
            return np.floor(x / y)
        return np.where(y == 0, 0, wrap_int32(x // np.where(y == 0, 1, y)))
