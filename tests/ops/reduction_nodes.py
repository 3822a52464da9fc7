"""Makes the operators that reduce, count along an axis or normalize rows."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ops.nodes import Pair, Shape, integers, node, tensor
from tinygen.ir.dtype import DType
from tinygen.ops.node import Node


def reduce(
    kind: str,
    shape: Shape = (1, 4, 5, 3),
    axes: Sequence[int] = (1, 2),
    keep: bool = False,
    dtype: DType = DType.INT8,
    scales: tuple[float, float] = (0.1, 0.1),
    zero_points: Pair = (3, 3),
) -> Node:
    dropped = {axis % len(shape) for axis in axes}
    kept = [1 if i in dropped else size for i, size in enumerate(shape) if keep or i not in dropped]
    quantized = dtype in (DType.INT8, DType.INT16)
    first, last = scales if quantized else (0.0, 0.0)
    zeros = zero_points if dtype is DType.INT8 else (0, 0)
    return node(
        kind,
        [tensor("input", shape, first, zeros[0], dtype), integers("axes", axes)],
        [tensor("output", kept, last, zeros[1], dtype)],
        keep_dims=keep,
    )


def arg(
    kind: str, shape: Shape = (2, 5, 3), axis: int = 1, dtype: DType = DType.INT8, output: DType = DType.INT32
) -> Node:
    scale = 0.1 if dtype is DType.INT8 else 0.0
    made = [size for i, size in enumerate(shape) if i != axis % len(shape)]
    inputs = [tensor("input", shape, scale, 3, dtype), integers("axis", np.int32(axis))]
    return node(kind, inputs, [tensor("output", made, dtype=output)], output_type=2 if output is DType.INT32 else 4)


def cumsum(
    shape: Shape = (2, 5, 3),
    axis: int = 1,
    exclusive: bool = False,
    reverse: bool = False,
    dtype: DType = DType.INT8,
    scales: tuple[float, float] = (0.1, 0.7),
    zero_points: Pair = (3, -5),
) -> Node:
    first, last = scales if dtype is DType.INT8 else (0.0, 0.0)
    return node(
        "CUMSUM",
        [tensor("input", shape, first, zero_points[0], dtype), integers("axis", np.int32(axis))],
        [tensor("output", shape, last, zero_points[1], dtype)],
        exclusive=exclusive,
        reverse=reverse,
    )


def l2_normalization(shape: Shape = (2, 7), zero_point: int = 3, dtype: DType = DType.INT8) -> Node:
    is_float = dtype is DType.FLOAT32
    made = tensor("output", shape, 0.0 if is_float else 1 / 128, 0, dtype)
    read = tensor("input", shape, 0.0 if is_float else 0.1, zero_point, dtype)
    return node("L2_NORMALIZATION", [read], [made], fused_activation_function="NONE")


def softmax_of(
    dtypes: tuple[DType, DType], shape: Shape = (2, 10), scale: float = 0.001, beta: float = 1.0, zero_point: int = 0
) -> Node:
    """SOFTMAX of other types than int8 to int8."""
    last = {DType.INT16: (1 / 32768, 0), DType.INT8: (1 / 65536, -32768), DType.FLOAT32: (0.0, 0)}[dtypes[0]]
    first = 0.0 if dtypes[0].is_float else scale
    return node(
        "SOFTMAX",
        [tensor("input", shape, first, zero_point, dtypes[0])],
        [tensor("output", shape, *last, dtypes[1])],
        beta=beta,
    )


def log_softmax(shape: Shape = (2, 10), scale: float = 0.1, zero_point: int = 3, dtype: DType = DType.INT8) -> Node:
    is_float = dtype is DType.FLOAT32
    made = tensor("output", shape, 0.0 if is_float else 1 / 16, 127, dtype)
    return node("LOG_SOFTMAX", [tensor("input", shape, 0.0 if is_float else scale, zero_point, dtype)], [made])
