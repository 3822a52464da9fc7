"""FLOOR_DIV: the quotient rounded down."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from tinygen.ir.target import Rounding
from tinygen.ops.floor_op import FloorOp


@dataclass(frozen=True, eq=False)
class FloorDiv(FloorOp):
    """output = floor(input1 / input2)"""

    KIND = "FLOOR_DIV"
    IS_REST = False

    def combine(self, x: Any, y: Any, rounding: Rounding) -> Any:
        if self.input1.dtype.is_float:
            return np.floor(x / y)
        return np.where(y == 0, 0, x // np.where(y == 0, 1, y))
