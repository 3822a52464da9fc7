"""BITCAST: kernels against numpy, numpy against LiteRT."""

from __future__ import annotations

import pytest

from kernels.bench import Benches
from ops.index_nodes import bitcast
from ops.nodes import Shape, op_of, values_of
from ops.witness import agrees_with
from tinygen.ir.dtype import DType

CASES = [
    ((2, 3), DType.FLOAT32, (2, 3), DType.INT32),
    ((2, 3), DType.UINT32, (2, 3), DType.FLOAT32),
    ((2, 3), DType.INT32, (2, 3, 4), DType.UINT8),
    ((3, 2), DType.INT16, (3,), DType.INT32),
    ((5,), DType.INT64, (5, 2), DType.INT32),
    ((4, 8), DType.INT8, (4,), DType.INT64),
]


@pytest.mark.parametrize(("shape", "dtype", "made", "made_dtype"), CASES)
def test_types(benches: Benches, shape: Shape, dtype: DType, made: Shape, made_dtype: DType) -> None:
    cast = bitcast(shape, dtype, made, made_dtype)
    values = values_of(op_of(cast), shape)
    benches.agree(op_of(cast), values)
    agrees_with("litert", cast, values)
