"""Makes element-wise operators of one and of two operands, of any element types."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from ops.nodes import Shape, chance, node, tensor
from tinygen.ir.dtype import Array, DType
from tinygen.ir.tensor import Tensor
from tinygen.ops.node import Node

INT8, UINT8, INT16, INT32 = DType.INT8, DType.UINT8, DType.INT16, DType.INT32
INT64, FLOAT16, FLOAT32, BOOL = DType.INT64, DType.FLOAT16, DType.FLOAT32, DType.BOOL
QUANTIZED = (INT8, UINT8, INT16)
COMPARISONS = ("EQUAL", "NOT_EQUAL", "GREATER", "GREATER_EQUAL", "LESS", "LESS_EQUAL")
SCALES = {INT8: 0.03, UINT8: 0.03, INT16: 2.0**-11}
ZERO_POINTS = {INT8: -5, UINT8: 120, INT16: 0}
OUTPUTS: dict[tuple[str, DType], tuple[float, int]] = {
    ("LOGISTIC", INT8): (1 / 256, -128),
    ("LOGISTIC", INT16): (2.0**-15, 0),
    ("TANH", INT8): (1 / 128, 0),
    ("TANH", INT16): (2.0**-15, 0),
}
"""Scales and zero points that are prescribed."""
ACTIVATED = ("ADD", "SUB", "MUL", "DIV")

Scaling = tuple[float, int]


def scaled(name: str, shape: Shape, dtype: DType, scaling: Scaling | None = None) -> Tensor:
    """A tensor that has a scale if its type needs one."""
    if dtype not in QUANTIZED:
        return tensor(name, shape, dtype=dtype) if scaling is None else tensor(name, shape, *scaling, dtype)
    return tensor(name, shape, *(scaling or (SCALES[dtype], ZERO_POINTS[dtype])), dtype)


def unary(
    kind: str,
    dtype: DType,
    shape: Shape = (1, 4, 5, 3),
    scalings: tuple[Scaling | None, Scaling | None] = (None, None),
    output_dtype: DType | None = None,
    **options: Any,
) -> Node:
    made = output_dtype or dtype
    if kind == "LEAKY_RELU":
        options = {"alpha": float(np.float32(0.1)), **options}
    after = scalings[1] or OUTPUTS.get((kind, dtype))
    return node(kind, [scaled("input", shape, dtype, scalings[0])], [scaled("output", shape, made, after)], **options)


def binary(
    kind: str,
    dtype: DType,
    shapes: tuple[Shape, Shape] = ((1, 4, 5, 3), (1, 4, 5, 3)),
    scalings: Sequence[Scaling | None] = (None, None, None),
    constant: bool = False,
    **options: Any,
) -> Node:
    """constant: input2 is one."""
    if kind in ACTIVATED:
        options = {"fused_activation_function": "NONE", **options}
    second = INT8 if (kind, dtype) == ("PRELU", INT16) else dtype
    data = some(second, shapes[1], kind) if constant else None
    input2 = scaled("input2", shapes[1], second, scalings[1])
    if data is not None:
        input2 = Tensor(input2.name, input2.shape, second, input2.quantization, data)
    made = BOOL if kind in COMPARISONS else dtype
    output = scaled("output", np.broadcast_shapes(*shapes), made, None if kind in COMPARISONS else scalings[2])
    return node(kind, [scaled("input1", shapes[0], dtype, scalings[0]), input2], [output], **options)


def some(dtype: DType, shape: Shape, *key: object) -> Array:
    """Values that no operator of these refuses: not many of a kind, small floats, no zeros to divide by."""
    random = chance("some", dtype.label, shape, *key)
    if dtype is BOOL:
        return random.integers(0, 2, shape).astype(bool)
    if dtype.is_float:
        return (random.integers(-40, 40, shape) / 8 + 1 / 16).astype(dtype.numpy)
    if dtype in (INT32, INT64):
        signs = np.where(random.random(shape) < 0.5, 1, -1)
        return (signs * random.integers(1, 9, shape)).astype(dtype.numpy)
    return random.integers(dtype.limits[0], dtype.limits[1] + 1, shape).astype(dtype.numpy)
