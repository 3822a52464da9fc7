"""FILL: kernels against numpy, numpy against the reference interpreters."""

from __future__ import annotations

import pytest

from kernels.bench import Benches
from ops.moves import moved
from ops.nodes import integers, node, op_of, tensor, values_of
from ops.witness import agrees_with
from tinygen.ir.dtype import DType


@pytest.mark.parametrize("dtype", [DType.INT8, DType.INT16, DType.FLOAT32, DType.INT64])
def test_fill_with_a_value_known_at_run_time(benches: Benches, dtype: DType) -> None:
    value, output = moved("value", (), dtype), moved("output", (2, 3), dtype)
    op = op_of(node("FILL", [integers("shape", [2, 3]), value], [output]))
    benches.agree(op, values_of(op, dtype))


@pytest.mark.parametrize("witness", ["tflite_micro", "litert"])
def test_fill_equals(witness: str) -> None:
    value, output = tensor("value", (), dtype=DType.INT32), tensor("output", (2, 3), dtype=DType.INT32)
    agrees_with(witness, node("FILL", [integers("shape", [2, 3]), value], [output]))
