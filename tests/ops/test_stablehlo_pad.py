"""STABLEHLO_PAD: kernels against numpy, numpy against LiteRT."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from kernels.bench import Benches
from ops.moves import EVERY_SIZE, stablehlo_pad
from ops.nodes import Shape, op_of, values_of
from ops.witness import agrees_with
from tinygen.ir.dtype import DType


@pytest.mark.parametrize("dtype", EVERY_SIZE)
@pytest.mark.parametrize(
    ("shape", "low", "high", "interior"),
    [
        ((5,), (1,), (2,), (0,)),
        ((3, 4), (0, 2), (1, 0), (2, 1)),
        ((5, 4), (-1, 3), (2, -2), (0, 0)),
        ((5, 4), (-2, 1), (-1, -4), (1, 2)),
        ((2, 1, 3), (0, 1, -1), (0, 1, -1), (0, 3, 2)),
        ((4,), (-20,), (15,), (1,)),
    ],
)
def test_paddings(
    benches: Benches, shape: Shape, low: Sequence[int], high: Sequence[int], interior: Sequence[int], dtype: DType
) -> None:
    made = stablehlo_pad(shape, low, high, interior, dtype)
    values = values_of(op_of(made), shape)
    benches.agree(op_of(made), values)
    agrees_with("litert", made, values)
