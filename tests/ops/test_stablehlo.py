"""STABLEHLO_ADD and its kin: kernels against numpy, numpy against LiteRT."""

from __future__ import annotations

import pytest

from kernels.bench import Benches
from ops.elementwise_nodes import binary, some
from ops.nodes import Shape, op_of
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
