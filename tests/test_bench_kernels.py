"""scripts/bench_kernels.py: what the commonest kernels besides the convolutions may cost on the M4."""

from __future__ import annotations

import pytest

from command_line import script
from profiles import need_emulator

bench = script("bench_kernels")
LIMITS = {"ADD": 25, "ADD relu": 25, "ADD channels": 25, "SUB": 25, "MUL": 15, "MAXIMUM": 5, "table": 5}
"""Instructions per element."""


@pytest.mark.parametrize("name", LIMITS)
@pytest.mark.parametrize("optimize", ["speed", "size"])
def test_an_element_takes_few_instructions(name: str, optimize: str) -> None:
    need_emulator()
    case = bench.cases()[name]
    assert bench.measured(case, bench.OWN, optimize).instructions <= LIMITS[name] * case.count
