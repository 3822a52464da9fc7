"""L2_NORMALIZATION: kernels against numpy, numpy against the reference interpreters and the real root."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kernels.bench import Benches
from ops.nodes import op_of, values_of
from ops.reduction_nodes import l2_normalization
from ops.witness import agrees_with
from tinygen.ir.dtype import DType
from tinygen.ir.target import Rounding

SHAPES = [(1, 1), (3, 2), (2, 7), (1, 3, 4, 33), (9,), (1, 3000)]


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("dtype", [DType.INT8, DType.FLOAT32], ids=lambda dtype: dtype.label)
def test_kernels_and_witnesses(benches: Benches, dtype: DType, shape: tuple[int, ...]) -> None:
    node = l2_normalization(shape, dtype=dtype)
    op = op_of(node)
    benches.agree(op, values_of(op, shape))
    for witness in ("tflite_micro", "litert"):
        agrees_with(witness, node, within=1e-5)


@settings(max_examples=100)
@given(depth=st.integers(1, 40), zero_point=st.integers(-128, 127), spread=st.integers(0, 127))
def test_any_row(benches: Benches, depth: int, zero_point: int, spread: int) -> None:
    node = l2_normalization((2, depth), zero_point)
    op = op_of(node)
    random = np.random.default_rng(depth)
    value = np.clip(zero_point + random.integers(-spread, spread + 1, (2, depth)), -128, 127).astype(np.int8)
    benches.agree(op, [value])
    agrees_with("tflite_micro", node, [value])
    real = value.astype(np.float64) - zero_point
    exact = 128 * real / np.maximum(np.sqrt((real * real).sum(axis=1, keepdims=True)), 1)
    assert np.abs(op.evaluate([value], Rounding.DOUBLE)[0] - np.clip(exact, -128, 127)).max() <= 0.51


def test_a_row_of_zeros(benches: Benches) -> None:
    op = op_of(l2_normalization((1, 4), dtype=DType.FLOAT32))
    value = np.zeros((1, 4), np.float32)
    assert not op.evaluate([value], Rounding.DOUBLE)[0].any()
    benches.agree(op, [value])
