"""DYNAMIC_UPDATE_SLICE: kernels against numpy, numpy against the reference interpreters, wherever it starts."""

from __future__ import annotations

import numpy as np
import pytest

from kernels.bench import Benches
from ops.moves import EVERY_SIZE, dynamic_update_slice
from ops.nodes import op_of, values_of
from ops.witness import agrees_with
from tinygen.ir.dtype import DType

SHAPES = [((8,), (4,)), ((3, 5), (2, 5)), ((2, 3, 4), (1, 2, 3)), ((2, 3), (2, 3))]
STARTS = (-3, 0, 1, 2, 99)


@pytest.mark.parametrize("dtype", EVERY_SIZE)
@pytest.mark.parametrize(("shape", "update"), SHAPES)
@pytest.mark.parametrize("wide", [False, True])
def test_kernels_equal_numpy(
    benches: Benches, dtype: DType, shape: tuple[int, ...], update: tuple[int, ...], wide: bool
) -> None:
    op = op_of(dynamic_update_slice(shape, update, dtype, wide))
    for start in STARTS:
        values = values_of(op, start)
        values[2] = np.full(len(shape), start, op.inputs[2].dtype.numpy)
        benches.agree(op, values)


@pytest.mark.parametrize("witness", ["tflite_micro", "litert"])
@pytest.mark.parametrize(("shape", "update"), SHAPES)
@pytest.mark.parametrize("start", STARTS)
def test_numpy_equals(witness: str, shape: tuple[int, ...], update: tuple[int, ...], start: int) -> None:
    node = dynamic_update_slice(shape, update)
    values = values_of(op_of(node), start)
    values[2] = np.full(len(shape), start, np.int32)
    agrees_with(witness, node, values)
