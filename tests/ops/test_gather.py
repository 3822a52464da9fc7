"""GATHER: kernels against numpy, numpy against the reference interpreters."""

from __future__ import annotations

import numpy as np
import pytest

from kernels.bench import Benches
from ops import moves
from ops.nodes import node, op_of, tensor, values_of
from ops.witness import agrees_with
from tinygen.ir.dtype import DType
from tinygen.ir.target import Rounding

CASES = {
    "first": moves.gather((5, 3), (4,)),
    "middle": moves.gather((2, 6, 3), (2, 2), 1),
    "last": moves.gather((2, 3, 7), (2,), -1),
    "scalar": moves.gather((3, 4), (), 0),
    "batches": moves.gather((2, 5, 3), (2, 4), 1, 1),
    "run_time": moves.gather((6, 3), (4,), constant=False),
}
ONLY_LITERT = {
    "int64": moves.gather((6, 3), (4,), constant=False, wide=True),
}
EVERY = CASES | ONLY_LITERT


@pytest.mark.parametrize("name", EVERY)
def test_kernels_equal_numpy(benches: Benches, name: str) -> None:
    """Random indices, most of them far outside, are safe."""
    op = op_of(EVERY[name])
    benches.agree(op, values_of(op, name))
    benches.agree(op, moves.inside(EVERY[name], name))


@pytest.mark.parametrize("name", CASES)
def test_numpy_equals_tflite_micro(name: str) -> None:
    agrees_with("tflite_micro", CASES[name], moves.inside(CASES[name], name))


@pytest.mark.parametrize("name", EVERY)
def test_numpy_equals_litert(name: str) -> None:
    agrees_with("litert", EVERY[name], moves.inside(EVERY[name], name))


@pytest.mark.parametrize("dtype", moves.EVERY_SIZE)
def test_every_element_size(benches: Benches, dtype: DType) -> None:
    data = tensor("input", (2, 6, 3), dtype=dtype)
    positions = tensor("positions", (2, 2), dtype=DType.INT32, data=np.array([[5, 0], [3, 3]]))
    made = node("GATHER", [data, positions], [tensor("output", (2, 2, 2, 3), dtype=dtype)], axis=1, batch_dims=0)
    op = op_of(made)
    benches.agree(op, values_of(op, dtype))


def test_indices_outside_are_taken_for_the_ends() -> None:
    op = op_of(moves.gather((3, 1), (4,), constant=False))
    data = np.array([[10], [20], [30]], np.int8)
    (found,) = op.evaluate([data, np.array([-5, 0, 2, 99], np.int32)], Rounding.DOUBLE)
    assert found.reshape(-1).tolist() == [10, 10, 30, 30]
