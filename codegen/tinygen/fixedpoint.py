"""Fixed-point exp, reciprocal and logistic on numpy int64 arrays that hold int32 raw values.

Written from the definitions in gemmlowp's fixedpoint.h: Qm.n has m integer bits and 31 - m fractional ones.
"""

from __future__ import annotations

import numpy as np

from tinygen.quant import INT32_MAX, INT32_MIN, Int64s, doubling_high_mul, rounding_divide_by_pot

ONE_Q0 = INT32_MAX
"""1.0 in Q0.31, saturated."""

# exp(-2**k) in Q0.31 for k = -2 .. 4
_EXP_FACTORS = (
    (-2, 1672461947),
    (-1, 1302514674),
    (0, 790015084),
    (1, 290630308),
    (2, 39332535),
    (3, 720401),
    (4, 242),
)


def saturating_shift_left(x: Int64s, exponent: int) -> Int64s:
    """x * 2**exponent, saturated to int32."""
    shifted: Int64s = x << exponent
    return np.minimum(np.maximum(shifted, INT32_MIN), INT32_MAX)


def exp_on_minus_quarter_to_zero(a: Int64s) -> Int64s:
    """exp(a) for a in [-1/4, 0), Q0.31 in and out: a Taylor polynomial around -1/8."""
    centre_exp, third = 1895147668, 715827883  # exp(-1/8), 1/3
    x = a + (1 << 28)
    x2 = doubling_high_mul(x, x)
    x3 = doubling_high_mul(x2, x)
    x4 = doubling_high_mul(x2, x2)
    x4_4 = rounding_divide_by_pot(x4, 2)
    tail = rounding_divide_by_pot(doubling_high_mul(x4_4 + x3, third) + x2, 1)
    return np.minimum(centre_exp + doubling_high_mul(x + tail, centre_exp), INT32_MAX)


def exp_on_negative_values(a: Int64s, integer_bits: int) -> Int64s:
    """exp(a) for a <= 0, from Q<integer_bits> to Q0.31."""
    fractional_bits = 31 - integer_bits
    quarter = 1 << (fractional_bits - 2)
    remainder = (a & (quarter - 1)) - quarter
    result = exp_on_minus_quarter_to_zero(saturating_shift_left(remainder, integer_bits))
    bits = remainder - a
    for exponent, factor in _EXP_FACTORS:
        if integer_bits > exponent:
            has_bit = (bits & (1 << (fractional_bits + exponent))) != 0
            result = np.where(has_bit, doubling_high_mul(result, factor), result)
    if integer_bits > 5:
        result = np.where(a < -(1 << (fractional_bits + 5)), 0, result)
    return np.where(a == 0, ONE_Q0, result)


def _twice_over_one_plus_x(a: Int64s) -> Int64s:
    """2 / (1 + a) for a in [0, 1], from Q0.31 to Q2.29: three Newton steps."""
    total = a + ONE_Q0
    half_denominator = (total + np.where(total >= 0, 1, -1)) >> 1  # gemmlowp's RoundingHalfSum
    x = 1515870810 + doubling_high_mul(half_denominator, -1010580540)  # 48/17 - 32/17 * d, in Q2.29
    for _ in range(3):
        product = doubling_high_mul(half_denominator, x)
        one_minus = (1 << 29) - product
        x = x + saturating_shift_left(doubling_high_mul(x, one_minus), 2)
    return x


def one_over_one_plus_x(a: Int64s) -> Int64s:
    """1 / (1 + a) for a in [0, 1], Q0.31 in and out."""
    return saturating_shift_left(_twice_over_one_plus_x(a), 1)


def tanh(a: Int64s, integer_bits: int) -> Int64s:
    """tanh(a) from Q<integer_bits> to Q0.31: (1 - e) / (1 + e) with e = exp(-2 |a|)."""
    power = exp_on_negative_values(-np.abs(a), integer_bits + 1)
    size = saturating_shift_left(_twice_over_one_plus_x(power) - (1 << 29), 2)
    return np.where(a == 0, 0, np.where(a < 0, -size, size))


def logistic(a: Int64s, integer_bits: int) -> Int64s:
    """1 / (1 + exp(-a)) from Q<integer_bits> to Q0.31."""
    positive = one_over_one_plus_x(exp_on_negative_values(-np.abs(a), integer_bits))
    result = np.where(a > 0, positive, ONE_Q0 - positive)
    return np.where(a == 0, 1 << 30, result)


def inverse_square_root(value: int) -> tuple[int, int]:
    """(multiplier, shift) of 1 / sqrt(value): multiplier * 2**(shift - 31); GetInvSqrtQuantizedMultiplierExp.

    value: a positive int32. Five Newton steps in Q3.28.
    """
    if value <= 1:
        return INT32_MAX, 0
    shift = 11
    while value >= 1 << 29:
        value //= 4
        shift += 1
    pairs = (31 - value.bit_length()) // 2 - 1
    shift -= pairs
    operand = np.array(value << (2 * pairs), np.int64) >> 1
    half = rounding_divide_by_pot(operand, 1)
    x = np.array(1 << 28, np.int64)
    for _ in range(5):
        cube = saturating_shift_left(doubling_high_mul(doubling_high_mul(x, x), x), 6)
        x = saturating_shift_left(doubling_high_mul(x, 3 << 27) - doubling_high_mul(half, cube), 3)
    root = int(doubling_high_mul(x, 1518500250))
    return (root << -shift, 0) if shift < 0 else (root, -shift)
