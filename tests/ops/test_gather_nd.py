"""GATHER_ND: kernels against numpy, numpy against the reference interpreters."""

from __future__ import annotations

import pytest

from kernels.bench import Benches
from ops import moves
from ops.nodes import op_of, values_of
from ops.witness import agrees_with

CASES = {
    "nd_elements": moves.gather_nd((3, 4), (5, 2)),
    "nd_slices": moves.gather_nd((3, 4, 5), (3, 2)),
    "nd_run_time": moves.gather_nd((3, 4, 2), (3, 1), constant=False),
    "nd_int64": moves.gather_nd((3, 4), (3, 2), constant=False, wide=True),
}


@pytest.mark.parametrize("name", CASES)
def test_kernels_equal_numpy(benches: Benches, name: str) -> None:
    """Random indices, most of them far outside, are safe."""
    op = op_of(CASES[name])
    benches.agree(op, values_of(op, name))
    benches.agree(op, moves.inside(CASES[name], name))


@pytest.mark.parametrize("name", CASES)
def test_numpy_equals_litert(name: str) -> None:
    agrees_with("litert", CASES[name], moves.inside(CASES[name], name))


@pytest.mark.parametrize("name", [name for name in CASES if "int64" not in name])
def test_numpy_equals_tflite_micro(name: str) -> None:
    agrees_with("tflite_micro", CASES[name], moves.inside(CASES[name], name))
