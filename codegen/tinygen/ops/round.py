"""ROUND: the nearest whole number."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from tinygen.ops.elementwise import RealFunction
from tinygen.ops.float_range import Floats


@dataclass(frozen=True, eq=False)
class Round(RealFunction):
    """output = round(input), halves to the even neighbour."""

    KIND = "ROUND"

    def function(self, x: Floats) -> Floats:
        return np.asarray(np.rint(x), np.float32)
