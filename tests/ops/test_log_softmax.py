"""LOG_SOFTMAX: kernels against numpy, numpy against the reference interpreters and math.log."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kernels.bench import Benches
from ops.nodes import op_of, values_of
from ops.reduction_nodes import log_softmax
from ops.witness import agrees_with
from tinygen.ir.dtype import DType
from tinygen.ir.target import Rounding
from tinygen.ops.log_softmax import log_of_sum

SHAPES = [(1, 1), (1, 2), (5, 7), (1, 3, 4, 5), (9,), (1, 300)]


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("dtype", [DType.INT8, DType.FLOAT32], ids=lambda dtype: dtype.label)
def test_kernels_and_witnesses(benches: Benches, dtype: DType, shape: tuple[int, ...]) -> None:
    node = log_softmax(shape, dtype=dtype)
    op = op_of(node)
    benches.agree(op, values_of(op, shape), within=1e-6)
    for witness in ("tflite_micro", "litert"):
        agrees_with(witness, node, within=1e-6)


@settings(max_examples=100)
@given(depth=st.integers(1, 40), exponent=st.floats(-12, 6))
def test_any_scale(benches: Benches, depth: int, exponent: float) -> None:
    node = log_softmax((2, depth), 2.0**exponent)
    op = op_of(node)
    values = values_of(op, depth)
    benches.agree(op, values)
    agrees_with("tflite_micro", node, values)
    reals = (values[0].astype(np.float64) - values[0].max(axis=1, keepdims=True)) * op.inputs[0].scale
    exact = 16 * (reals - np.log(np.exp(reals).sum(axis=1, keepdims=True))) + 127
    assert np.abs(op.evaluate(values, Rounding.DOUBLE)[0] - np.clip(exact, -128, 127)).max() <= 0.52


def test_logarithm() -> None:
    x = np.unique(np.geomspace(2**19, 2**31 - 1, 5000).astype(np.int64)).reshape(-1, 1)
    assert np.abs(log_of_sum(x) / 2**26 - np.log(x / 2**19)).max() < 1e-6
