"""RANGE: what constants make, against LiteRT to the last bit, and the copy that is left where it is not folded."""

from __future__ import annotations

import math

import pytest

from kernels.bench import Benches
from ops.index_nodes import numbers
from ops.nodes import op_of
from ops.witness import agrees_with
from tinygen.ir.dtype import DType
from tinygen.ops import OP_BY_KIND

INT32, INT64, FLOAT32 = DType.INT32, DType.INT64, DType.FLOAT32
CASES: list[tuple[tuple[float, float, float], int, DType]] = [
    ((0, 7, 1), 7, INT32),
    ((5, -6, -3), 4, INT32),
    ((2, 10, 4), 2, INT64),
    ((2**40, 2**40 + 5, 2), 3, INT64),
    ((0.0, 1.0, 0.1), 10, FLOAT32),
    ((1.0, -2.0, -0.25), 12, FLOAT32),
    ((-0.3, 30.0, 0.7), 44, FLOAT32),
]


@pytest.mark.parametrize(("values", "length", "dtype"), CASES)
def test_ranges(benches: Benches, values: tuple[float, float, float], length: int, dtype: DType) -> None:
    made = numbers("RANGE", values, (length,), dtype)
    benches.agree(op_of(made), [])
    agrees_with("litert", made, [])


@pytest.mark.parametrize("values", [(0.0, math.inf, 1.0), (-3e38, 3e38, 0.5), (0.0, 1.0, 0.0), (0.0, math.nan, 1.0)])
def test_ranges_without_an_end_are_refused(values: tuple[float, float, float]) -> None:
    op = OP_BY_KIND["RANGE"].read(numbers("RANGE", values, (4,), FLOAT32))
    assert [rule.sentence for rule in op.RULES if rule.broken_by(op)]
