"""SOFTMAX: exp(beta * x) over their sum, along the last dimension, in fixed point."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np

from tinygen.fixedpoint import exp_on_negative_values, one_over_one_plus_x
from tinygen.ir.dtype import Array, DType
from tinygen.ir.program import Constant, Field, KernelCall, Placement
from tinygen.ir.target import Rounding
from tinygen.ops.node import Node
from tinygen.ops.rule import Rule, is_per_tensor
from tinygen.ops.sequential import Float32s, sum_in_order
from tinygen.ops.softmax_tables import exponential_table, interpolated, reciprocal_table
from tinygen.ops.unary import Unary
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


FORMS = {
    (DType.INT8, DType.INT8): (1 / 256, -128),
    (DType.INT8, DType.INT16): (1 / 65536, -32768),
    (DType.INT16, DType.INT16): (1 / 32768, 0),
    (DType.FLOAT32, DType.FLOAT32): None,
}
"""Input and output type, and the output's (scale, zero point)."""


def _dtypes_fit(op: Softmax) -> str:
    found = (op.input.dtype, op.output.dtype)
    return "" if found in FORMS else f"{op.input} becomes {op.output}"


def _output_is_probability(op: Softmax) -> str:
    wanted = FORMS[op.input.dtype, op.output.dtype]
    if wanted is None:
        return ""
    scale, zero_point = wanted
    # TFLite lets the scale of int16 differ by a thousandth
    slack = 0.0 if op.output.dtype is DType.INT8 else scale / 1000
    fits = abs(op.output.scale - scale) <= slack and op.output.zero_point == zero_point
    return "" if fits else f"{op.output} has another"


def _depth_is_large(op: Softmax) -> str:
    return f"there are {op.depth}" if op.input.dtype is DType.INT16 and op.depth >= 2**16 else ""


def _has_no_rank(op: Softmax) -> str:
    return "" if op.input.shape else f"{op.input} is none"


@dataclass(frozen=True, eq=False)
class Softmax(Unary):
    """output = exp(beta * scale * (x - max)) / sum, per row of the last dimension.

    int8: x - max takes at most 256 values, so the fixed-point exponentials are a table made here; the reference aborts
    over 512 or more equal inputs, where the answer here is the smallest probability. int16: TFLite Micro's tables.
    float32: sums in the order of memory; within 1e-6 of the exact probability, plus 1e-7 for each element of a row.
    """

    beta: float

    KIND = "SOFTMAX"
    RULES = (
        Rule(
            "types are int8 to int8 or int16, int16 to int16, or float32 to float32",
            _dtypes_fit,
            dtypes=(DType.INT8, DType.INT16, DType.FLOAT32),
        ),
        is_per_tensor("input", "output"),
        Rule(
            "output has scale 1/256 and zero point -128, in int16 1/32768 and 0, from int8 to int16 1/65536 and -32768",
            _output_is_probability,
        ),
        Rule("input is at least a vector", _has_no_rank),
        Rule("in int16, fewer than 65536 elements make a sum", _depth_is_large),
    )

    @classmethod
    def read(cls, node: Node) -> Self:
        return cls(node.index, node.input(0), node.outputs[0], node.real("beta"))

    @property
    def depth(self) -> int:
        return self.input.shape[-1]

    def exponentials(self, rounding: Rounding) -> Int64s:
        """exp of a difference of 0, -1, -2, ... in Q0.31, as far as they count."""
        return softmax_exponentials(self.input.scale, self.beta, rounding)[1]

    def evaluate(self, values: Sequence[Array], rounding: Rounding) -> tuple[Array, ...]:
        rows = values[0].reshape(-1, self.depth)
        if self.input.dtype is DType.INT8:
            stored: Array = self._from_int8(rows.astype(np.int64), rounding)
        elif self.input.dtype is DType.INT16:
            stored = self._from_int16(rows.astype(np.int64), rounding)
        else:
            stored = self._from_float(rows.astype(np.float32))
        return (stored.astype(self.output.dtype.numpy).reshape(self.output.shape),)

    def _from_int8(self, rows: Int64s, rounding: Rounding) -> Int64s:
        exponentials = self.exponentials(rounding)
        below = rows.max(axis=1, keepdims=True) - rows
        exps, total = exponentials_and_sum(exponentials, below)
        zeros = leading_zeros(total)
        reciprocal = one_over_one_plus_x((total << zeros) - 2**31)
        exponent = SUM_INTEGER_BITS - zeros + 31 - 8 * self.output.dtype.size
        low, high = self.output.dtype.limits
        stored = rounding_divide_by_pot(doubling_high_mul(reciprocal, exps), exponent) + low
        return np.where(below >= len(exponentials), low, np.clip(stored, low, high))

    def scaling(self, rounding: Rounding) -> tuple[int, int]:
        """(multiplier, shift) from a difference of int16 inputs to one of which 65535 are 10."""
        return quantize_multiplier(self.input.scale * self.beta / (10.0 / 65535.0), rounding)

    def _from_int16(self, rows: Int64s, rounding: Rounding) -> Int64s:
        below = rows - rows.max(axis=1, keepdims=True)
        scaled = multiply_by_quantized_multiplier(below, *self.scaling(rounding), rounding)
        exps = interpolated(exponential_table(), np.clip(scaled + 32767, -32768, 32767))
        total = exps.sum(axis=1, keepdims=True)
        zeros = leading_zeros(total)
        normal = ((total << (zeros - 1)) + (1 << 13)) >> 14
        reciprocal = interpolated(reciprocal_table(), np.clip(normal - (1 << 15) - (1 << 16), -32768, 32767))
        shift = 31 - zeros
        return np.asarray(np.clip((exps * reciprocal + (np.int64(1) << (shift - 1))) >> shift, 0, 32767), np.int64)

    def _from_float(self, rows: Float32s) -> Float32s:
        with np.errstate(all="ignore"):
            below = rows - rows.max(axis=1, keepdims=True)
            exps = np.exp(below.astype(np.float64) * self.beta).astype(np.float32)
            return np.asarray(exps / sum_in_order(exps)[:, None], np.float32)

    def lower(self, place: Placement) -> tuple[KernelCall, ...]:
        shape: dict[str, Field] = {"rows": math.prod(self.input.shape[:-1]), "depth": self.depth}
        rounding = place.target.rounding
        if self.input.dtype is DType.INT8:
            kernel = "tg_softmax_s8" if self.output.dtype is DType.INT8 else "tg_softmax_s8_s16"
            table = self.exponentials(rounding).astype(np.int32)
            fields: dict[str, Field] = {"exponentials": Constant.of(table), "entries": len(table), **shape}
        elif self.input.dtype is DType.INT16:
            kernel = "tg_softmax_s16"
            multiplier, shift = self.scaling(rounding)
            fields = {
                "exponentials": Constant.of(exponential_table().astype(np.int16)),
                "reciprocals": Constant.of(reciprocal_table().astype(np.int16)),
                "requant": {"multiplier": multiplier, "shift": shift},
                **shape,
            }
        else:
            kernel, fields = "tg_softmax_f32", {**shape, "beta": self.beta}
        return (KernelCall(kernel, fields, (self.input,), self.output, whole=True),)


def softmax_exponentials(input_scale: float, beta: float, rounding: Rounding) -> tuple[Int64s, Int64s]:
    """(differences of 0, -1, -2, ... in Q5.26, their exp in Q0.31), as far as they count; PreprocessSoftmaxScaling."""
    real = min(beta * input_scale * 2.0 ** (31 - DIFF_INTEGER_BITS), 2.0**31 - 1)
    multiplier, shift = quantize_multiplier(real, rounding)
    reach = input_radius(DIFF_INTEGER_BITS, shift)
    differences = -np.arange(min(reach, 255) + 1)
    scaled = multiply_by_quantized_multiplier(differences, multiplier, shift, rounding)
    return scaled, exp_on_negative_values(scaled, DIFF_INTEGER_BITS)


def exponentials_and_sum(exponentials: Int64s, below: Int64s) -> tuple[Int64s, Int64s]:
    """The exponential of each element, and of each row their sum in Q12.19.

    below: [rows, depth], how far each stored element is below its row's largest one.
    """
    table = np.zeros(256, np.int64)
    table[: len(exponentials)] = exponentials
    exps = table[below]
    total = rounding_divide_by_pot(exps, SUM_INTEGER_BITS).sum(axis=1, keepdims=True)
    return exps, np.minimum(total, INT32_MAX)


def leading_zeros(values: Int64s) -> Int64s:
    """Zero bits above the highest one, of 32."""
    return np.array([32 - int(value).bit_length() for value in values.reshape(-1)], np.int64).reshape(values.shape)
