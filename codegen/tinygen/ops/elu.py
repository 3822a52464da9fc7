"""ELU: a number, or e to its power minus 1 where it is negative."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from tinygen.ir.dtype import DType
from tinygen.ops.curve import CurveOp
from tinygen.ops.elementwise import SAME_DTYPE, SCALED
from tinygen.ops.float_range import Floats
from tinygen.ops.rule import dtype_is


@dataclass(frozen=True, eq=False)
class Elu(CurveOp):
    """output = input, or exp(input) - 1 below 0; floats within 5e-7."""

    KIND = "ELU"
    RULES = (dtype_is("input", DType.INT8, DType.FLOAT32), SAME_DTYPE, SCALED)

    def function(self, x: Floats) -> Floats:
        if self.input.dtype.is_float:
            return np.where(x < 0, np.expm1(x.astype(np.float64)).astype(np.float32), x)
        # of the rounded power, as TFLite's table
        return np.where(x < 0, np.exp(x.astype(np.float64)).astype(np.float32) - np.float32(1), x)
