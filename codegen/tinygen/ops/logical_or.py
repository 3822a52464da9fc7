"""LOGICAL_OR: whether one of two is true."""

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
class LogicalOr(PlainBinary):
    """output = input1 or input2"""

    KIND = "LOGICAL_OR"
    RULES = (dtype_is("input1", DType.BOOL), SAME_DTYPE, RANK_FITS)

    def combine(self, x: Any, y: Any, rounding: Rounding) -> Any:
        return np.logical_or(x, y)
