"""LSTMs of floats with int8 weights: kernels against numpy, sequences of inferences against LiteRT."""

from __future__ import annotations

from typing import Any

import pytest

from kernels.bench import Benches
from ops.recurrent_nodes import as_hybrid, kernels_agree, lstm, sequence_agrees
from tinygen.ir.dtype import DType
from tinygen.ops.node import Node

PARTS: dict[str, dict[str, Any]] = {
    "plain": {},
    "long": {"batches": 1, "times": 9, "depth": 17, "units": 12},
    "time_major": {"time_major": True},
    "coupled": {"extras": ("coupled",)},
    "peephole": {"extras": ("peephole",)},
    "projection": {"extras": ("projection", "projection_bias")},
    "norm": {"extras": ("norm",)},
    "everything": {"extras": ("coupled", "peephole", "projection", "norm")},
    "one": {"kind": "LSTM"},
    "one_with_all": {"kind": "LSTM", "extras": ("peephole", "projection", "norm")},
}


def made(name: str, asymmetric: bool) -> Node:
    return as_hybrid(lstm(dtype=DType.FLOAT32, **PARTS[name]), asymmetric)


@pytest.mark.parametrize("asymmetric", [False, True])
@pytest.mark.parametrize("name", PARTS)
def test_kernels_equal_numpy(benches: Benches, name: str, asymmetric: bool) -> None:
    kernels_agree(benches, made(name, asymmetric), within=1e-5)


@pytest.mark.parametrize("asymmetric", [False, True])
@pytest.mark.parametrize("name", PARTS)
def test_numpy_equals_litert(name: str, asymmetric: bool) -> None:
    sequence_agrees("litert", made(name, asymmetric), within=1e-5)
