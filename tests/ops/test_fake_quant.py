"""FAKE_QUANT: kernels against numpy and numpy against LiteRT, to the last bit of the float."""

from __future__ import annotations

import numpy as np
import pytest

from kernels.bench import Benches
from ops.index_nodes import fake_quant
from ops.nodes import chance, op_of
from ops.witness import agrees_with
from tinygen.ir.dtype import Array


@pytest.mark.parametrize(("low", "high"), [(-1.0, 1.0), (0.0, 6.0), (-0.3, 5.7), (-1.1, 0.0), (-127.0, 128.0)])
@pytest.mark.parametrize("bits", [2, 7, 8, 16])
def test_ranges(benches: Benches, low: float, high: float, bits: int) -> None:
    made = fake_quant((2, 3, 40), low, high, bits)
    spread = chance("fake_quant", low, high).uniform(1.2 * low - 1, 1.2 * high + 1, (2, 3, 40))
    halves = np.linspace(low, high, 240).reshape(2, 3, 40)
    for values in (spread, halves):
        given: list[Array] = [values.astype(np.float32)]
        benches.agree(op_of(made), given)
        agrees_with("litert", made, given)
