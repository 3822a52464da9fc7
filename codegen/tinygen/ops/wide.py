"""Requantization of 64-bit sums: what the int16 forms of convolutions and matrix products share."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from tinygen.ir.dtype import Array, DType
from tinygen.ir.target import Rounding
from tinygen.ir.tensor import Tensor
from tinygen.ops.requantization import Requantization, requantization_of
from tinygen.ops.rule import Rule
from tinygen.quant import Int64s, quantize_multiplier, wrap_int32

SHIFT_LIMIT = 8
"""The factor must be less than 2**7: TFLite's limit for 64-bit sums."""


def wide_requantization(input_: Tensor, weights: Tensor, output: Tensor, rounding: Rounding) -> Requantization:
    """Multipliers of Q0.15 and shifts; the same for both roundings."""
    full = requantization_of(input_, weights, output, rounding)
    return replace(full, multipliers=tuple(reduced_multiplier(m) for m in full.multipliers))


def reduced_multiplier(multiplier: int) -> int:
    """Q0.31 rounded to Q0.15. Source: MultiplyByQuantizedMultiplier for int64_t."""
    return (multiplier + (1 << 15)) >> 16 if multiplier < 0x7FFF0000 else 0x7FFF


def wide_multiply(acc: Int64s, multipliers: Any, shifts: Any) -> Int64s:
    """acc * multiplier * 2**(shift - 15), halves up; int64 products wrap. Returns int32 values."""
    total = 15 - np.asarray(shifts, np.int64)
    product = acc * np.asarray(multipliers, np.int64) + (np.int64(1) << (total - 1))
    return wrap_int32(product >> total)


def is_narrow(bias: Tensor | None) -> bool:
    """A bias of 32 bits makes TFLite sum up in 32 bits, and requantize as it does for int8."""
    return bias is not None and bias.dtype is DType.INT32


def sum_requantization(
    input_: Tensor, weights: Tensor, bias: Tensor | None, output: Tensor, rounding: Rounding
) -> Requantization:
    make = requantization_of if is_narrow(bias) else wide_requantization
    return make(input_, weights, output, rounding)


def stored_sums(
    acc: Int64s, requantization: Requantization, bias: Tensor | None, clamp: tuple[int, int], rounding: Rounding
) -> Array:
    """acc [..., channels], the bias included, as int16."""
    if is_narrow(bias):
        return requantization.apply(wrap_int32(acc), 0, clamp, rounding).astype(np.int16)
    return np.clip(wide_multiply(acc, requantization.multipliers, requantization.shifts), *clamp).astype(np.int16)


def _factor_is_small(op: Any) -> str:
    for scale in op.weights.params.scales:
        if quantize_multiplier(op.input.scale * scale / op.output.scale)[1] >= SHIFT_LIMIT:
            return f"it is {op.input.scale * scale / op.output.scale:g}"
    return ""


FACTOR_IS_SMALL = Rule("input scale * weights scale / output scale is less than 128", _factor_is_small)


def zero_points_are_zero(*fields: str) -> Rule:
    """The tensors in `fields` are symmetric, as TFLite's int16 kernels demand."""

    def found(op: Any) -> str:
        for field in fields:
            tensor: Tensor = getattr(op, field)
            if tensor.quantization is None:
                return f"{tensor} has no quantization"
            others = sorted(set(tensor.params.zero_points) - {0})
            if others:
                return f"{tensor} has {others[0]}"
        return ""

    return Rule(f"the zero points of {' and '.join(fields)} are 0", found)
