"""RESHAPE: the copy that is made where the alias can't be free, numpy against the reference interpreters."""

from __future__ import annotations

import pytest

from kernels.bench import Benches
from ops.nodes import op_of, reshape, values_of
from ops.witness import agrees_with
from tinygen.ir.target import Rounding

CASES = {
    "flatten": reshape((1, 3, 4, 2), (1, 24)),
    "unflatten": reshape((24,), (2, 3, 4)),
    "same": reshape((2, 3), (2, 3)),
    "to_ones": reshape((1, 1, 1, 1), (1,)),
    "without_shape": reshape((2, 6), (3, 4), with_shape=False),
}


@pytest.mark.parametrize("name", CASES)
def test_kernels_equal_numpy(benches: Benches, name: str) -> None:
    op = op_of(CASES[name])
    assert op.IS_ALIAS
    benches.agree(op, values_of(op, name))


@pytest.mark.parametrize("witness", ["tflite_micro", "litert"])
@pytest.mark.parametrize("name", [name for name in CASES if name != "without_shape"])
def test_numpy_equals(witness: str, name: str) -> None:
    agrees_with(witness, CASES[name])


@pytest.mark.parametrize("name", CASES)
def test_bytes_stay(name: str) -> None:
    op = op_of(CASES[name])
    values = values_of(op)
    assert op.evaluate(values, Rounding.DOUBLE)[0].tobytes() == values[0].tobytes()
