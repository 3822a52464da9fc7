"""EQUAL, NOT_EQUAL, GREATER, GREATER_EQUAL, LESS and LESS_EQUAL: how two elements are related."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from tinygen.ir.dtype import DType
from tinygen.ir.program import Field
from tinygen.ir.target import Rounding
from tinygen.ir.tensor import Tensor
from tinygen.ops.broadcast import RANK_FITS
from tinygen.ops.elementwise_binary import ElementwiseBinary, Requant, requant_field
from tinygen.ops.rule import Rule, dtype_is
from tinygen.quant import Int64s, multiply_by_quantized_multiplier, quantize_multiplier

SMALLER, SAME, LARGER, UNORDERED = 1, 2, 4, 8
"""What two elements can be to each other; the last is for what is not a number."""

SUFFIXES = {
    DType.INT8: "s8",
    DType.INT16: "s16",
    DType.INT32: "s32",
    DType.INT64: "s64",
    DType.FLOAT32: "f32",
    DType.BOOL: "b",
}
LEFT_SHIFT = 8
"""inputs are widened by this much before they are scaled; TFLite's value."""


def _dtypes_differ(op: Any) -> str:
    if op.input1.dtype is op.input2.dtype:
        return ""
    return f"{op.input1} is {op.input1.dtype.label}, {op.input2} is {op.input2.dtype.label}"


def _unscaled(op: Any) -> str:
    for tensor in op.inputs if op.is_scaled else ():
        if tensor.quantization is None:
            return f"{tensor} has no quantization"
        if tensor.quantization.per_channel:
            return f"{tensor} has {len(tensor.quantization.scales)} scales"
    return ""


@dataclass(frozen=True, eq=False)
class Comparison(ElementwiseBinary):
    """output = whether input1 and input2 are in one of the RELATIONS; int8 after both are rescaled to 2**-8.

    int16 is rescaled by EQUAL and NOT_EQUAL, and compared by the others as it is stored, whatever the scales: so does
    LiteRT.
    """

    RULES: ClassVar[tuple[Rule, ...]] = (
        dtype_is("input1", *SUFFIXES),
        dtype_is("output", DType.BOOL),
        Rule("input1 and input2 have the same element type", _dtypes_differ),
        Rule("inputs that are rescaled have one scale and one zero point", _unscaled),
        RANK_FITS,
    )
    RELATIONS: ClassVar[int]
    """The sum of those that are asked for."""
    SCALES_WORDS: ClassVar[bool] = False
    """Whether int16 is rescaled if it has a scale."""

    @property
    def is_scaled(self) -> bool:
        words = self.SCALES_WORDS and self.input1.dtype is DType.INT16 and self.input1.quantization is not None
        return words or self.input1.dtype is DType.INT8

    def requant(self, tensor: Tensor, rounding: Rounding) -> Requant:
        return quantize_multiplier(tensor.scale, rounding)

    def combine(self, x: Any, y: Any, rounding: Rounding) -> Any:
        if self.is_scaled:
            x, y = (self._scaled(v, t, rounding) for v, t in ((x, self.input1), (y, self.input2)))
        found = np.where(x < y, SMALLER, np.where(x == y, SAME, np.where(x > y, LARGER, UNORDERED)))
        return (found & self.RELATIONS) != 0

    def _scaled(self, stored: Int64s, tensor: Tensor, rounding: Rounding) -> Int64s:
        widened = (stored - tensor.zero_point) << LEFT_SHIFT
        return multiply_by_quantized_multiplier(widened, *self.requant(tensor, rounding), rounding)

    @property
    def kernel(self) -> str:
        if self.is_scaled and self.input1.dtype is DType.INT16:
            return "tg_compare_scaled_s16"
        return f"tg_compare_{SUFFIXES[self.input1.dtype]}"

    def fields(self, rounding: Rounding) -> Mapping[str, Field]:
        if not self.is_scaled:
            return {"relation": self.RELATIONS}
        return {
            "relation": self.RELATIONS,
            "input1_zero_point": self.input1.zero_point,
            "input2_zero_point": self.input2.zero_point,
            "input1_requant": requant_field(self.requant(self.input1, rounding)),
            "input2_requant": requant_field(self.requant(self.input2, rounding)),
        }
