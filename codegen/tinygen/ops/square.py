"""SQUARE: the product with itself."""

from __future__ import annotations

from dataclasses import dataclass

from tinygen.ops.elementwise import RealFunction
from tinygen.ops.float_range import Floats


@dataclass(frozen=True, eq=False)
class Square(RealFunction):
    """output = input * input."""

    KIND = "SQUARE"

    def function(self, x: Floats) -> Floats:
        return x * x
