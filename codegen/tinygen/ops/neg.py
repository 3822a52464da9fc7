"""NEG: the number's opposite."""

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
class Neg(Elementwise):
    """output = -input; the least int32 stays what it is."""

    KIND = "NEG"
    RULES = (dtype_is("input", DType.FLOAT32, DType.INT32), SAME_DTYPE)

    def evaluate(self, values: Sequence[Array], rounding: Rounding) -> tuple[Array, ...]:
        with np.errstate(over="ignore"):
            return (np.negative(values[0]).astype(self.output.dtype.numpy),)

    def lower(self, place: Placement) -> tuple[KernelCall, ...]:
        return self.call(place, "tg_neg_f32" if self.input.dtype.is_float else "tg_neg_s32", {})
