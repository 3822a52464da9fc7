"""MATRIX_DIAG: kernels against numpy, numpy against LiteRT."""

from __future__ import annotations

import pytest

from kernels.bench import Benches
from ops.index_nodes import matrix_diag
from ops.moves import EVERY_SIZE
from ops.nodes import Shape, op_of, values_of
from ops.witness import agrees_with
from tinygen.ir.dtype import DType


@pytest.mark.parametrize("dtype", EVERY_SIZE)
def test_every_element_size(benches: Benches, dtype: DType) -> None:
    made = matrix_diag((2, 3), dtype)
    values = values_of(op_of(made), dtype)
    benches.agree(op_of(made), values)
    agrees_with("litert", made, values)


@pytest.mark.parametrize("shape", [(1,), (5,), (2, 2, 3)])
def test_diagonals(benches: Benches, shape: Shape) -> None:
    made = matrix_diag(shape)
    benches.agree(op_of(made), values_of(op_of(made), shape))
    agrees_with("litert", made)
