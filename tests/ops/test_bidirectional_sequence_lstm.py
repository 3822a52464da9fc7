"""BIDIRECTIONAL_SEQUENCE_LSTM: kernels against numpy, sequences of inferences against LiteRT."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from kernels.bench import Benches
from ops.recurrent_nodes import as_hybrid, both_ways, kernels_agree, lstm, sequence_agrees
from tinygen.ir.dtype import DType
from tinygen.ops.node import Node


def single(factor: float, **parameters: Any) -> Node:
    """One direction, with its weights times the factor."""
    made = lstm(dtype=DType.FLOAT32, **parameters)
    inputs = (t if t is None or t.data is None else replace(t, data=t.value * np.float32(factor)) for t in made.inputs)
    return replace(made, inputs=tuple(inputs))


def pair(**parameters: Any) -> tuple[Node, Node]:
    return single(1.0, **parameters), single(-0.7, **parameters)


MAJOR = pair(time_major=True)
CASES: dict[str, Node] = {
    "plain": both_ways(*pair(batches=1)),
    "long": both_ways(*pair(batches=1, times=7, depth=3, units=6)),
    "apart": both_ways(*pair(), merged=False),
    "time_major": both_ways(*MAJOR),
    "peephole": both_ways(*pair(batches=1, extras=("peephole",))),
    "projection": both_ways(*pair(time_major=True, extras=("projection", "projection_bias"))),
    "hybrid": both_ways(*map(as_hybrid, pair(batches=1))),
    "hybrid_asymmetric": both_ways(*(as_hybrid(made, True) for made in MAJOR)),
}
"""Where batches come before times, LiteRT takes states of merged outputs from beyond their end, but for one batch."""
OTHER = {
    "batches": both_ways(*pair()),
    "units": both_ways(single(1.0), single(-0.7, units=7)),
}


@pytest.mark.parametrize("name", [*CASES, *OTHER])
def test_kernels_equal_numpy(benches: Benches, name: str) -> None:
    kernels_agree(benches, {**CASES, **OTHER}[name], within=1e-5)


@pytest.mark.parametrize("name", CASES)
def test_numpy_equals_litert(name: str) -> None:
    sequence_agrees("litert", CASES[name], within=1e-5)
