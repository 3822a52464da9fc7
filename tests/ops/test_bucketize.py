"""BUCKETIZE: kernels against numpy, numpy against LiteRT."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest

from kernels.bench import Benches
from ops.index_nodes import bucketize
from ops.nodes import op_of
from ops.witness import agrees_with
from tinygen.ir.dtype import Array, DType

EDGES = (-7.0, -1.5, 0.0, 0.0, 3.0, 16777216.0)


@pytest.mark.parametrize("dtype", [DType.INT32, DType.INT64, DType.FLOAT32])
@pytest.mark.parametrize("boundaries", [(0.5,), EDGES])
def test_kernels_equal_numpy(benches: Benches, dtype: DType, boundaries: Sequence[float]) -> None:
    made = bucketize((3, 6), boundaries, dtype)
    numbers = [-8, -7, -6, -2, -1, 0, 1, 2, 3, 4, 16777215, 16777216, 16777217, 2**30, -(2**31), 2**31 - 1, 5, 6]
    values: list[Array] = [np.array(numbers, dtype.numpy).reshape(3, 6)]
    benches.agree(op_of(made), values)
    agrees_with("litert", made, values)


def test_floats_at_the_boundaries(benches: Benches) -> None:
    ends = np.float32([*EDGES, *np.nextafter(np.float32(EDGES), np.float32(-np.inf)), np.inf, -np.inf])
    made = bucketize((14,), EDGES)
    benches.agree(op_of(made), [ends])
    agrees_with("litert", made, [ends])
