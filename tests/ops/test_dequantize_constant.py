"""DEQUANTIZE of constants: numpy against LiteRT, kernels against numpy."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from kernels.bench import Benches
from ops.nodes import node, op_of, tensor
from ops.witness import agrees_with
from tinygen.ir.dtype import DType
from tinygen.ir.tensor import Quantization
from tinygen.ops.node import Node

SHAPE = (5, 2, 3, 4)


def weights(dtype: DType, axis: int | None) -> Node:
    """axis: of the channels that have a scale each; None: one scale."""
    low, high = dtype.limits
    random = np.random.default_rng(3)
    data = random.integers(low, high + 1, SHAPE).astype(dtype.numpy)
    scales = tuple(float(s) for s in random.uniform(0.001, 0.1, SHAPE[axis] if axis is not None else 1).astype("f"))
    quantization = Quantization(scales, (0,) * len(scales), axis or 0)
    constant = replace(tensor("weights", SHAPE, dtype=dtype), data=data, quantization=quantization)
    return node("DEQUANTIZE", [constant], [tensor("output", SHAPE, dtype=DType.FLOAT32)])


@pytest.mark.parametrize("axis", [None, 0, 3])
@pytest.mark.parametrize("dtype", [DType.INT8, DType.INT4])
def test_weights_as_floats(benches: Benches, dtype: DType, axis: int | None) -> None:
    made = weights(dtype, axis)
    op = op_of(made)
    values = [operand.value for operand in op.inputs]
    agrees_with("litert", made, values)
    benches.agree(op, values)
