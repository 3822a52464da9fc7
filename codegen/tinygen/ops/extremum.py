"""MAXIMUM and MINIMUM: the larger or the smaller of two elements."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from tinygen.ir.dtype import DType
from tinygen.ir.program import Field
from tinygen.ir.target import Rounding
from tinygen.ops.broadcast import RANK_FITS
from tinygen.ops.elementwise import SAME_DTYPE
from tinygen.ops.elementwise_binary import ElementwiseBinary
from tinygen.ops.integer_pairs import Operation, integer_pairs
from tinygen.ops.rule import Rule, dtype_is

SUFFIXES = {DType.INT8: "s8", DType.INT16: "s16", DType.INT32: "s32", DType.INT64: "s64", DType.FLOAT32: "f32"}


def _scales_differ(op: Any) -> str:
    """Of tensors of integers, which may all have none."""
    if op.input1.dtype.is_float:
        return ""
    first, *others = (
        (t, t.quantization and (t.quantization.scales, t.quantization.zero_points)) for t in (*op.inputs, *op.outputs)
    )
    differing = [tensor for tensor, scaling in others if scaling != first[1]]
    return f"{first[0]} and {differing[0]} differ" if differing else ""


SAME_SCALE = Rule(
    "all tensors of integers have the same scale and zero point, because values are copied", _scales_differ
)


@dataclass(frozen=True, eq=False)
class Extremum(ElementwiseBinary):
    """output = input1 if it is beyond input2, else input2; what is not a number is beyond nothing."""

    RULES: ClassVar[tuple[Rule, ...]] = (dtype_is("input1", *SUFFIXES, DType.UINT8), SAME_DTYPE, SAME_SCALE, RANK_FITS)
    IS_MAXIMUM: ClassVar[bool]

    def combine(self, x: Any, y: Any, rounding: Rounding) -> Any:
        return np.where(x > y if self.IS_MAXIMUM else x < y, x, y)

    @property
    def kernel(self) -> str:
        return f"tg_extremum_{SUFFIXES[self.input1.dtype]}" if self.input1.dtype in SUFFIXES else "tg_integer_pairs"

    def fields(self, rounding: Rounding) -> Mapping[str, Field]:
        if self.input1.dtype not in SUFFIXES:
            return integer_pairs(Operation.GREATEST if self.IS_MAXIMUM else Operation.LEAST, self.input1.dtype)
        return {"is_maximum": int(self.IS_MAXIMUM)}
