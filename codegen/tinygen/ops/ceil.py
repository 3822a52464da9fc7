"""CEIL: the next whole number up."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from tinygen.ops.elementwise import RealFunction
from tinygen.ops.float_range import Floats


@dataclass(frozen=True, eq=False)
class Ceil(RealFunction):
    """output = the least whole number that is not below input."""

    KIND = "CEIL"

    def function(self, x: Floats) -> Floats:
        return np.asarray(np.ceil(x), np.float32)
