"""LOGICAL_NOT: true where false is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from tinygen.ir.dtype import Array, DType
from tinygen.ir.program import KernelCall, Placement
from tinygen.ir.target import Rounding
from tinygen.ops.elementwise import SAME_DTYPE, Elementwise
from tinygen.ops.rule import dtype_is


@dataclass(frozen=True, eq=False)
class LogicalNot(Elementwise):
    """output = not input."""

    KIND = "LOGICAL_NOT"
    RULES = (dtype_is("input", DType.BOOL), SAME_DTYPE)

    def evaluate(self, values: Sequence[Array], rounding: Rounding) -> tuple[Array, ...]:
        return (np.logical_not(values[0]),)

    def lower(self, place: Placement) -> tuple[KernelCall, ...]:
        return self.call(place, "tg_logical_not_b", {})
