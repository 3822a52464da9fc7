"""TOPK_V2: kernels against numpy, numpy against LiteRT; equal values come in their order."""

from __future__ import annotations

import numpy as np
import pytest

from kernels.bench import Benches
from ops.moves import topk_v2
from ops.nodes import op_of, values_of
from ops.witness import agrees_with
from tinygen.ir.dtype import DType
from tinygen.ir.target import Rounding

DTYPES = (DType.FLOAT32, DType.INT8, DType.UINT8, DType.INT16, DType.INT32, DType.INT64)


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize(("shape", "k"), [((9,), 1), ((3, 7), 7), ((2, 2, 40), 5)])
def test_kernels_equal_numpy(benches: Benches, dtype: DType, shape: tuple[int, ...], k: int) -> None:
    op = op_of(topk_v2(shape, k, dtype))
    benches.agree(op, values_of(op, shape))


@pytest.mark.parametrize("dtype", [DType.FLOAT32, DType.INT8, DType.INT32, DType.INT64])
def test_numpy_equals_litert(dtype: DType) -> None:
    agrees_with("litert", topk_v2((3, 20), 6, dtype))


def test_of_equal_values_the_first_comes_first(benches: Benches) -> None:
    op = op_of(topk_v2((1, 6), 4))
    values = [np.array([[1, 3, 3, -0.0, 0.0, 3]], np.float32), np.array(4, np.int32)]
    benches.agree(op, values)
    assert op.evaluate(values, Rounding.DOUBLE)[1].tolist() == [[1, 2, 5, 0]]
