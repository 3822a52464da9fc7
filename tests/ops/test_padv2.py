"""PADV2: kernels against numpy, numpy against the reference interpreters."""

from __future__ import annotations

import pytest

from kernels.bench import Benches
from ops import moves
from ops.nodes import op_of, values_of
from ops.witness import agrees_with

CASES = {
    "padv2": moves.padv2((2, 3, 4), ((1, 0), (0, 2), (3, 1)), -77),
    "padv2_value_at_run_time": moves.late(moves.padv2((2, 3, 4), ((1, 0), (0, 2), (3, 1)), 0), 2),
}


@pytest.mark.parametrize("name", CASES)
def test_kernels_equal_numpy(benches: Benches, name: str) -> None:
    op = op_of(CASES[name])
    benches.agree(op, values_of(op, name))


@pytest.mark.parametrize("name", CASES)
def test_numpy_equals_tflite_micro(name: str) -> None:
    agrees_with("tflite_micro", CASES[name])


@pytest.mark.parametrize("name", CASES)
def test_numpy_equals_litert(name: str) -> None:
    agrees_with("litert", CASES[name])
