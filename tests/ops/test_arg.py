"""ARG_MAX and ARG_MIN: kernels against numpy, numpy against the reference interpreters."""

from __future__ import annotations

import numpy as np
import pytest

from kernels.bench import Benches
from ops.nodes import op_of, values_of
from ops.reduction_nodes import arg
from ops.witness import agrees_with
from tinygen.ir.dtype import DType
from tinygen.ir.target import Rounding

KINDS = ("ARG_MAX", "ARG_MIN")
DTYPES = (DType.INT8, DType.UINT8, DType.INT32, DType.FLOAT32)
SHAPES = {"middle": ((2, 5, 3), 1), "last": ((4, 50), -1), "first": ((9, 4), 0), "only": ((7,), 0), "one": ((3, 1), 1)}


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("dtype", DTYPES, ids=lambda dtype: dtype.label)
@pytest.mark.parametrize("kind", KINDS)
def test_kernels_equal_numpy(benches: Benches, kind: str, dtype: DType, shape: str) -> None:
    for output in (DType.INT32, DType.INT64):
        op = op_of(arg(kind, *SHAPES[shape], dtype, output))
        values = values_of(op, shape)
        benches.agree(op, values)
        choose = np.argmax if kind == "ARG_MAX" else np.argmin
        expected = choose(values[0], axis=SHAPES[shape][1])
        assert np.array_equal(op.evaluate(values, Rounding.DOUBLE)[0], expected.reshape(op.outputs[0].shape))


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("kind", KINDS)
def test_numpy_equals(kind: str, shape: str) -> None:
    for dtype in (DType.INT8, DType.FLOAT32):
        agrees_with("tflite_micro", arg(kind, *SHAPES[shape], dtype))
    for dtype in DTYPES:
        agrees_with("litert", arg(kind, *SHAPES[shape], dtype))
        agrees_with("litert", arg(kind, *SHAPES[shape], dtype, DType.INT64))


@pytest.mark.parametrize("kind", KINDS)
def test_ties_and_what_is_not_a_number(benches: Benches, kind: str) -> None:
    value = np.array([[1, 5, 5, 1], [np.nan, 7, 8, 9], [2, np.nan, 3, 1], [4, 4, 4, 4]], np.float32)
    op = op_of(arg(kind, (4, 4), 1, DType.FLOAT32))
    found = op.evaluate([value, op.inputs[1].value], Rounding.DOUBLE)[0]
    assert found.tolist() == ([1, 0, 2, 0] if kind == "ARG_MAX" else [0, 0, 3, 0])
    benches.agree(op, [value, op.inputs[1].value])
