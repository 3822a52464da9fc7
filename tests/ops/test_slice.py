"""SLICE: kernels against numpy, numpy against the reference interpreters."""

from __future__ import annotations

import pytest

from kernels.bench import Benches
from ops import moves
from ops.nodes import op_of, values_of
from ops.witness import agrees_with

CASES = {
    "slice": moves.slice_((2, 5, 6, 3), (0, 1, 2, 1), (2, 3, -1, 2)),
    "slice_all": moves.slice_((4, 7), (0, 0), (-1, -1)),
}
ONLY_LITERT = {
    "slice_5d": moves.slice_((2, 3, 2, 3, 4), (1, 0, 0, 2, 1), (1, 2, -1, 1, 3)),
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
