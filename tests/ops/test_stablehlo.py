"""Operators of StableHLO that LiteRT's interpreter runs: kernels against numpy, numpy against LiteRT."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from kernels.bench import Benches
from ops.elementwise_nodes import binary, some
from ops.moves import EVERY_SIZE, stablehlo_pad
from ops.nodes import Shape, op_of, values_of
from ops.witness import agrees_with
from tinygen.ir.dtype import DType

KINDS = ("STABLEHLO_ADD", "STABLEHLO_MULTIPLY", "STABLEHLO_MAXIMUM", "STABLEHLO_MINIMUM")


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("dtype", [DType.INT32, DType.INT64, DType.FLOAT32])
@pytest.mark.parametrize("shape", [(7,), (2, 3, 5)])
def test_pairs(benches: Benches, kind: str, dtype: DType, shape: Shape) -> None:
    made = binary(kind, dtype, (shape, shape))
    values = [some(dtype, shape, kind), some(dtype, shape, kind, 2)]
    benches.agree(op_of(made), values)
    agrees_with("litert", made, values)


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
