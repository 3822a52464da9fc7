"""Convolutions, matrix products and pools of other element types than int8: as nodes, and as .tflite files."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from ops import nodes
from ops.nodes import Pair, Shape, chance, integers, node, slid, tensor
from tinygen.ir.dtype import DType
from tinygen.ir.tensor import Quantization, Tensor
from tinygen.ops.node import Node

SCHEMA_TYPES = {DType.INT32: 2, DType.INT64: 4}
"""Numbers of the schema's TensorType."""


def _changed(made: Node, position: int, **changes: Any) -> Node:
    operand = made.inputs[position]
    if operand is None:
        return made
    changed = replace(operand, **changes)
    return replace(made, inputs=tuple(changed if i == position else t for i, t in enumerate(made.inputs)))


def _output(made: Node, **changes: Any) -> Node:
    return replace(made, outputs=(replace(made.outputs[0], **changes),))


def _one_scale(scale: float) -> Quantization:
    return Quantization((float(np.float32(scale)),), (0,))


def as_int16(made: Node, data: int = 0, bias_dtype: DType = DType.INT64) -> Node:
    """The node with int16 activations on scales 256 times as fine; data: the position of its input."""
    weights, bias = (1, 3) if made.kind == "TRANSPOSE_CONV" else (1, 2)
    input_, output = made.inputs[data], made.outputs[0]
    assert input_ is not None
    made = _changed(made, data, dtype=DType.INT16, quantization=_one_scale(input_.scale / 256))
    made = _output(made, dtype=DType.INT16, quantization=_one_scale(output.scale / 256))
    if len(made.inputs) > bias and (values := made.inputs[bias]) is not None:
        wide = values.value.astype(bias_dtype.numpy) * 256
        made = _changed(made, bias, dtype=bias_dtype, data=wide, quantization=_one_scale(values.scale / 256))
        if made.kind != "DEPTHWISE_CONV_2D":
            made = replace(made, options={**made.options, "quantized_bias_type": SCHEMA_TYPES[bias_dtype]})
    weight_tensor = made.inputs[weights]
    assert weight_tensor is not None
    zeros = (0,) * len(weight_tensor.params.scales)
    return _changed(made, weights, quantization=replace(weight_tensor.params, zero_points=zeros))


def as_float(made: Node, data: int = 0) -> Node:
    """The node with float activations, weights and bias."""
    made = as_hybrid(made, data)
    weights = made.inputs[1]
    assert weights is not None
    values = weights.value.astype(np.float32) * np.float32(0.01)
    return _changed(made, 1, dtype=DType.FLOAT32, quantization=None, data=values)


def as_hybrid(made: Node, data: int = 0) -> Node:
    """The node with float activations and bias; its weights stay int8."""
    bias = 3 if made.kind == "TRANSPOSE_CONV" else 2
    made = _changed(made, data, dtype=DType.FLOAT32, quantization=None)
    made = _output(made, dtype=DType.FLOAT32, quantization=None)
    if len(made.inputs) > bias and (values := made.inputs[bias]) is not None:
        real = values.value.astype(np.float32) * np.float32(0.001)
        made = _changed(made, bias, dtype=DType.FLOAT32, quantization=None, data=real)
    return made


def transpose_conv(
    image: Shape = (1, 4, 5, 3),
    filters: int = 4,
    kernel: Pair = (3, 3),
    stride: Pair = (2, 2),
    padding: str = "SAME",
    output: Pair = (0, 0),
    zero_points: Pair = (3, -7),
    per_channel: bool = True,
    bias: str = "small",
) -> Node:
    """TRANSPOSE_CONV of int8; output: its height and width if not the smallest."""
    random = chance("transpose", image, filters, kernel)
    data = random.integers(-127, 128, (filters, *kernel, image[3]))
    least = [
        (size - 1) * s + (1 if padding == "SAME" else k) for size, s, k in zip(image[1:3], stride, kernel, strict=True)
    ]
    height, width = (size or smallest for size, smallest in zip(output, least, strict=True))
    shape = (image[0], height, width, filters)
    forward = [slid(size, kernel[i], stride[i], 1, padding) for i, size in enumerate((height, width))]
    assert tuple(forward) == image[1:3]
    real = nodes.spread_multiplier(kernel[0] * kernel[1] * image[3])
    inputs: list[Tensor | None] = [
        integers("shape", shape),
        tensor("weights", data.shape, nodes.weight_scales(random, filters, per_channel, 1.0), data=data),
        tensor("input", image, 2.0**-3, zero_points[0]),
        nodes.bias_tensor(random, filters, bias),
    ]
    options = {"stride_h": stride[0], "stride_w": stride[1], "padding": padding}
    return node("TRANSPOSE_CONV", inputs, [tensor("output", shape, 2.0**-9 / real, zero_points[1])], **options)


def batch_matmul(
    lhs: Shape = (2, 3, 5),
    rhs: Shape = (2, 5, 4),
    adj_x: bool = False,
    adj_y: bool = False,
    dtype: DType = DType.INT8,
    zero_points: tuple[int, int, int] = (3, -5, 7),
    constant: bool = False,
    scales: Sequence[float] = (2.0**-3, 2.0**-6),
) -> Node:
    """BATCH_MATMUL of one dtype; constant: the second operand is a constant."""
    rows, depth = (lhs[-1], lhs[-2]) if adj_x else (lhs[-2], lhs[-1])
    columns = rhs[-2] if adj_y else rhs[-1]
    shape = (*np.broadcast_shapes(lhs[:-2], rhs[:-2]), rows, columns)
    finer = 256.0 if dtype is DType.INT16 else 1.0
    made = [scales[0] / finer, scales[1] / finer, scales[0] * scales[1] / nodes.spread_multiplier(depth) / finer]
    zeros = zero_points if dtype is DType.INT8 else (0, 0, 0)
    if dtype is DType.FLOAT32:
        made = [0.0, 0.0, 0.0]
    data = None
    if constant:
        drawn = chance("matmul", rhs).integers(-127, 128, rhs)
        data = drawn.astype(dtype.numpy)
    tensors = [tensor("lhs", lhs, made[0], zeros[0], dtype), tensor("rhs", rhs, made[1], zeros[1], dtype, data=data)]
    result = tensor("output", shape, made[2], zeros[2], dtype)
    return node("BATCH_MATMUL", tensors, [result], adj_x=adj_x, adj_y=adj_y)


def pool(kind: str, dtype: DType, **options: Any) -> Node:
    """A pool of another element type."""
    made = nodes.pool_2d("MAX_POOL_2D", **options)
    quantization = None if dtype is DType.FLOAT32 else _one_scale(2.0**-6)
    made = replace(made, kind=kind, inputs=(replace(_first(made), dtype=dtype, quantization=quantization),))
    return _output(made, dtype=dtype, quantization=quantization)


def _first(made: Node) -> Tensor:
    operand = made.inputs[0]
    assert operand is not None
    return operand
