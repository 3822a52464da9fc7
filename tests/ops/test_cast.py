"""CAST: kernels against numpy, numpy against LiteRT, from every type to every type."""

from __future__ import annotations

import numpy as np
import pytest

from kernels.bench import Benches
from ops.nodes import node, op_of, tensor, values_of
from ops.witness import agrees_with
from tinygen.ir.dtype import DType
from tinygen.ops.element import ELEMENTS
from tinygen.ops.node import Node

FLOATS = np.array([0, -0.0, 0.5, -0.99, 127.9, -128.5, 255.5, 3e9, -3e9, 1e30, -1e30, np.inf, -np.inf, np.nan])


def cast(before: DType, after: DType) -> Node:
    return node("CAST", [tensor("input", (2, 7), dtype=before)], [tensor("output", (2, 7), dtype=after)])


@pytest.mark.parametrize("before", ELEMENTS)
@pytest.mark.parametrize("after", ELEMENTS)
def test_kernels_equal_numpy(benches: Benches, before: DType, after: DType) -> None:
    op = op_of(cast(before, after))
    values = [FLOATS.astype(np.float32).reshape(2, 7)] if before.is_float else values_of(op)
    benches.agree(op, values)


@pytest.mark.parametrize("before", [DType.INT8, DType.INT32, DType.BOOL, DType.FLOAT32])
@pytest.mark.parametrize("after", [DType.INT8, DType.INT16, DType.INT32, DType.FLOAT32])
def test_numpy_equals_litert(before: DType, after: DType) -> None:
    made = cast(before, after)
    values = [np.linspace(-100, 100, 14, dtype=np.float32).reshape(2, 7)] if before.is_float else None
    agrees_with("litert", made, values)
