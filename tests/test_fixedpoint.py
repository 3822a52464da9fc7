"""fixedpoint.py against math.exp and against its own definition at the extremes."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tinygen import fixedpoint
from tinygen.fixedpoint import ONE_Q0
from tinygen.quant import Int64s

INT32_MIN, INT32_MAX = -(2**31), 2**31 - 1


def spread(low: int, high: int, count: int = 4001) -> Int64s:
    """Raw values from low to high, both included, with the neighbours of every power of two."""
    powers = [sign * 2**k + d for k in range(32) for sign in (-1, 1) for d in (-1, 0, 1)]
    inside = [p for p in powers if low <= p <= high]
    return np.unique(np.concatenate([np.linspace(low, high, count).astype(np.int64), inside]))


def in_range(values: Int64s) -> bool:
    return bool((values >= INT32_MIN).all() and (values <= INT32_MAX).all())


def test_exp_between_minus_a_quarter_and_zero() -> None:
    raw = spread(-(2**29), -1)
    found = fixedpoint.exp_on_minus_quarter_to_zero(raw)
    assert np.abs(found / 2**31 - np.exp(raw / 2**31)).max() < 3e-7
    assert in_range(found)


@pytest.mark.parametrize("integer_bits", [0, 2, 4, 5, 6, 9])
def test_exp_on_negative_values(integer_bits: int) -> None:
    raw = spread(INT32_MIN, 0)
    found = fixedpoint.exp_on_negative_values(raw, integer_bits)
    reals = np.exp(raw / 2.0 ** (31 - integer_bits))
    assert np.abs(found / 2**31 - reals).max() < 1e-6
    assert in_range(found)
    assert (found >= 0).all()
    assert found[-1] == ONE_Q0


@pytest.mark.parametrize("integer_bits", [4, 5])
def test_exp_never_falls_by_more_than_its_error(integer_bits: int) -> None:
    raw = spread(-(2**31) + 1, 0, 40001)
    steps = np.diff(fixedpoint.exp_on_negative_values(raw, integer_bits))
    assert steps.min() > -100  # of 2**31


def test_one_over_one_plus_x() -> None:
    raw = spread(0, INT32_MAX)
    found = fixedpoint.one_over_one_plus_x(raw)
    assert np.abs(found / 2**31 - 1 / (1 + raw / 2**31)).max() < 1e-8
    assert in_range(found)
    assert (np.diff(found) <= 1).all()


@pytest.mark.parametrize("integer_bits", [3, 4, 5])
def test_logistic(integer_bits: int) -> None:
    raw = spread(INT32_MIN + 1, INT32_MAX)
    found = fixedpoint.logistic(raw, integer_bits)
    reals = 1 / (1 + np.exp(-raw / 2.0 ** (31 - integer_bits)))
    assert np.abs(found / 2**31 - reals).max() < 1e-6
    assert in_range(found)
    assert fixedpoint.logistic(np.zeros(1, np.int64), integer_bits).tolist() == [2**30]


@given(st.integers(1, INT32_MAX))
def test_logistic_is_symmetric(raw: int) -> None:
    positive, negative = fixedpoint.logistic(np.array([raw, -raw]), 4).tolist()
    assert positive + negative == ONE_Q0


@given(st.integers(INT32_MIN, INT32_MAX), st.integers(0, 31))
def test_saturating_shift_left(x: int, exponent: int) -> None:
    found = fixedpoint.saturating_shift_left(np.array([x]), exponent).tolist()
    assert found == [min(max(x * 2**exponent, INT32_MIN), INT32_MAX)]
