"""SOFTMAX: exp(beta * x) over their sum, along the last dimension, in fixed point."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np

from tinygen.fixedpoint import exp_on_negative_values, one_over_one_plus_x
from tinygen.ir.dtype import Array, DType
from tinygen.ir.program import Constant, KernelCall, Placement
from tinygen.ir.target import Rounding
from tinygen.ir.tensor import Tensor
from tinygen.ops.node import Node
from tinygen.ops.op import Op
from tinygen.ops.rule import Rule, dtype_is, is_per_tensor
from tinygen.quant import (
    INT32_MAX,
    Int64s,
    doubling_high_mul,
    input_radius,
    multiply_by_quantized_multiplier,
    quantize_multiplier,
    rounding_divide_by_pot,
)

DIFF_INTEGER_BITS = 5
SUM_INTEGER_BITS = 12


def _output_is_probability(op: Softmax) -> str:
    return "" if (op.output.scale, op.output.zero_point) == (1 / 256, -128) else f"{op.output} has another"


@dataclass(frozen=True, eq=False)
class Softmax(Op):
    """output = exp(beta * scale * (x - max)) / sum, per row of the last dimension.

    x - max takes at most 256 values, so the fixed-point exponentials are a table made here; the reference aborts over
    512 or more equal inputs, where the answer here is the smallest probability.
    """

    input: Tensor
    output: Tensor
    beta: float

    KIND = "SOFTMAX"
    RULES = (
        dtype_is("input", DType.INT8),
        dtype_is("output", DType.INT8),
        is_per_tensor("input", "output"),
        Rule("output has scale 1/256 and zero point -128", _output_is_probability),
    )

    @classmethod
    def read(cls, node: Node) -> Self:
        return cls(node.index, node.input(0), node.outputs[0], node.real("beta"))

    @property
    def inputs(self) -> tuple[Tensor, ...]:
        return (self.input,)

    @property
    def outputs(self) -> tuple[Tensor, ...]:
        return (self.output,)

    @property
    def depth(self) -> int:
        return self.input.shape[-1]

    def exponentials(self, rounding: Rounding) -> Int64s:
        """exp of a difference of 0, -1, -2, ... in Q0.31, as far as they count; PreprocessSoftmaxScaling."""
        real = min(self.beta * self.input.scale * 2.0 ** (31 - DIFF_INTEGER_BITS), 2.0**31 - 1)
        multiplier, shift = quantize_multiplier(real, rounding)
        reach = input_radius(DIFF_INTEGER_BITS, shift)
        differences = -np.arange(min(reach, 255) + 1)
        scaled = multiply_by_quantized_multiplier(differences, multiplier, shift, rounding)
        return exp_on_negative_values(scaled, DIFF_INTEGER_BITS)

    def evaluate(self, values: Sequence[Array], rounding: Rounding) -> tuple[Array, ...]:
        table = np.zeros(256, np.int64)
        exponentials = self.exponentials(rounding)
        table[: len(exponentials)] = exponentials
        rows = values[0].astype(np.int64).reshape(-1, self.depth)
        exps = table[rows.max(axis=1, keepdims=True) - rows]
        total = rounding_divide_by_pot(exps, SUM_INTEGER_BITS).sum(axis=1, keepdims=True)
        total = np.minimum(total, INT32_MAX)
        zeros = np.vectorize(lambda t: 32 - int(t).bit_length(), otypes=[np.int64])(total)
        reciprocal = one_over_one_plus_x((total << zeros) - 2**31)
        exponent = SUM_INTEGER_BITS - zeros + 31 - 8
        stored = rounding_divide_by_pot(doubling_high_mul(reciprocal, exps), exponent) - 128
        beyond = rows.max(axis=1, keepdims=True) - rows >= len(exponentials)
        result = np.where(beyond, -128, np.clip(stored, -128, 127))
        return (result.astype(np.int8).reshape(self.output.shape),)

    def lower(self, place: Placement) -> tuple[KernelCall, ...]:
        table = self.exponentials(place.target.rounding).astype(np.int32)
        return (
            KernelCall(
                "tg_softmax_s8",
                {
                    "exponentials": Constant.of(table),
                    "entries": len(table),
                    "rows": math.prod(self.input.shape[:-1]),
                    "depth": self.depth,
                },
                (self.input,),
                self.output,
                whole=True,
            ),
        )
