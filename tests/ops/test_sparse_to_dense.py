"""SPARSE_TO_DENSE: kernels against numpy, numpy against LiteRT."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from kernels.bench import Benches
from ops.index_nodes import sparse_to_dense
from ops.moves import late
from ops.nodes import Shape, op_of, values_of
from ops.witness import agrees_with
from tinygen.ir.dtype import DType
from tinygen.ir.target import Rounding

IN_LITERT = (DType.INT8, DType.UINT8, DType.INT32, DType.INT64, DType.FLOAT32)
CASES: list[tuple[Any, Shape, Shape]] = [
    (3, (5,), ()),
    ([1, 4], (5,), (2,)),
    ([[0, 1], [1, 0], [2, 1]], (3, 2), ()),
    ([[0, 1, 3], [1, 0, 0], [1, 2, 3]], (2, 3, 4), (3,)),
]


@pytest.mark.parametrize("dtype", IN_LITERT)
@pytest.mark.parametrize("wide", [DType.INT32, DType.INT64])
@pytest.mark.parametrize(("indices", "shape", "values"), CASES)
def test_kernels_equal_numpy(
    benches: Benches, indices: Any, shape: Shape, values: Shape, dtype: DType, wide: DType
) -> None:
    made = sparse_to_dense(indices, shape, values, dtype, wide)
    for other in (made, late(made, 0)):
        given = [np.array(indices, wide.numpy), *values_of(op_of(other), shape)[1:]]
        benches.agree(op_of(other), given)
        agrees_with("litert", other, given)


def test_what_lies_outside_is_left_out(benches: Benches) -> None:
    made = late(sparse_to_dense([[0, 0]] * 4, (3, 2), (4,)), 0)
    op = op_of(made)
    given = [np.array([[1, 1], [3, 0], [0, -1], [0, 2]], np.int32), *values_of(op)[1:]]
    benches.agree(op, given)
    found = op.evaluate(given, Rounding.DOUBLE)[0]
    assert found[1, 1] == given[2][0]
    assert np.count_nonzero(found == given[3]) == 5
