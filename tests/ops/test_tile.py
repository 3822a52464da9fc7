"""TILE: kernels against numpy, numpy against the reference interpreters."""

from __future__ import annotations

import pytest

from kernels.bench import Benches
from ops import moves
from ops.nodes import op_of, values_of
from ops.witness import agrees_with

CASES = {
    "tile": moves.tile((2, 3, 1), (2, 1, 4)),
}


@pytest.mark.parametrize("name", CASES)
def test_kernels_equal_numpy(benches: Benches, name: str) -> None:
    op = op_of(CASES[name])
    benches.agree(op, values_of(op, name))


@pytest.mark.parametrize("name", CASES)
def test_numpy_equals_litert(name: str) -> None:
    agrees_with("litert", CASES[name])
