"""quant.py against exact integers and fractions, at the extremes."""

from __future__ import annotations

import math
import struct
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from tinygen import quant
from tinygen.ir.target import Rounding

INT32_MIN, INT32_MAX = -(2**31), 2**31 - 1
EDGES = [INT32_MIN, INT32_MIN + 1, -(2**30) - 1, -(2**30), -(2**30) + 1, -3, -2, -1, 0, 1, 2, 3]
EDGES += [2**30 - 1, 2**30, 2**30 + 1, INT32_MAX - 1, INT32_MAX]
MULTIPLIERS = [0, 2**30, 2**30 + 1, 3 * 2**29, 2**31 - 2, 2**31 - 1]
int32s = st.one_of(st.sampled_from(EDGES), st.integers(INT32_MIN, INT32_MAX))
multipliers = st.one_of(st.sampled_from(MULTIPLIERS), st.integers(2**30, 2**31 - 1))
shifts = st.integers(-31, 30)


@dataclass(frozen=True)
class Scaled:
    scale: float
    zero_point: int


def wrapped(value: int) -> int:
    return (value + 2**31) % 2**32 - 2**31


def truncated(value: int, divisor: int) -> int:
    """C's division."""
    return abs(value) // divisor * (1 if value >= 0 else -1)


# The definitions, transcribed


def high_mul_by_definition(a: int, b: int) -> int:
    """The nearest integer of a * b / 2**31 by way of a nudge and C's division, saturated where it overflows."""
    if a == b == INT32_MIN:
        return INT32_MAX
    nudge = 2**30 if a * b >= 0 else 1 - 2**30
    return truncated(a * b + nudge, 2**31)


def divide_by_definition(x: int, exponent: int) -> int:
    """The nearest integer of x / 2**exponent, halves away from zero."""
    return truncated(2 * x + (2**exponent if x >= 0 else -(2**exponent)), 2 ** (exponent + 1))


def multiply_by_definition(x: int, multiplier: int, shift: int, rounding: Rounding) -> int:
    if rounding is Rounding.SINGLE:
        return wrapped(math.floor(Fraction(x * multiplier, 2 ** (31 - shift)) + Fraction(1, 2)))
    left, right = max(shift, 0), max(-shift, 0)
    return divide_by_definition(high_mul_by_definition(wrapped(x * 2**left), multiplier), right)


def as_array(value: int) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    return np.array([value], np.int64)


@given(int32s, int32s)
@example(INT32_MIN, INT32_MIN)
def test_doubling_high_mul(a: int, b: int) -> None:
    found = int(quant.doubling_high_mul(as_array(a), as_array(b))[0])
    assert found == high_mul_by_definition(a, b)
    if (a, b) != (INT32_MIN, INT32_MIN):
        assert abs(Fraction(a * b, 2**31) - found) <= Fraction(1, 2)


@pytest.mark.parametrize("exponent", range(32))
def test_rounding_divide_by_pot(exponent: int) -> None:
    values = sorted(
        {*EDGES, *(sign * (half * 2**exponent // 2 + d) for half in range(8) for sign in (-1, 1) for d in (-1, 0, 1))}
    )
    found = quant.rounding_divide_by_pot(np.array(values, np.int64), exponent).tolist()
    assert found == [divide_by_definition(value, exponent) for value in values]


@pytest.mark.parametrize("rounding", Rounding)
@pytest.mark.parametrize("shift", range(-31, 31))
def test_multiply_at_the_edges(shift: int, rounding: Rounding) -> None:
    """Every edge with every multiplier, and what lies beside the halves."""
    halves = [(2 * k + 1) * 2 ** max(0, -shift) // 2 + d for k in (-2, -1, 0, 1) for d in (-1, 0, 1)]
    values = sorted({*EDGES, *(v for v in halves if INT32_MIN <= v <= INT32_MAX)})
    for multiplier in MULTIPLIERS:
        found = quant.multiply_by_quantized_multiplier(values, multiplier, shift, rounding).tolist()
        assert found == [multiply_by_definition(x, multiplier, shift, rounding) for x in values], multiplier


@settings(max_examples=400)
@given(int32s, multipliers, shifts, st.sampled_from(Rounding))
def test_multiply(x: int, multiplier: int, shift: int, rounding: Rounding) -> None:
    found = quant.multiply_by_quantized_multiplier(as_array(x), multiplier, shift, rounding)
    assert found.tolist() == [multiply_by_definition(x, multiplier, shift, rounding)]


@given(int32s, multipliers, st.integers(-31, 0))
def test_single_rounding_is_within_half_and_double_within_one(x: int, multiplier: int, shift: int) -> None:
    real = Fraction(x * multiplier, 2 ** (31 - shift))
    single = int(quant.multiply_by_quantized_multiplier(as_array(x), multiplier, shift, Rounding.SINGLE)[0])
    double = int(quant.multiply_by_quantized_multiplier(as_array(x), multiplier, shift, Rounding.DOUBLE)[0])
    assert abs(real - single) <= Fraction(1, 2)
    assert abs(real - double) <= Fraction(1)


def test_multiply_broadcasts_per_channel() -> None:
    values = np.arange(-6, 6).reshape(2, 2, 3) * 10**8
    factors, powers = [2**30, 2**31 - 1, 3 * 2**29], [0, -3, 2]
    found = quant.requantize(values, factors, powers, -5, Rounding.DOUBLE)
    for index, value in np.ndenumerate(values):
        channel = index[2]
        expected = multiply_by_definition(int(value), factors[channel], powers[channel], Rounding.DOUBLE) - 5
        assert found[index] == expected


# Parameters that are computed once


@given(st.floats(2.0**-40, 2.0**40), st.sampled_from(Rounding))
@example(0.5, Rounding.DOUBLE)
@example(1.0, Rounding.DOUBLE)
@example(math.nextafter(1.0, 0.0), Rounding.DOUBLE)
@example(math.nextafter(0.5, 1.0), Rounding.SINGLE)
@example(2.0**-32, Rounding.DOUBLE)
@example(math.nextafter(2.0**-32, 0.0), Rounding.DOUBLE)
@example(2.0**31, Rounding.SINGLE)
def test_quantize_multiplier(real: float, rounding: Rounding) -> None:
    multiplier, shift = quant.quantize_multiplier(real, rounding)
    if (multiplier, shift) == (0, 0):
        assert real < 2.0**-32
        return
    if rounding is Rounding.SINGLE and real >= 2.0**30:
        assert (multiplier, shift) == (INT32_MAX, 30) or real < 2.0**30 + 1
        return
    assert 2**30 <= multiplier <= INT32_MAX
    exact = Fraction(multiplier) * Fraction(2) ** (shift - 31)
    assert abs(exact / Fraction(real) - 1) <= Fraction(1, 2**31)


@pytest.mark.parametrize(
    ("real", "expected"),
    [
        (0.0, (0, 0)),
        (0.5, (2**30, 0)),
        (0.25, (2**30, -1)),
        (1.0, (2**30, 1)),
        (0.75, (3 * 2**29, 0)),
        (2.0**-33, (0, 0)),
    ],
)
def test_quantize_multiplier_exactly(real: float, expected: tuple[int, int]) -> None:
    assert quant.quantize_multiplier(real) == expected


def test_quantize_multiplier_rounds_up_to_the_next_power() -> None:
    assert quant.quantize_multiplier(math.nextafter(1.0, 0.0)) == (2**30, 1)


@given(st.floats(-1e15, 1e15))
@example(0.49999999999999994)
@example(-0.5)
@example(2.5)
@example(4503599627370495.5)
def test_round_half_away(value: float) -> None:
    exact = Fraction(value)
    expected = math.floor(abs(exact) + Fraction(1, 2)) * (1 if exact >= 0 else -1)
    assert quant.round_half_away(value) == expected


@given(st.integers(-(2**40), 2**40))
def test_wrap_int32(value: int) -> None:
    (expected,) = struct.unpack("<i", struct.pack("<I", value % 2**32))
    assert quant.wrap_int32(as_array(value)).tolist() == [expected]


@pytest.mark.parametrize(
    ("activation", "scale", "zero_point", "expected"),
    [
        ("NONE", 0.1, 3, (-128, 127)),
        ("RELU", 0.1, 3, (3, 127)),
        ("RELU", 0.1, -128, (-128, 127)),
        ("RELU", 0.1, 127, (127, 127)),
        ("RELU6", 0.1, 3, (3, 63)),
        ("RELU6", 6 / 255, -128, (-128, 127)),
        ("RELU6", 0.01, 0, (0, 127)),
        ("RELU6", 12.0, 0, (0, 1)),
        ("RELU_N1_TO_1", 0.1, 3, (-7, 13)),
        ("RELU_N1_TO_1", 0.001, 0, (-128, 127)),
        ("RELU_N1_TO_1", 2.0, 5, (4, 6)),
    ],
)
def test_activation_range(activation: str, scale: float, zero_point: int, expected: tuple[int, int]) -> None:
    assert quant.activation_range(activation, Scaled(scale, zero_point), (-128, 127)) == expected


@given(st.integers(-20, 31), st.integers(1, 12))
def test_input_radius(left_shift: int, integer_bits: int) -> None:
    """The largest input whose scaled value is below 2**integer_bits - 1, in Q<integer_bits>."""
    radius = quant.input_radius(integer_bits, left_shift)
    limit = Fraction((2**integer_bits - 1) * 2 ** (31 - integer_bits))
    factor = Fraction(2) ** left_shift
    assert radius * factor <= limit < (radius + 1) * factor


@pytest.mark.parametrize("real", [6.0, -1.0])
def test_a_real_beyond_all_steps_of_a_tiny_scale_saturates(real: float) -> None:
    """The least scale that float32 has: the quotient is infinite, and every clamp takes its place."""
    assert abs(quant.quantized_real(real, Scaled(2.0**-149, 3)) - math.copysign(2.0**31, real)) <= 3
