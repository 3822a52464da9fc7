"""REDUCE_MAX, REDUCE_MIN, REDUCE_ANY and REDUCE_ALL: the greatest or the least of the elements."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from tinygen.ir.dtype import Array, DType
from tinygen.ir.program import KernelCall, Placement
from tinygen.ir.target import Rounding
from tinygen.ops.reduction import FLOAT_MAX, REDUCE_MAX, REDUCE_MIN, Reduction, integers_call
from tinygen.ops.rule import SAME_DTYPE, Rule, dtype_is, same_quantization

KERNELS = {
    DType.INT8: "tg_reduce_s8",
    DType.INT16: "tg_reduce_s16",
    DType.INT32: "tg_reduce_s32",
    DType.FLOAT32: "tg_reduce_f32",
    DType.BOOL: "tg_reduce_s8",
}


def _quantization_differs(op: ExtremeOp) -> str:
    return "" if op.input.quantization is None else same_quantization("input", "output").found(op)


@dataclass(frozen=True, eq=False)
class ExtremeOp(Reduction):
    """The greatest or the least of the elements and of the type's own limit; in float32, NaN does not count."""

    GREATEST: ClassVar[bool]
    RULES: ClassVar[tuple[Rule, ...]] = (
        dtype_is("input", *KERNELS, DType.UINT8, DType.INT64),
        SAME_DTYPE,
        Rule("quantized input and output have the same scale and zero point", _quantization_differs),
        *Reduction.RULES,
    )

    @property
    def start(self) -> float:
        """What the result of no elements is."""
        if self.input.dtype is DType.FLOAT32:
            return -FLOAT_MAX if self.GREATEST else FLOAT_MAX
        low, high = (0, 1) if self.input.dtype is DType.BOOL else self.input.dtype.limits
        return low if self.GREATEST else high

    def evaluate(self, values: Sequence[Array], rounding: Rounding) -> tuple[Array, ...]:
        terms = self.terms(values[0])
        if self.input.dtype is DType.BOOL:
            terms = terms.astype(np.int8)
        choose = np.fmax if self.GREATEST else np.fmin
        return self.shaped(choose.reduce(terms, axis=1, initial=terms.dtype.type(self.start)))

    def lower(self, place: Placement) -> tuple[KernelCall, ...]:
        operation = REDUCE_MAX if self.GREATEST else REDUCE_MIN
        if self.input.dtype not in KERNELS:
            return integers_call(self, operation, int(self.start))
        start = self.start if self.input.dtype is DType.FLOAT32 else int(self.start)
        return self.call(KERNELS[self.input.dtype], {"operation": operation, "start": start})


@dataclass(frozen=True, eq=False)
class TruthOp(ExtremeOp):
    """The greatest or the least of booleans, false being less than true."""

    RULES: ClassVar[tuple[Rule, ...]] = (dtype_is("input", DType.BOOL), SAME_DTYPE, *Reduction.RULES)
