"""FLOOR: the next whole number down."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from tinygen.ops.elementwise import RealFunction
from tinygen.ops.float_range import Floats


@dataclass(frozen=True, eq=False)
class Floor(RealFunction):
    """output = the greatest whole number that is not above input."""

    KIND = "FLOOR"

    def function(self, x: Floats) -> Floats:
        return np.asarray(np.floor(x), np.float32)
