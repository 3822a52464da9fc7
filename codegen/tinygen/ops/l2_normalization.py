"""L2_NORMALIZATION: every row of the last dimension divided by its length."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np

from tinygen.ir.dtype import Array, DType
from tinygen.ir.program import Field, KernelCall, Placement
from tinygen.ir.target import Rounding
from tinygen.ops.node import Node
from tinygen.ops.rule import SAME_DTYPE, Rule, dtype_is, is_per_tensor
from tinygen.ops.sequential import sum_in_order
from tinygen.ops.unary import Unary
from tinygen.quant import doubling_high_mul, multiply_by_quantized_multiplier, rounding_divide_by_pot, wrap_int32

OUTPUT_BITS = 7
SHORTEST = np.float32(1e-6)
"""float32: shorter rows are divided by this."""


def _output_is_fraction(op: L2Normalization) -> str:
    is_float = op.output.dtype is DType.FLOAT32
    return "" if is_float or (op.output.scale, op.output.zero_point) == (1 / 128, 0) else f"{op.output} has another"


def _row_is_long(op: L2Normalization) -> str:
    if not op.input.shape:
        return f"{op.input} has no rows"
    return f"there are {op.input.shape[-1]}" if op.input.dtype is DType.INT8 and op.input.shape[-1] > 2**15 else ""


def _has_activation(op: L2Normalization) -> str:
    return "" if op.activation == "NONE" else f"it is {op.activation}"


@dataclass(frozen=True, eq=False)
class L2Normalization(Unary):
    """output = input / sqrt(sum of input * input); int8 by TFLite's fixed-point reciprocal root.

    float32: within 1e-6 of the exact value, plus 1e-7 for each element of a row.
    """

    activation: str

    KIND = "L2_NORMALIZATION"
    RULES = (
        dtype_is("input", DType.INT8, DType.FLOAT32),
        SAME_DTYPE,
        is_per_tensor("input", "output"),
        Rule("an int8 output has scale 1/128 and zero point 0", _output_is_fraction),
        Rule("a row of int8 has at most 32768 elements", _row_is_long),
        Rule("there is no fused activation", _has_activation),
    )

    @classmethod
    def read(cls, node: Node) -> Self:
        return cls(node.index, node.input(0), node.outputs[0], node.text("fused_activation_function"))

    def evaluate(self, values: Sequence[Array], rounding: Rounding) -> tuple[Array, ...]:
        rows = values[0].reshape(-1, self.input.shape[-1])
        if self.input.dtype is DType.FLOAT32:
            with np.errstate(all="ignore"):
                reals = rows.astype(np.float32)
                length = np.sqrt(sum_in_order(reals * reals))
                stored: Array = reals / np.maximum(length, SHORTEST)[:, None]
        else:
            centred = rows.astype(np.int64) - self.input.zero_point
            pairs = [reciprocal_root(int(total)) for total in (centred * centred).sum(axis=1)]
            multiplier, shift = np.array(pairs, np.int64).reshape(-1, 2, 1).swapaxes(0, 1)
            scaled = multiply_by_quantized_multiplier(centred, multiplier, shift + OUTPUT_BITS, rounding)
            stored = np.clip(scaled, -128, 127)
        return (stored.astype(self.output.dtype.numpy).reshape(self.output.shape),)

    def lower(self, place: Placement) -> tuple[KernelCall, ...]:
        fields: dict[str, Field] = {"rows": math.prod(self.input.shape[:-1]), "depth": self.input.shape[-1]}
        kernel = "tg_l2_normalization_f32"
        if self.input.dtype is DType.INT8:
            kernel = "tg_l2_normalization_s8"
            fields["zero_point"] = self.input.zero_point
        return (KernelCall(kernel, fields, (self.input,), self.output, whole=True),)


def reciprocal_root(x: int) -> tuple[int, int]:
    """(multiplier, shift) of 1 / sqrt(x); five Newton steps in Q3.28, TFLite's GetInvSqrtQuantizedMultiplierExp."""
    if x <= 1:
        return 2**31 - 1, 0
    right = 11
    while x >= 2**29:
        x //= 4
        right += 1
    pairs = (31 - x.bit_length()) // 2 - 1
    right -= pairs
    x <<= 2 * pairs
    half = _divided(x >> 1, 1)
    root = 1 << 28
    for _ in range(5):
        cube = _doubled(_multiplied(_multiplied(root, root), root), 6)
        root = _doubled(_wrapped(_multiplied(3 << 27, root) - _multiplied(half, cube)), 3)
    root = _multiplied(root, 1518500250)
    return root << max(-right, 0), -max(right, 0)


def _multiplied(a: int, b: int) -> int:
    return int(doubling_high_mul(np.int64(a) + np.zeros(1, np.int64), b)[0])


def _divided(x: int, exponent: int) -> int:
    return int(rounding_divide_by_pot(np.array([x], np.int64), exponent)[0])


def _doubled(x: int, exponent: int) -> int:
    """x * 2**exponent, saturated."""
    return max(min(x << exponent, 2**31 - 1), -(2**31))


def _wrapped(x: int) -> int:
    return int(wrap_int32(np.array([x], np.int64))[0])
