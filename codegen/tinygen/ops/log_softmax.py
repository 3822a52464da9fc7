"""LOG_SOFTMAX: the logarithm of SOFTMAX, along the last dimension, in fixed point and in float32."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from tinygen.fixedpoint import one_over_one_plus_x, saturating_shift_left
from tinygen.ir.dtype import Array, DType
from tinygen.ir.program import Constant, Field, KernelCall, Placement
from tinygen.ir.target import Rounding
from tinygen.ops.rule import SAME_DTYPE, Rule, dtype_is, is_per_tensor
from tinygen.ops.sequential import sum_in_order
from tinygen.ops.softmax import (
    DIFF_INTEGER_BITS,
    SUM_INTEGER_BITS,
    exponentials_and_sum,
    leading_zeros,
    softmax_exponentials,
)
from tinygen.ops.unary import Unary
from tinygen.quant import Int64s, doubling_high_mul, rounding_divide_by_pot

OUTPUT_INTEGER_BITS = 4


def _output_is_logarithm(op: LogSoftmax) -> str:
    is_float = op.output.dtype is DType.FLOAT32
    return "" if is_float or (op.output.scale, op.output.zero_point) == (1 / 16, 127) else f"{op.output} has another"


def _has_no_rank(op: LogSoftmax) -> str:
    return "" if op.input.shape else f"{op.input} is none"


@dataclass(frozen=True, eq=False)
class LogSoftmax(Unary):
    """output = x - max - log(sum of exp(x - max)), per row of the last dimension.

    float32: sums in the order of memory; within 1e-6 of the largest magnitude, plus 1e-7 for each element of a row.
    """

    KIND = "LOG_SOFTMAX"
    RULES = (
        dtype_is("input", DType.INT8, DType.FLOAT32),
        SAME_DTYPE,
        is_per_tensor("input", "output"),
        Rule("an int8 output has scale 1/16 and zero point 127", _output_is_logarithm),
        Rule("input is at least a vector", _has_no_rank),
    )

    def evaluate(self, values: Sequence[Array], rounding: Rounding) -> tuple[Array, ...]:
        rows = values[0].reshape(-1, self.input.shape[-1])
        if self.input.dtype is DType.FLOAT32:
            with np.errstate(all="ignore"):
                below = rows - rows.max(axis=1, keepdims=True)
                total = sum_in_order(np.exp(below.astype(np.float64)))
                stored: Array = below - np.log(total.astype(np.float64)).astype(np.float32)[:, None]
        else:
            stored = self._from_int8(rows.astype(np.int64), rounding)
        return (stored.astype(self.output.dtype.numpy).reshape(self.output.shape),)

    def _from_int8(self, rows: Int64s, rounding: Rounding) -> Int64s:
        """TFLite also leaves out differences that no output could show; clamped, they are the same."""
        differences, exponentials = softmax_exponentials(self.input.scale, 1.0, rounding)
        below = rows.max(axis=1, keepdims=True) - rows
        log_sum = log_of_sum(exponentials_and_sum(exponentials, below)[1])
        known = differences[np.minimum(below, len(differences) - 1)]
        stored = rounding_divide_by_pot(known - log_sum, 31 - DIFF_INTEGER_BITS - OUTPUT_INTEGER_BITS) + 127
        return np.where(below >= len(differences), -128, np.clip(stored, -128, 127))

    def lower(self, place: Placement) -> tuple[KernelCall, ...]:
        rows: dict[str, Field] = {"rows": math.prod(self.input.shape[:-1]), "depth": self.input.shape[-1]}
        if self.input.dtype is DType.FLOAT32:
            return (KernelCall("tg_log_softmax_f32", rows, (self.input,), self.output, whole=True),)
        differences, exponentials = softmax_exponentials(self.input.scale, 1.0, place.target.rounding)
        table = Constant.of(exponentials.astype(np.int32))
        fields: dict[str, Field] = {
            "softmax": {"exponentials": table, "entries": len(exponentials), **rows},
            "differences": Constant.of(differences.astype(np.int32)),
        }
        return (KernelCall("tg_log_softmax_s8", fields, (self.input,), self.output, whole=True),)


def log_of_sum(x: Int64s) -> Int64s:
    """log(x) for x >= 1, from Q12.19 to Q5.26; log_x_for_x_greater_than_or_equal_to_1 of TFLite.

    x = r * 2**z with r near 2**(-1/4), from x itself or from x * sqrt(1/2); then a rational function of r.
    """
    root_half, fourth_root_half, quarter = 1518500250, 1805811301, 1 << 23
    zeros_a = leading_zeros(x)
    zeros_b = leading_zeros(doubling_high_mul(x, root_half)) - 1
    r_a = np.minimum(doubling_high_mul(x << (zeros_a - 1), root_half) * 2, 2**31 - 1)
    r_b = np.minimum(x << zeros_b, 2**31 - 1)
    z_a = (SUM_INTEGER_BITS - zeros_a) * (1 << 25) + quarter
    z_b = (SUM_INTEGER_BITS - zeros_b) * (1 << 25) - quarter
    r, z = np.minimum(r_a, r_b), np.maximum(z_a, z_b)
    p = (r + fourth_root_half + 1) // 2
    q = 2 * (r - fourth_root_half)
    q2 = doubling_high_mul(q, q)
    numerator = doubling_high_mul(q, r) + doubling_high_mul(doubling_high_mul(q, q2), 117049297)
    factor = 1057819769 + q + doubling_high_mul(q2, 127690142)
    reciprocal = one_over_one_plus_x(doubling_high_mul(p, factor) + doubling_high_mul(q, 638450708))
    scaled = rounding_divide_by_pot(numerator, DIFF_INTEGER_BITS + 1)
    return saturating_shift_left(doubling_high_mul(z, 1488522236) + doubling_high_mul(scaled, reciprocal), 1)
