"""SQUARED_DIFFERENCE: the square of the difference of two tensors, with broadcasting."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from tinygen.ir.dtype import DType
from tinygen.ir.program import Field
from tinygen.ir.target import Rounding
from tinygen.ir.tensor import Tensor
from tinygen.ops.broadcast import RANK_FITS
from tinygen.ops.elementwise import CENTRED, SAME_DTYPE, SCALED
from tinygen.ops.elementwise_binary import ElementwiseBinary, Requant, requant_field
from tinygen.ops.rule import dtype_is
from tinygen.quant import Int64s, multiply_by_quantized_multiplier, quantize_multiplier, requantize, wrap_int32

LEFT_SHIFTS = {DType.INT8: 7, DType.INT16: 0}
"""Inputs are widened by this much before they are scaled, so that the square fits in int32; TFLite's values."""
SUFFIXES = {DType.INT8: "s8", DType.INT16: "s16", DType.INT32: "s32", DType.FLOAT32: "f32"}


@dataclass(frozen=True, eq=False)
class SquaredDifference(ElementwiseBinary):
    """output = (input1 - input2) ** 2; quantized operands are brought to twice the larger scale first."""

    KIND = "SQUARED_DIFFERENCE"
    RULES = (dtype_is("input1", *SUFFIXES), SAME_DTYPE, SCALED, CENTRED, RANK_FITS)

    @property
    def left_shift(self) -> int:
        return LEFT_SHIFTS[self.input1.dtype]

    def multipliers(self, rounding: Rounding) -> tuple[Requant, Requant, Requant]:
        """(multiplier, shift) of input1, input2 and output."""
        twice_largest = 2 * max(self.input1.scale, self.input2.scale)
        widened = float(np.float32(1 << (2 * self.left_shift)) * np.float32(self.output.scale))
        return (
            quantize_multiplier(self.input1.scale / twice_largest, rounding),
            quantize_multiplier(self.input2.scale / twice_largest, rounding),
            quantize_multiplier(twice_largest * twice_largest / widened, rounding),
        )

    def combine(self, x: Any, y: Any, rounding: Rounding) -> Any:
        if self.input1.dtype.is_float:
            return (x - y) * (x - y)
        if self.input1.dtype is DType.INT32:
            difference = wrap_int32(x - y)
            return wrap_int32(difference * difference)
        of_input1, of_input2, of_output = self.multipliers(rounding)

        def scaled(value: Int64s, tensor: Tensor, multiplier: Requant) -> Int64s:
            widened = (value - tensor.zero_point) << self.left_shift
            return multiply_by_quantized_multiplier(widened, *multiplier, rounding)

        difference = scaled(x, self.input1, of_input1) - scaled(y, self.input2, of_input2)
        stored = requantize(difference * difference, *of_output, self.output.zero_point, rounding)
        return np.clip(stored, *self.output.dtype.limits)

    @property
    def kernel(self) -> str:
        return f"tg_squared_difference_{SUFFIXES[self.input1.dtype]}"

    def fields(self, rounding: Rounding) -> Mapping[str, Field]:
        if self.input1.dtype not in LEFT_SHIFTS:
            return {}
        of_input1, of_input2, of_output = self.multipliers(rounding)
        return {
            "input1_zero_point": self.input1.zero_point,
            "input2_zero_point": self.input2.zero_point,
            "output_zero_point": self.output.zero_point,
            "input1_requant": requant_field(of_input1),
            "input2_requant": requant_field(of_input2),
            "output_requant": requant_field(of_output),
        }
