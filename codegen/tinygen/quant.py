"""Multipliers, shifts, requantization and clamp ranges, in exact integers.

Formulas are those of TFLite Micro: `quantization_util` for parameters that are computed once, `common.h` and gemmlowp's
`fixedpoint.h` for what happens to every value. Real multipliers are float64, as there; everything after is integer.
"""

from __future__ import annotations

import math
from typing import Protocol

import numpy as np
import numpy.typing as npt

from tinygen.ir.target import Rounding

Int64s = npt.NDArray[np.int64]
INT32_MIN, INT32_MAX = -(2**31), 2**31 - 1


class Scaled(Protocol):
    """What has one scale and one zero point: a per-tensor quantized tensor."""

    @property
    def scale(self) -> float: ...
    @property
    def zero_point(self) -> int: ...


def round_half_away(value: float) -> int:
    """C's round(): the nearest integer, halves away from zero."""
    magnitude = math.floor(abs(value))
    if abs(value) - magnitude >= 0.5:
        magnitude += 1
    return int(math.copysign(1, value)) * magnitude


def quantize_multiplier(real: float, rounding: Rounding = Rounding.DOUBLE) -> tuple[int, int]:
    """(multiplier, shift) with real = multiplier * 2**(shift - 31), 2**30 <= multiplier < 2**31.

    Zero, and anything too small to matter (shift < -31), is (0, 0). Source: QuantizeMultiplier.
    """
    if real == 0.0:
        return 0, 0
    fraction, shift = math.frexp(real)
    multiplier = round_half_away(fraction * 2**31)
    if multiplier == 2**31:
        multiplier //= 2
        shift += 1
    if shift < -31:
        return 0, 0
    if rounding is Rounding.SINGLE and shift > 30:
        return INT32_MAX, 30
    return multiplier, shift


def wrap_int32(values: Int64s) -> Int64s:
    """The value that an int32 register would hold."""
    return (values + 2**31) % 2**32 - 2**31


def doubling_high_mul(a: Int64s, b: int | Int64s) -> Int64s:
    """round(a * b / 2**31), halves up, saturated; gemmlowp's SaturatingRoundingDoublingHighMul.

    a, b: int32 values. |a * b| <= 2**62, so int64 holds the product and the rounding term.
    """
    product: Int64s = (a * b + (1 << 30)) >> 31
    return np.minimum(product, INT32_MAX)


def rounding_divide_by_pot(x: Int64s, exponent: int | Int64s) -> Int64s:
    """round(x / 2**exponent), halves away from zero; gemmlowp's RoundingDivideByPOT."""
    mask = (np.int64(1) << exponent) - 1
    threshold = (mask >> 1) + (x < 0)
    return (x >> exponent) + ((x & mask) > threshold)


def multiply_by_quantized_multiplier(
    x: npt.ArrayLike, multiplier: npt.ArrayLike, shift: npt.ArrayLike, rounding: Rounding
) -> Int64s:
    """x * multiplier * 2**(shift - 31), rounded twice or once; TFLite's MultiplyByQuantizedMultiplier.

    x: int32 values; multiplier and shift broadcast against x. Returns int32 values in int64.
    """
    values = np.asarray(x, np.int64)
    factors = np.asarray(multiplier, np.int64)
    shifts = np.asarray(shift, np.int64)
    if rounding is Rounding.SINGLE:
        total = 31 - shifts
        return wrap_int32((values * factors + (np.int64(1) << (total - 1))) >> total)
    left = np.maximum(shifts, 0)
    return rounding_divide_by_pot(doubling_high_mul(wrap_int32(values << left), factors), np.maximum(-shifts, 0))


def requantize(
    acc: npt.ArrayLike, multiplier: npt.ArrayLike, shift: npt.ArrayLike, zero_point: int, rounding: Rounding
) -> Int64s:
    """An accumulator on the output's scale, before the clamp."""
    return multiply_by_quantized_multiplier(acc, multiplier, shift, rounding) + zero_point


def quantized_real(real: float, scaled: Scaled) -> int:
    """The stored value of a real, without limits; TFLite divides in float32."""
    with np.errstate(over="ignore"):
        steps = float(np.float32(real) / np.float32(scaled.scale))
    return scaled.zero_point + round_half_away(min(max(steps, -(2.0**31)), 2.0**31))


def activation_range(activation: str, scaled: Scaled, limits: tuple[int, int]) -> tuple[int, int]:
    """The stored values that a fused activation lets through; CalculateActivationRangeQuantized.

    activation: the schema's name, such as "RELU6". limits: of the output's dtype.
    """
    low, high = limits
    if activation == "RELU":
        return max(low, quantized_real(0.0, scaled)), high
    if activation == "RELU6":
        return max(low, quantized_real(0.0, scaled)), min(high, quantized_real(6.0, scaled))
    if activation == "RELU_N1_TO_1":
        return max(low, quantized_real(-1.0, scaled)), min(high, quantized_real(1.0, scaled))
    assert activation == "NONE", activation
    return low, high


def input_radius(integer_bits: int, left_shift: int, total_bits: int = 31) -> int:
    """The largest |input| that stays inside a fixed-point format after scaling; CalculateInputRadius."""
    return math.floor((2.0**integer_bits - 1) * 2.0 ** (total_bits - integer_bits) / 2.0**left_shift)
