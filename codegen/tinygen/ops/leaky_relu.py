"""LEAKY_RELU: a number, or alpha times it where it is negative."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np

from tinygen.ir.dtype import Array, DType
from tinygen.ir.program import Field, KernelCall, Placement
from tinygen.ir.target import Rounding
from tinygen.ops.elementwise import SAME_DTYPE, SCALED
from tinygen.ops.node import Node
from tinygen.ops.rule import dtype_is
from tinygen.ops.table_op import TableOp
from tinygen.quant import Int64s, quantize_multiplier, requantize

Requants = tuple[tuple[int, int], tuple[int, int]]


@dataclass(frozen=True, eq=False)
class LeakyRelu(TableOp):
    """output = input, or alpha * input below 0, rescaled; alpha may be negative."""

    alpha: float

    KIND = "LEAKY_RELU"
    RULES = (dtype_is("input", DType.INT8, DType.INT16, DType.FLOAT32), SAME_DTYPE, SCALED)

    @classmethod
    def read(cls, node: Node) -> Self:
        return cls(node.index, node.input(0), node.outputs[0], node.real("alpha"))

    def requants(self, rounding: Rounding) -> Requants:
        """(multiplier, shift) for inputs from 0 on and for those below.

        TFLite Micro's int8 is in float64; its golden outputs of int16 were made in float32, as LiteRT's are.
        """
        before, after, alpha = self.input.scale, self.output.scale, self.alpha
        if self.input.dtype is DType.INT16:
            identity, lower = (float(np.float32(before * factor) / np.float32(after)) for factor in (1.0, alpha))
        else:
            identity, lower = before / after, before * alpha / after
        return quantize_multiplier(identity, rounding), quantize_multiplier(lower, rounding)

    def answers(self, stored: Int64s, rounding: Rounding) -> Int64s:
        centred = stored - self.input.zero_point
        upper, lower = (requantize(centred, *r, self.output.zero_point, rounding) for r in self.requants(rounding))
        return np.clip(np.where(centred >= 0, upper, lower), *self.output.dtype.limits)

    def evaluate(self, values: Sequence[Array], rounding: Rounding) -> tuple[Array, ...]:
        if self.input.dtype.is_float:
            x = values[0].astype(np.float32)
            with np.errstate(all="ignore"):
                return (np.where(x > 0, x, x * np.float32(self.alpha)),)
        return (self.answers(values[0].astype(np.int64), rounding).astype(self.output.dtype.numpy),)

    def lower(self, place: Placement) -> tuple[KernelCall, ...]:
        if self.input.dtype.is_float:
            return self.call(place, "tg_leaky_relu_f32", {"alpha": self.alpha})
        if self.input.dtype is DType.INT8:
            return super().lower(place)
        (m1, s1), (m2, s2) = self.requants(place.target.rounding)
        fields: dict[str, Field] = {
            "input_zero_point": self.input.zero_point,
            "output_zero_point": self.output.zero_point,
            "identity_requant": {"multiplier": m1, "shift": s1},
            "alpha_requant": {"multiplier": m2, "shift": s2},
        }
        return self.call(place, "tg_leaky_relu_s16", fields)
