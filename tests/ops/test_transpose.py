"""TRANSPOSE: kernels against numpy, numpy against the reference interpreters."""

from __future__ import annotations

import pytest

from kernels.bench import Benches
from ops import moves
from ops.nodes import op_of, values_of
from ops.witness import agrees_with

CASES = {
    "transpose_2d": moves.transpose((3, 5), (1, 0)),
    "transpose_rotated": moves.transpose((2, 3, 4, 5), (3, 0, 1, 2)),
    "transpose_inner": moves.transpose((2, 3, 4, 5), (0, 2, 1, 3)),
    "transpose_identity": moves.transpose((2, 3), (0, 1)),
}
ONLY_LITERT = {
    "transpose_6d": moves.transpose((2, 1, 3, 2, 2, 3), (5, 3, 1, 0, 4, 2)),
}


@pytest.mark.parametrize("name", CASES | ONLY_LITERT)
def test_kernels_equal_numpy(benches: Benches, name: str) -> None:
    op = op_of((CASES | ONLY_LITERT)[name])
    benches.agree(op, values_of(op, name))


@pytest.mark.parametrize("name", CASES)
def test_numpy_equals_tflite_micro(name: str) -> None:
    agrees_with("tflite_micro", CASES[name])


@pytest.mark.parametrize("name", CASES | ONLY_LITERT)
def test_numpy_equals_litert(name: str) -> None:
    agrees_with("litert", (CASES | ONLY_LITERT)[name])
