"""SUM: along some axes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from tinygen.ir.dtype import Array, DType
from tinygen.ir.program import KernelCall, Placement
from tinygen.ir.target import Rounding
from tinygen.ops.mean import quantized_call, quantized_mean
from tinygen.ops.reduction import INT16_IS_SYMMETRIC, IS_PER_TENSOR, REDUCE_SUM, Reduction, integers_call
from tinygen.ops.rule import SAME_DTYPE, Rule, dtype_is
from tinygen.ops.sequential import sum_in_order
from tinygen.quant import quantize_multiplier, wrap_int32


@dataclass(frozen=True, eq=False)
class Sum(Reduction):
    """int8, int16: requantized sum of (input - zero_point); int32, int64 wrap; float32 adds in the order of memory."""

    KIND = "SUM"
    RULES: ClassVar[tuple[Rule, ...]] = (
        dtype_is("input", DType.INT8, DType.INT16, DType.INT32, DType.INT64, DType.FLOAT32),
        SAME_DTYPE,
        IS_PER_TENSOR,
        INT16_IS_SYMMETRIC,
        *Reduction.RULES,
    )

    def requant(self, rounding: Rounding) -> tuple[int, int]:
        return quantize_multiplier(self.input.scale / self.output.scale, rounding)

    def evaluate(self, values: Sequence[Array], rounding: Rounding) -> tuple[Array, ...]:
        terms = self.terms(values[0])
        if self.input.dtype is DType.FLOAT32:
            return self.shaped(sum_in_order(terms))
        if self.input.dtype is DType.INT32:
            return self.shaped(wrap_int32(terms.astype(np.int64).sum(axis=1)))
        if self.input.dtype is DType.INT64:
            with np.errstate(all="ignore"):
                return self.shaped(terms.astype(np.int64).sum(axis=1))
        return self.shaped(quantized_mean(self, terms, self.requant(rounding), rounding))

    def lower(self, place: Placement) -> tuple[KernelCall, ...]:
        if self.input.dtype in (DType.INT8, DType.INT16):
            return quantized_call(self, self.requant(place.target.rounding))
        if self.input.dtype is DType.INT64:
            return integers_call(self, REDUCE_SUM, 0)
        kernel = "tg_reduce_f32" if self.input.dtype is DType.FLOAT32 else "tg_reduce_s32"
        start = 0.0 if self.input.dtype is DType.FLOAT32 else 0
        return self.call(kernel, {"operation": REDUCE_SUM, "start": start})
