"""SCATTER_ND: kernels against numpy, numpy against LiteRT."""

from __future__ import annotations

import numpy as np
import pytest

from kernels.bench import Benches
from ops.moves import late, moved
from ops.nodes import integers, node, op_of, values_of
from ops.witness import agrees_with
from tinygen.ir.dtype import Array, DType
from tinygen.ir.target import Rounding
from tinygen.ops.copy_op import MOVABLE
from tinygen.ops.node import Node

CASES = {
    "points": [[2, 1], [0, 0]],
    "the_same_twice": [[2], [0], [2], [2]],
    "all": [[i, j, k] for i in range(3) for j in range(2) for k in range(4)],
}
IN_LITERT = (DType.INT8, DType.UINT8, DType.INT32, DType.INT64, DType.FLOAT32, DType.BOOL)


def scatter(indices: list[list[int]], dtype: DType, wide: DType = DType.INT32) -> Node:
    """Into [3, 2, 4]."""
    shape = (3, 2, 4)
    updates = moved("updates", (len(indices), *shape[len(indices[0]) :]), dtype)
    inputs = [integers("indices", indices, wide), updates, integers("shape", list(shape), wide)]
    return node("SCATTER_ND", inputs, [moved("output", shape, dtype)])


@pytest.mark.parametrize("dtype", MOVABLE)
@pytest.mark.parametrize("wide", [DType.INT32, DType.INT64])
@pytest.mark.parametrize("name", CASES)
def test_kernels_equal_numpy(benches: Benches, name: str, dtype: DType, wide: DType) -> None:
    made = scatter(CASES[name], dtype, wide)
    for other in (made, late(made, 0)):
        op = op_of(other)
        values = [np.array(CASES[name], wide.numpy), *values_of(op, name)[1:]]
        benches.agree(op, values)
        if dtype in IN_LITERT and wide is DType.INT32:
            agrees_with("litert", other, values)


def test_what_lies_outside_is_left_out(benches: Benches) -> None:
    op = op_of(late(scatter([[0], [0], [0], [0]], DType.INT16), 0))
    indices: Array = np.array([[1], [3], [-1], [-(2**31)]], np.int32)
    values = [indices, *values_of(op, "outside")[1:]]
    benches.agree(op, values)
    found = op.evaluate(values, Rounding.DOUBLE)[0]
    assert np.array_equal(found[1], values[1][0])
    assert not found[[0, 2]].any()
