"""NEG: the number's opposite."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from tinygen.ir.dtype import Array, DType
from tinygen.ir.program import KernelCall, Placement
from tinygen.ir.target import Rounding
from tinygen.ops.element import element_type
from tinygen.ops.elementwise import SAME_DTYPE, Elementwise
from tinygen.ops.rule import dtype_is


@dataclass(frozen=True, eq=False)
class Neg(Elementwise):
    """output = -input; of integers the stored value, whatever its scale, and the least one stays what it is."""

    KIND = "NEG"
    RULES = (dtype_is("input", DType.FLOAT32, DType.INT32, DType.INT8, DType.INT16, DType.INT64), SAME_DTYPE)

    def evaluate(self, values: Sequence[Array], rounding: Rounding) -> tuple[Array, ...]:
        with np.errstate(over="ignore"):
            return (np.negative(values[0]).astype(self.output.dtype.numpy),)

    def lower(self, place: Placement) -> tuple[KernelCall, ...]:
        if self.input.dtype in (DType.FLOAT32, DType.INT32):
            return self.call(place, "tg_neg_f32" if self.input.dtype.is_float else "tg_neg_s32", {})
        return self.call(place, "tg_neg", {"type": element_type(self.input.dtype)})
