"""CUMSUM: kernels against numpy, numpy against the reference interpreters."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kernels.bench import Benches
from ops.nodes import op_of, values_of
from ops.reduction_nodes import cumsum
from ops.witness import agrees_with
from tinygen.ir.dtype import DType
from tinygen.ir.target import Rounding

SHAPES = {"middle": ((2, 5, 3), 1), "last": ((4, 13), -1), "first": ((9, 4), 0), "only": ((7,), 0), "one": ((3, 1), 1)}
DTYPES = (DType.INT8, DType.INT32, DType.INT64, DType.FLOAT32)


@pytest.mark.parametrize("reverse", [False, True])
@pytest.mark.parametrize("exclusive", [False, True])
@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("dtype", DTYPES, ids=lambda dtype: dtype.label)
def test_kernels_and_witnesses(benches: Benches, dtype: DType, shape: str, exclusive: bool, reverse: bool) -> None:
    node = cumsum(*SHAPES[shape], exclusive, reverse, dtype)
    op = op_of(node)
    benches.agree(op, values_of(op, shape))
    agrees_with("litert" if dtype in (DType.INT32, DType.INT64) else "tflite_micro", node, within=1e-6)


@settings(max_examples=60)
@given(
    size=st.integers(1, 60),
    exponents=st.tuples(st.floats(-7, 3), st.floats(-7, 3)),
    zero_points=st.tuples(st.integers(-128, 127), st.integers(-128, 127)),
)
def test_any_scales(benches: Benches, size: int, exponents: tuple[float, float], zero_points: tuple[int, int]) -> None:
    node = cumsum((2, size), 1, scales=(2.0 ** exponents[0], 2.0 ** exponents[1]), zero_points=zero_points)
    op = op_of(node)
    values = values_of(op, size)
    benches.agree(op, values)
    if size <= 15:  # TFLite Micro's sums overflow beyond
        agrees_with("tflite_micro", node, values)


def test_is_a_running_sum() -> None:
    op = op_of(cumsum((1, 6), 1, dtype=DType.INT32))
    value = np.array([[1, 2, 3, 4, 2**31 - 1, 6]], np.int32)
    assert op.evaluate([value, op.inputs[1].value], Rounding.DOUBLE)[0].tolist() == [
        [1, 3, 6, 10, -(2**31) + 9, -(2**31) + 15]
    ]
