"""EXP: e to the power of a number."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from tinygen.ops.curve import CurveOp
from tinygen.ops.float_range import Floats


@dataclass(frozen=True, eq=False)
class Exp(CurveOp):
    """output = exp(input); floats within 2e-7."""

    KIND = "EXP"

    def function(self, x: Floats) -> Floats:
        return np.asarray(np.exp(x.astype(np.float64)), np.float32)
