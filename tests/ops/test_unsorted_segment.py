"""UNSORTED_SEGMENT_SUM, _PROD, _MAX and _MIN, and SEGMENT_SUM: kernels against numpy, numpy against LiteRT."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from kernels.bench import Benches
from ops.index_nodes import unsorted_segment
from ops.nodes import Shape, model_bytes, op_of, values_of
from ops.witness import agrees_with, run_litert
from tinygen.ir.dtype import DType
from tinygen.ir.target import Rounding

KINDS = ("UNSORTED_SEGMENT_SUM", "UNSORTED_SEGMENT_PROD", "UNSORTED_SEGMENT_MAX", "UNSORTED_SEGMENT_MIN")
CASES: list[tuple[Shape, Any, int]] = [
    ((4, 3), [1, 0, 1, 1], 3),
    ((5,), [2, 2, -1, 0, 2], 3),
    ((2, 2, 3), [[0, 1], [1, -3]], 2),
]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("dtype", [DType.INT32, DType.FLOAT32])
@pytest.mark.parametrize(("shape", "ids", "segments"), CASES)
def test_kernels_equal_numpy(benches: Benches, kind: str, dtype: DType, shape: Shape, ids: Any, segments: int) -> None:
    for constant in (True, False):
        made = unsorted_segment(kind, shape, ids, segments, dtype, constant)
        op = op_of(made)
        values = [values_of(op, kind)[0], np.array(ids, np.int32), op.inputs[2].value]
        benches.agree(op, values)
        agrees_with("litert", made, values)


@pytest.mark.parametrize("kind", KINDS)
def test_segments_outside_are_left_out(benches: Benches, kind: str) -> None:
    op = op_of(unsorted_segment(kind, (4, 2), [0, 0, 0, 0], 2, constant=False))
    ids = np.array([2, 1, -(2**31), 2**31 - 1], np.int32)
    benches.agree(op, [values_of(op)[0], ids, op.inputs[2].value])


@pytest.mark.parametrize("dtype", [DType.INT32, DType.FLOAT32])
@pytest.mark.parametrize("ids", [[0, 0, 1, 1, 1], [0, 1, 1, 2, 3]])
def test_sorted_segments(benches: Benches, dtype: DType, ids: list[int]) -> None:
    """LiteRT's reference resolver lacks the operator."""
    made = unsorted_segment("SEGMENT_SUM", (5, 3), ids, max(ids) + 1, dtype)
    op = op_of(made)
    values = values_of(op, ids)
    benches.agree(op, values)
    expected = run_litert(model_bytes(made), values[:1], "BUILTIN")
    assert np.array_equal(op.evaluate(values, Rounding.DOUBLE)[0], expected)
