"""SOFTMAX of int16, from int8 to int16, and of float32: kernels against numpy, numpy against the interpreters."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kernels.bench import Benches
from ops.nodes import op_of, values_of
from ops.reduction_nodes import softmax_of
from ops.witness import agrees_with
from tinygen.ir.dtype import DType
from tinygen.ir.target import Rounding
from tinygen.ops.softmax_tables import exponential_table, reciprocal_table

WIDE = (DType.INT16, DType.INT16)
WIDENING = (DType.INT8, DType.INT16)
REAL = (DType.FLOAT32, DType.FLOAT32)
SHAPES = [(1, 1), (1, 2), (5, 7), (1, 3, 4, 5), (9,), (1, 300)]


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("dtypes", [WIDE, WIDENING, REAL], ids=["int16", "int8_to_int16", "float32"])
def test_kernels_and_witnesses(benches: Benches, dtypes: tuple[DType, DType], shape: tuple[int, ...]) -> None:
    node = softmax_of(dtypes, shape, scale=0.05 if dtypes == WIDENING else 0.001)
    op = op_of(node)
    benches.agree(op, values_of(op, shape), within=1e-6)
    for witness in ("tflite_micro", "litert"):
        agrees_with(witness, node, within=1e-6)


@settings(max_examples=100)
@given(
    wide=st.booleans(),
    depth=st.integers(1, 40),
    exponent=st.floats(-12, 0),
    beta=st.floats(0.0625, 4),
    seed=st.integers(0, 9),
)
def test_any_scale(benches: Benches, wide: bool, depth: int, exponent: float, beta: float, seed: int) -> None:
    scale = 2.0 ** (exponent - 6 if wide else exponent)
    node = softmax_of(WIDE if wide else WIDENING, (2, depth), scale, float(np.float32(beta)))
    op = op_of(node)
    values = values_of(op, seed)
    benches.agree(op, values)
    agrees_with("tflite_micro", node, values)


@pytest.mark.parametrize("scale", [2e-5, 5e-4, 0.01])
def test_is_a_softmax(scale: float) -> None:
    op = op_of(softmax_of(WIDE, (20, 9), scale))
    (value,) = values_of(op, scale)
    reals = np.exp((value.astype(np.float64) - value.max(axis=1, keepdims=True)) * op.inputs[0].scale)
    expected = 32768 * reals / reals.sum(axis=1, keepdims=True)
    found = op.evaluate([value], Rounding.DOUBLE)[0].astype(np.float64)
    assert np.abs(found - np.minimum(expected, 32767)).max() <= 2 * 9  # each of nine is at least exp(-10)


def test_tables() -> None:
    places = np.linspace(-10, 0, 513)
    assert np.abs(exponential_table() / 32768 - np.exp(places)).max() < 1e-4
    assert np.abs(reciprocal_table() / 32768 - 1 / (1 + np.linspace(0, 1, 513))).max() < 1e-4


@pytest.mark.parametrize("value", [[3e38, 3e38, -3e38], [0.0, -200.0, 1.0], [1e-40, 0.0, -1e-40]])
def test_extreme_floats(benches: Benches, value: list[float]) -> None:
    op = op_of(softmax_of(REAL, (1, 3)))
    with np.errstate(over="ignore"):
        benches.agree(op, [np.array([value], np.float32)], within=1e-6)
