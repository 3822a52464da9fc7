"""ADD and SUB of quantized operands: both are brought to twice the larger scale first."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from tinygen.ir.dtype import DType
from tinygen.ir.program import Field
from tinygen.ir.target import Rounding
from tinygen.ir.tensor import Tensor
from tinygen.ops.broadcast import RANK_FITS
from tinygen.ops.elementwise import SAME_DTYPE, SCALED
from tinygen.ops.elementwise_binary import PLAIN_INTEGERS, Arithmetic, Requant, requant_field
from tinygen.ops.rule import ACTIVATION_IS_CLAMP, Rule, dtype_is
from tinygen.quant import Int64s, multiply_by_quantized_multiplier, quantize_multiplier

LEFT_SHIFTS = {DType.INT8: 20, DType.INT16: 15}
"""Inputs are widened by this much before they are scaled; TFLite's values."""


@dataclass(frozen=True, eq=False)
class ScaledSum(Arithmetic):
    """output = activation(input1 + sign * input2)"""

    RULES: ClassVar[tuple[Rule, ...]] = (
        dtype_is("input1", DType.INT8, DType.INT16, DType.INT32, DType.INT64, DType.FLOAT32),
        SAME_DTYPE,
        SCALED,
        PLAIN_INTEGERS,
        ACTIVATION_IS_CLAMP,
        RANK_FITS,
    )
    SIGN: ClassVar[int]

    @property
    def left_shift(self) -> int:
        return LEFT_SHIFTS[self.input1.dtype]

    def multipliers(self, rounding: Rounding) -> tuple[Requant, Requant, Requant]:
        """(multiplier, shift) of input1, input2 and output, as in TFLite's add."""
        twice_largest = 2 * max(self.input1.scale, self.input2.scale)
        return (
            quantize_multiplier(self.input1.scale / twice_largest, rounding),
            quantize_multiplier(self.input2.scale / twice_largest, rounding),
            quantize_multiplier(twice_largest / ((1 << self.left_shift) * self.output.scale), rounding),
        )

    def quantized(self, x: Int64s, y: Int64s, rounding: Rounding) -> Int64s:
        of_input1, of_input2, of_output = self.multipliers(rounding)

        def scaled(value: Int64s, tensor: Tensor, multiplier: Requant) -> Int64s:
            widened = (value - tensor.zero_point) << self.left_shift
            return multiply_by_quantized_multiplier(widened, *multiplier, rounding)

        total = scaled(x, self.input1, of_input1) + self.SIGN * scaled(y, self.input2, of_input2)
        return multiply_by_quantized_multiplier(total, *of_output, rounding) + self.output.zero_point

    def scaling(self, rounding: Rounding) -> Mapping[str, Field]:
        of_input1, of_input2, of_output = self.multipliers(rounding)
        return {
            "input1_zero_point": self.input1.zero_point,
            "input2_zero_point": self.input2.zero_point,
            "output_zero_point": self.output.zero_point,
            "input1_requant": requant_field(of_input1),
            "input2_requant": requant_field(of_input2),
            "output_requant": requant_field(of_output),
        }
