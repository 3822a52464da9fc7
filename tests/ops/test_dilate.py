"""DILATE: kernels against numpy, numpy against LiteRT."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from kernels.bench import Benches
from ops.index_nodes import dilate
from ops.moves import EVERY_SIZE
from ops.nodes import Shape, op_of, values_of
from ops.witness import agrees_with
from tinygen.ir.dtype import DType


@pytest.mark.parametrize("dtype", EVERY_SIZE)
def test_every_element_size(benches: Benches, dtype: DType) -> None:
    made = dilate((2, 3), (2, 3), dtype)
    benches.agree(op_of(made), values_of(op_of(made), dtype))
    agrees_with("litert", made)


@pytest.mark.parametrize(
    ("shape", "by"), [((5,), (1,)), ((5,), (4,)), ((3, 1, 2), (1, 5, 2)), ((2, 3, 2, 3), (2, 1, 3, 2))]
)
def test_shapes(benches: Benches, shape: Shape, by: Sequence[int]) -> None:
    made = dilate(shape, by)
    benches.agree(op_of(made), values_of(op_of(made), shape))
    agrees_with("litert", made)
