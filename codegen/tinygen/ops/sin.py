"""SIN: the sine of a number."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from tinygen.ops.elementwise import RealFunction
from tinygen.ops.float_range import Floats


@dataclass(frozen=True, eq=False)
class Sin(RealFunction):
    """output = sin(input), within 2e-7."""

    KIND = "SIN"

    def function(self, x: Floats) -> Floats:
        return np.asarray(np.sin(x.astype(np.float64)), np.float32)
