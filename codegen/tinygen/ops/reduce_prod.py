"""REDUCE_PROD: the product along some axes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from tinygen.ir.dtype import Array, DType
from tinygen.ir.program import KernelCall, Placement
from tinygen.ir.target import Rounding
from tinygen.ops.reduction import (
    INT16_IS_SYMMETRIC,
    IS_PER_TENSOR,
    REDUCE_PRODUCT,
    Reduction,
    integers_call,
)
from tinygen.ops.rule import SAME_DTYPE, Rule, dtype_is
from tinygen.ops.wide import SHIFT_LIMIT, reduced_multiplier, wide_multiply
from tinygen.quant import Int64s, quantize_multiplier, wrap_int32


def _multiplier_is_large(op: ReduceProd) -> str:
    if op.input.dtype not in (DType.INT8, DType.INT16):
        return ""
    shift = op.requant[1]
    return "" if -31 <= shift < SHIFT_LIMIT and op.count else f"it is {op.real_multiplier:g}"


@dataclass(frozen=True, eq=False)
class ReduceProd(Reduction):
    """int8 and int16: every product is rescaled by input scale / output scale ** (1 / count); int32 and int64 wrap."""

    KIND = "REDUCE_PROD"
    RULES: ClassVar[tuple[Rule, ...]] = (
        dtype_is("input", DType.INT8, DType.INT16, DType.INT32, DType.INT64, DType.FLOAT32),
        SAME_DTYPE,
        IS_PER_TENSOR,
        INT16_IS_SYMMETRIC,
        *Reduction.RULES,
        Rule("in int8 and int16, what a product is rescaled by is less than 128", _multiplier_is_large),
    )

    @property
    def real_multiplier(self) -> float:
        return float(self.input.scale / self.output.scale ** (1.0 / max(self.count, 1)))

    @property
    def requant(self) -> tuple[int, int]:
        """(multiplier in Q0.15, shift), the same for both roundings."""
        multiplier, shift = quantize_multiplier(self.real_multiplier)
        return reduced_multiplier(multiplier), shift

    def evaluate(self, values: Sequence[Array], rounding: Rounding) -> tuple[Array, ...]:
        terms = self.terms(values[0])
        if self.input.dtype is DType.FLOAT32:
            ones = np.ones((len(terms), 1), np.float32)
            with np.errstate(all="ignore"):
                products = np.cumprod(np.concatenate([ones, terms], axis=1), axis=1, dtype=np.float32)
            return self.shaped(products[:, -1])
        if self.input.dtype in (DType.INT32, DType.INT64):
            product = np.ones(len(terms), np.int64)
            for i in range(terms.shape[1]):
                exact = product * terms[:, i]
                product = wrap_int32(exact) if self.input.dtype is DType.INT32 else exact
            return self.shaped(product)
        return self.shaped(self._quantized(terms.astype(np.int64) - self.input.zero_point))

    def _quantized(self, terms: Int64s) -> Int64s:
        product = terms[:, 0]
        for i in range(1, terms.shape[1]):
            product = wide_multiply(product * terms[:, i], *self.requant)
        scaled = wide_multiply(product, *self.requant) + self.output.zero_point
        return np.clip(scaled, *self.output.dtype.limits)

    def lower(self, place: Placement) -> tuple[KernelCall, ...]:
        if self.input.dtype is DType.FLOAT32:
            return self.call("tg_reduce_f32", {"operation": REDUCE_PRODUCT, "start": 1.0})
        if self.input.dtype is DType.INT32:
            return self.call("tg_reduce_s32", {"operation": REDUCE_PRODUCT, "start": 1})
        if self.input.dtype is DType.INT64:
            return integers_call(self, REDUCE_PRODUCT, 1)
        multiplier, shift = self.requant
        return self.call(
            "tg_reduce_prod_s8" if self.input.dtype is DType.INT8 else "tg_reduce_prod_s16",
            {
                "requant": {"multiplier": multiplier, "shift": shift},
                "input_zero_point": self.input.zero_point,
                "output_zero_point": self.output.zero_point,
            },
        )
