"""REVERSE_SEQUENCE: kernels against numpy, numpy against LiteRT."""

from __future__ import annotations

import numpy as np
import pytest

from kernels.bench import Benches
from ops.moves import moved
from ops.nodes import node, op_of, tensor, values_of
from ops.witness import agrees_with
from tinygen.ir.dtype import DType


@pytest.mark.parametrize(("sequence", "batch"), [(1, 0), (0, 1), (2, 0), (0, 2), (2, 1)])
def test_reverse_sequence(benches: Benches, sequence: int, batch: int) -> None:
    shape = (3, 4, 5)
    lengths = tensor("lengths", (shape[batch],), dtype=DType.INT32)
    options = {"seq_dim": sequence, "batch_dim": batch}
    made = node(
        "REVERSE_SEQUENCE",
        [moved("input", shape, DType.INT32), lengths],
        [moved("output", shape, DType.INT32)],
        **options,
    )
    values = values_of(op_of(made), shape)
    values[1] = np.arange(shape[batch], dtype=np.int32) % (shape[sequence] + 1)
    agrees_with("litert", made, values)
    benches.agree(op_of(made), values)
    values[1] = np.full(shape[batch], 99, np.int32)
    benches.agree(op_of(made), values)
