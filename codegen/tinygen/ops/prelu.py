"""PRELU: a number, or a learnt multiple of it where it is negative."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from tinygen.ir.dtype import DType
from tinygen.ir.program import Field
from tinygen.ir.target import Rounding
from tinygen.ops.broadcast import RANK_FITS
from tinygen.ops.elementwise import SCALED
from tinygen.ops.elementwise_binary import ElementwiseBinary, Requant, requant_field
from tinygen.ops.rule import Rule, dtype_is
from tinygen.quant import quantize_multiplier, requantize

ALPHAS = {DType.INT8: DType.INT8, DType.INT16: DType.INT8, DType.FLOAT32: DType.FLOAT32}
"""The element type of alpha that goes with the input's."""
SUFFIXES = {DType.INT8: "s8", DType.INT16: "s16", DType.FLOAT32: "f32"}


def _wrong_alpha(op: Any) -> str:
    if op.output.dtype is not op.input1.dtype:
        return f"{op.output} is {op.output.dtype.label}"
    return "" if op.input2.dtype is ALPHAS[op.input1.dtype] else f"alpha is {op.input2.dtype.label}"


@dataclass(frozen=True, eq=False)
class Prelu(ElementwiseBinary):
    """output = input1, or input1 * input2 below 0; input2 is alpha, usually one number per channel."""

    KIND = "PRELU"
    RULES = (
        dtype_is("input1", *SUFFIXES),
        Rule("the output has the input's element type, and alpha has it too or is int8", _wrong_alpha),
        SCALED,
        RANK_FITS,
    )

    def requants(self, rounding: Rounding) -> tuple[Requant, Requant]:
        """(multiplier, shift) for inputs from 0 on and for those below."""
        scale = self.input1.scale / self.output.scale
        identity = quantize_multiplier(scale, rounding)
        return identity, quantize_multiplier(self.input1.scale * self.input2.scale / self.output.scale, rounding)

    def combine(self, x: Any, y: Any, rounding: Rounding) -> Any:
        if self.input1.dtype.is_float:
            return np.where(x >= 0, x, x * y)
        identity, alpha = self.requants(rounding)
        centred = x - self.input1.zero_point
        upper = requantize(centred, *identity, self.output.zero_point, rounding)
        lower = requantize(centred * (y - self.input2.zero_point), *alpha, self.output.zero_point, rounding)
        return np.clip(np.where(centred >= 0, upper, lower), *self.output.dtype.limits)

    @property
    def kernel(self) -> str:
        return f"tg_prelu_{SUFFIXES[self.input1.dtype]}"

    def fields(self, rounding: Rounding) -> Mapping[str, Field]:
        if self.input1.dtype.is_float:
            return {}
        identity, alpha = self.requants(rounding)
        return {
            "input_zero_point": self.input1.zero_point,
            "alpha_zero_point": self.input2.zero_point,
            "output_zero_point": self.output.zero_point,
            "identity_requant": requant_field(identity),
            "alpha_requant": requant_field(alpha),
        }
