"""LSTM: kernels against numpy, sequences of single steps against the reference interpreter."""

from __future__ import annotations

import pytest

from kernels.bench import Benches
from ops.recurrent_nodes import kernels_agree, lstm, sequence_agrees
from tinygen.ir.dtype import DType

PARTS = {
    "plain": (),
    "coupled": ("coupled",),
    "peephole": ("peephole",),
    "projection": ("projection",),
    "projection_bias": ("projection", "projection_bias"),
    "norm": ("norm",),
    "everything": ("peephole", "projection", "projection_bias", "norm"),
    "everything_coupled": ("coupled", "peephole", "projection", "norm"),
}
CASES = {name: lstm(dtype=DType.FLOAT32, extras=extras, kind="LSTM") for name, extras in PARTS.items()}


@pytest.mark.parametrize("name", CASES)
def test_kernels_equal_numpy(benches: Benches, name: str) -> None:
    kernels_agree(benches, CASES[name], within=1e-5)


@pytest.mark.parametrize("name", CASES)
def test_numpy_equals_litert(name: str) -> None:
    sequence_agrees("litert", CASES[name], within=1e-5)
