"""STRIDED_SLICE: kernels against numpy, numpy against the reference interpreters."""

from __future__ import annotations

import pytest

from kernels.bench import Benches
from ops import moves
from ops.nodes import op_of, values_of
from ops.witness import agrees_with

CASES = {
    "strided": moves.strided_slice((5, 9), (1, 8), (5, 1), (2, -3), (2, 3)),
    "strided_masks": moves.strided_slice((5, 9), (3, 2), (1, 4), (1, 2), (5, 4), begin_mask=1, end_mask=3),
    "strided_shrink": moves.strided_slice((5, 9), (-2, 0), (0, 9), (1, 4), (3,), shrink_axis_mask=1),
    "strided_shrink_all": moves.strided_slice((5, 9), (3, 4), (4, 5), (1, 1), (), shrink_axis_mask=3),
}
ONLY_LITERT = {
    "strided_ellipsis": moves.strided_slice((2, 3, 4), (0, 0, 1), (1, 0, 3), (1, 1, 1), (1, 3, 2), ellipsis_mask=2),
    "strided_new_axis": moves.strided_slice((3, 4), (0, 0, 1), (3, 0, 3), (1, 1, 1), (3, 1, 2), new_axis_mask=2),
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
