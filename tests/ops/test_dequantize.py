"""DEQUANTIZE: kernels against numpy, numpy against the reference interpreters, to the last bit of the float."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kernels.bench import Benches
from ops.nodes import elementwise, every_int8, op_of, values_of
from ops.witness import agrees_with
from tinygen.ir.dtype import DType
from tinygen.ir.target import Rounding

TO_FLOAT = (DType.INT8, DType.FLOAT32)
EVERY = np.arange(-128, 128, dtype=np.int8).reshape(1, 256)


@pytest.mark.parametrize("witness", ["tflite_micro", "litert"])
@settings(max_examples=60)
@given(exponent=st.floats(-20, 20), zero_point=st.integers(-128, 127))
def test_every_input(benches: Benches, witness: str, exponent: float, zero_point: int) -> None:
    op, node = every_int8("DEQUANTIZE", scales=(2.0**exponent, 0.0), zero_points=(zero_point, 0), dtypes=TO_FLOAT)
    benches.agree(op, [EVERY])
    agrees_with(witness, node, [EVERY])
    exact = (np.arange(-128, 128) - zero_point) * op.inputs[0].scale
    assert np.array_equal(op.evaluate([EVERY], Rounding.DOUBLE)[0][0], exact.astype(np.float32))


@pytest.mark.parametrize("shape", [(), (7,), (3, 5), (1, 3, 4, 33), (2, 2, 2, 2, 3)])
def test_shapes(benches: Benches, shape: tuple[int, ...]) -> None:
    op = op_of(elementwise("DEQUANTIZE", shape, (0.1, 0.0), dtypes=TO_FLOAT))
    benches.agree(op, values_of(op, shape))
