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


def one_over_one_plus_x(a: Int64s) -> Int64s:
    """1 / (1 + a) for a in [0, 1], Q0.31 in and out: three Newton steps."""
    total = a + ONE_Q0
    half_denominator = (total + np.where(total >= 0, 1, -1)) >> 1  # gemmlowp's RoundingHalfSum
    x = 1515870810 + doubling_high_mul(half_denominator, -1010580540)  # 48/17 - 32/17 * d, in Q2.29
    for _ in range(3):
        product = doubling_high_mul(half_denominator, x)
        one_minus = (1 << 29) - product
        x = x + saturating_shift_left(doubling_high_mul(x, one_minus), 2)
    return saturating_shift_left(x, 1)


def logistic(a: Int64s, integer_bits: int) -> Int64s:
    """1 / (1 + exp(-a)) from Q<integer_bits> to Q0.31."""
    positive = one_over_one_plus_x(exp_on_negative_values(-np.abs(a), integer_bits))
    result = np.where(a > 0, positive, ONE_Q0 - positive)
    return np.where(a == 0, 1 << 30, result)
