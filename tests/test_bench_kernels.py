"""scripts/bench_kernels.py: what the commonest kernels besides the convolutions may cost on the M4."""

from __future__ import annotations

import pytest

from command_line import script
from profiles import need_emulator

bench = script("bench_kernels")
LIMITS = {
    "ADD": 25,
    "ADD relu": 25,
    "ADD channels": 25,
    "SUB": 25,
    "MUL": 15,
    "MAXIMUM": 5,
    "table": 5,
    "AVERAGE_POOL_2D 2x2": 9,
    "AVERAGE_POOL_2D global": 3,
    "MAX_POOL_2D 2x2": 7,
    "MEAN height, width": 3,
    "SOFTMAX 10": 60,
    "LSTM int8": 5,
    "SVDF int16 state": 5,
    "SVDF int8 state": 5,
    "FULLY_CONNECTED int16": 5,
    "CONV_2D int16": 6,
    "CONV_2D float": 5,
    "DEPTHWISE_CONV_2D float": 11,
    "FULLY_CONNECTED float": 5,
    "CONV_2D hybrid": 4,
    "BATCH_MATMUL": 5,
    "TRANSPOSE_CONV": 6,
    "TRANSPOSE channels first": 9,
    "PAD": 2,
    "RESIZE_BILINEAR": 13,
    "QUANTIZE": 15,
    "MUL int16": 22,
    "MAX_POOL_2D int16": 13,
}
"""Instructions per element, at any `--optimize`; what the emulated chip computes is compared with the reference."""


@pytest.mark.parametrize("name", LIMITS)
@pytest.mark.parametrize("optimize", ["speed", "size"])
def test_an_element_takes_few_instructions(name: str, optimize: str) -> None:
    need_emulator()
    case = bench.cases()[name]
    assert bench.measured(case, bench.OWN, optimize).instructions <= LIMITS[name] * case.count
