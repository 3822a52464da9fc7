"""SOFTMAX: kernels against numpy, numpy against the reference interpreters, and both against math.exp."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kernels.bench import Benches
from ops.nodes import op_of, softmax, values_of
from ops.witness import agrees_with
from tinygen.ir.target import Rounding
from tinygen.ops.softmax import Softmax

CASES = {
    "plain": softmax(),
    "one_element": softmax((1, 1)),
    "two_elements": softmax((1, 2)),
    "rows": softmax((5, 7)),
    "map": softmax((1, 3, 4, 5)),
    "rank_1": softmax((9,)),
    "beta_half": softmax(beta=0.5),
    "sharp": softmax(scale=3.0),
    "very_sharp": softmax(scale=60.0),
    "flat": softmax((1, 300), scale=1e-4),
    "long": softmax((1, 300), scale=0.05),
    "longer_than_512": softmax((1, 1200), scale=0.1),
}

FLATTEST = {"flattest": softmax((1, 12), scale=1e-9)}
"""The reference interpreters abort at a multiplier below 1."""


@pytest.mark.parametrize("name", CASES | FLATTEST)
def test_kernels_equal_numpy(benches: Benches, name: str) -> None:
    op = op_of((CASES | FLATTEST)[name])
    benches.agree(op, values_of(op, name))


@pytest.mark.parametrize("witness", ["tflite_micro", "litert"])
@pytest.mark.parametrize("name", CASES)
def test_numpy_equals(witness: str, name: str) -> None:
    agrees_with(witness, CASES[name])


@settings(max_examples=80)
@given(rows=st.integers(1, 3), depth=st.integers(1, 40), exponent=st.floats(-12, 6), beta=st.floats(0.0625, 4))
def test_any_parameters(benches: Benches, rows: int, depth: int, exponent: float, beta: float) -> None:
    beta = float(np.float32(beta))
    node = softmax((rows, depth), 2.0**exponent, beta)
    op = op_of(node)
    benches.agree(op, values_of(op, (rows, depth)))
    agrees_with("tflite_micro", node)


@pytest.mark.parametrize("depth", [256, 511, 512, 513, 4095, 4096, 4097, 5000, 10000])
@pytest.mark.parametrize("stored", [-128, 0, 127])
def test_equal_inputs(benches: Benches, depth: int, stored: int) -> None:
    """Beyond 511 the reference interpreters abort."""
    op = op_of(softmax((1, depth)))
    value = np.full((1, depth), stored, np.int8)
    benches.agree(op, [value])
    expected = -127 if depth < 512 else -128
    assert set(op.evaluate([value], Rounding.DOUBLE)[0].reshape(-1).tolist()) == {expected}


@pytest.mark.parametrize("rounding", Rounding)
@pytest.mark.parametrize("scale", [0.01, 0.1, 1.0])
def test_is_a_softmax(scale: float, rounding: Rounding) -> None:
    op = op_of(softmax((20, 9), scale))
    (value,) = values_of(op, scale)
    reals = np.exp((value.astype(np.float64) - value.max(axis=1, keepdims=True)) * op.inputs[0].scale)
    expected = 256 * reals / reals.sum(axis=1, keepdims=True) - 128
    found = op.evaluate([value], rounding)[0].astype(np.float64)
    assert np.abs(found - np.minimum(expected, 127)).max() <= 0.51


@pytest.mark.parametrize("scale", [1e-6, 0.01, 0.1, 1.0, 30.0])
def test_exponentials_fall_from_1(scale: float) -> None:
    op = op_of(softmax((1, 5), scale))
    assert isinstance(op, Softmax)
    table = op.exponentials(Rounding.DOUBLE)
    assert table[0] == 2**31 - 1
    assert 1 <= len(table) <= 256
    assert (np.diff(table) <= 0).all()
    reals = np.exp(-np.arange(len(table)) * op.input.scale)
    assert np.abs(table / 2**31 - reals).max() < 1e-6
