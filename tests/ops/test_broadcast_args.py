"""BROADCAST_ARGS: kernels against numpy, numpy against the definition."""

from __future__ import annotations

import numpy as np
import pytest

from kernels.bench import Benches
from ops.nodes import node, op_of, tensor
from tinygen.ir.dtype import DType
from tinygen.ir.target import Rounding


@pytest.mark.parametrize("dtype", [DType.INT32, DType.INT64])
def test_broadcast_args(benches: Benches, dtype: DType) -> None:
    shapes = [tensor("first", (3,), dtype=dtype), tensor("second", (2,), dtype=dtype)]
    op = op_of(node("BROADCAST_ARGS", shapes, [tensor("output", (3,), dtype=dtype)]))
    for first, second, made in (([4, 1, 3], [5, 3], [4, 5, 3]), ([1, 2, 1], [1, 7], [1, 2, 7])):
        values = [np.array(first, dtype.numpy), np.array(second, dtype.numpy)]
        benches.agree(op, values)
        assert op.evaluate(values, Rounding.DOUBLE)[0].tolist() == made
