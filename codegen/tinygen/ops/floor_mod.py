"""FLOOR_MOD: what the quotient rounded down leaves."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from tinygen.ir.target import Rounding
from tinygen.ops.floor_op import FloorOp


@dataclass(frozen=True, eq=False)
class FloorMod(FloorOp):
    """output = input1 - input2 * floor(input1 / input2)"""

    KIND = "FLOOR_MOD"
    IS_REST = True

    def combine(self, x: Any, y: Any, rounding: Rounding) -> Any:
        if not self.input1.dtype.is_float:
            return np.where(y == 0, 0, x % np.where(y == 0, 1, y))
        rest = np.fmod(x, y)
        return np.where((rest != 0) & ((rest < 0) != (y < 0)), rest + y, rest)
