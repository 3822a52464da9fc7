"""SCATTER_ND: kernels against numpy, numpy against LiteRT."""

from __future__ import annotations

import pytest

from kernels.bench import Benches
from ops.nodes import integers, node, op_of, tensor, values_of
from ops.witness import agrees_with
from tinygen.ir.dtype import DType


@pytest.mark.parametrize("dtype", [DType.INT8, DType.FLOAT32, DType.INT32])
def test_scatter_nd(benches: Benches, dtype: DType) -> None:
    indices = integers("indices", [[2, 1], [0, 0]])
    updates, output = tensor("updates", (2, 4), dtype=dtype), tensor("output", (3, 2, 4), dtype=dtype)
    made = node("SCATTER_ND", [indices, updates, integers("shape", [3, 2, 4])], [output])
    op = op_of(made)
    benches.agree(op, values_of(op, dtype))
    agrees_with("litert", made)
