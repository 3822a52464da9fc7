"""ATAN2: the angle of a point."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from tinygen.ir.dtype import DType
from tinygen.ir.target import Rounding
from tinygen.ops.broadcast import RANK_FITS
from tinygen.ops.elementwise import SAME_DTYPE
from tinygen.ops.plain_binary import PlainBinary
from tinygen.ops.rule import dtype_is


@dataclass(frozen=True, eq=False)
class Atan2(PlainBinary):
    """output = the angle from the first axis to the point (input2, input1), in radians; within 3e-7."""

    KIND = "ATAN2"
    RULES = (dtype_is("input1", DType.FLOAT32), SAME_DTYPE, RANK_FITS)

    def combine(self, x: Any, y: Any, rounding: Rounding) -> Any:
        return np.arctan2(x.astype(np.float64), y.astype(np.float64)).astype(np.float32)
