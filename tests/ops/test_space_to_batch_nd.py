"""SPACE_TO_BATCH_ND: kernels against numpy, numpy against the reference interpreters."""

from __future__ import annotations

import pytest

from kernels.bench import Benches
from ops import moves
from ops.nodes import op_of, values_of
from ops.witness import agrees_with

CASES = {
    "space_to_batch": moves.space_to_batch_nd((2, 4, 6, 3), (2, 3), ((0, 0), (0, 0))),
    "space_to_batch_1d": moves.space_to_batch_nd((1, 6, 2), (3,), ((0, 0),)),
}
ONLY_LITERT = {
    "space_to_batch_padded": moves.space_to_batch_nd((1, 5, 6, 2), (3, 2), ((1, 3), (2, 0))),
    "space_to_batch_wide_padding": moves.space_to_batch_nd((2, 2, 3), (2,), ((5, 3),)),
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
