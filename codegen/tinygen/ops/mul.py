"""MUL: the product of two tensors, with broadcasting."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from tinygen.ir.dtype import DType
from tinygen.ir.program import Field
from tinygen.ir.target import Rounding
from tinygen.ops.broadcast import RANK_FITS
from tinygen.ops.elementwise import CENTRED, SAME_DTYPE, SCALED
from tinygen.ops.elementwise_binary import PLAIN_INTEGERS, Arithmetic, Requant, requant_field
from tinygen.ops.integer_pairs import Operation
from tinygen.ops.rule import ACTIVATION_IS_CLAMP, Rule, dtype_is
from tinygen.quant import Int64s, quantize_multiplier, requantize


@dataclass(frozen=True, eq=False)
class Mul(Arithmetic):
    """output = activation(input1 * input2)"""

    KIND = "MUL"
    WIDE_OPERATION = Operation.PRODUCT
    RULES: ClassVar[tuple[Rule, ...]] = (
        dtype_is("input1", DType.INT8, DType.INT16, DType.INT32, DType.INT64, DType.FLOAT32),
        SAME_DTYPE,
        SCALED,
        CENTRED,
        PLAIN_INTEGERS,
        ACTIVATION_IS_CLAMP,
        RANK_FITS,
    )

    def plain(self, x: Any, y: Any) -> Any:
        return x * y

    def requant(self, rounding: Rounding) -> Requant:
        return quantize_multiplier(self.input1.scale * self.input2.scale / self.output.scale, rounding)

    def quantized(self, x: Int64s, y: Int64s, rounding: Rounding) -> Int64s:
        product = (x - self.input1.zero_point) * (y - self.input2.zero_point)
        return requantize(product, *self.requant(rounding), self.output.zero_point, rounding)

    def scaling(self, rounding: Rounding) -> Mapping[str, Field]:
        return {
            "input1_zero_point": self.input1.zero_point,
            "input2_zero_point": self.input2.zero_point,
            "output_zero_point": self.output.zero_point,
            "output_requant": requant_field(self.requant(rounding)),
        }
