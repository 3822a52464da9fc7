"""NEG: the number's opposite."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from tinygen.ir.dtype import Array, DType
from tinygen.ir.program import KernelCall, Placement
from tinygen.ir.target import Rounding
from tinygen.ops.element import element_type
from tinygen.ops.elementwise import SAME_DTYPE
from tinygen.ops.rule import dtype_is
from tinygen.ops.table_op import TableOp
from tinygen.quant import Int64s

KERNELS = {DType.FLOAT32: "tg_neg_f32", DType.INT32: "tg_neg_s32"}


@dataclass(frozen=True, eq=False)
class Neg(TableOp):
    """output = -input of what is stored, whatever its scale; the least integer stays what it is."""

    KIND = "NEG"
    RULES = (dtype_is("input", DType.INT8, DType.INT16, DType.INT64, *KERNELS), SAME_DTYPE)

    def answers(self, stored: Int64s, rounding: Rounding) -> Int64s:
        return np.where(stored == -128, -128, -stored)

    def evaluate(self, values: Sequence[Array], rounding: Rounding) -> tuple[Array, ...]:
        with np.errstate(over="ignore"):
            return (np.negative(values[0]).astype(self.output.dtype.numpy),)

    def lower(self, place: Placement) -> tuple[KernelCall, ...]:
        if self.is_table:
            return super().lower(place)
        if self.input.dtype in KERNELS:
            return self.call(place, KERNELS[self.input.dtype], {})
        return self.call(place, "tg_neg", {"type": element_type(self.input.dtype)})
