"""COS: the cosine of a number."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from tinygen.ops.elementwise import RealFunction
from tinygen.ops.float_range import Floats


@dataclass(frozen=True, eq=False)
class Cos(RealFunction):
    """output = cos(input), within 2e-7."""

    KIND = "COS"

    def function(self, x: Floats) -> Floats:
        return np.asarray(np.cos(x.astype(np.float64)), np.float32)
