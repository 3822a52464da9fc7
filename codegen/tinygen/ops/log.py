"""LOG: the natural logarithm."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from tinygen.ops.curve import CurveOp
from tinygen.ops.float_range import Floats


@dataclass(frozen=True, eq=False)
class Log(CurveOp):
    """output = ln(input), floats within 3e-7; of an integer that is not above 0, the least output."""

    KIND = "LOG"

    def function(self, x: Floats) -> Floats:
        logarithm = np.asarray(np.log(x.astype(np.float64)), np.float32)
        if self.input.dtype.is_float:
            return logarithm
        least = np.float32(self.output.dtype.limits[0] - self.output.zero_point) * np.float32(self.output.scale)
        return np.where(x <= 0, least, logarithm)
