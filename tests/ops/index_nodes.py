"""Makes operators that mark, find or join by index, over windows, and with parameters in their options."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from ops.moves import moved
from ops.nodes import Shape, chance, integers, node, slid, tensor
from tinygen.ir.dtype import DType
from tinygen.ir.tensor import Tensor
from tinygen.ops.node import Node

Triple = tuple[int, int, int]


def one_hot(shape: Shape, depth: int, axis: int = -1, dtype: DType = DType.FLOAT32, index: DType = DType.INT32) -> Node:
    at = len(shape) if axis == -1 else axis
    values = [tensor(name, (), dtype=dtype) for name in ("on_value", "off_value")]
    inputs = [tensor("indices", shape, dtype=index), integers("depth", depth), *values]
    return node("ONE_HOT", inputs, [tensor("output", (*shape[:at], depth, *shape[at:]), dtype=dtype)], axis=axis)


def numbers(kind: str, values: Sequence[float], shape: Shape, dtype: DType) -> Node:
    """RANGE from constants."""
    names = ("start", "limit", "delta")
    inputs = [integers(name, value, dtype) for name, value in zip(names, values, strict=True)]
    return node(kind, inputs, [tensor("output", shape, dtype=dtype)])


def matrix_diag(shape: Shape, dtype: DType = DType.INT8) -> Node:
    return node("MATRIX_DIAG", [moved("input", shape, dtype)], [moved("output", (*shape, shape[-1]), dtype)])


def matrix_set_diag(shape: Shape, dtype: DType = DType.INT8) -> Node:
    diagonal = moved("diagonal", (*shape[:-2], min(shape[-2:])), dtype)
    return node("MATRIX_SET_DIAG", [moved("input", shape, dtype), diagonal], [moved("output", shape, dtype)])


def dilate(shape: Shape, by: Sequence[int], dtype: DType = DType.FLOAT32) -> Node:
    made = [(size - 1) * step + 1 for size, step in zip(shape, by, strict=True)]
    inputs = [moved("input", shape, dtype), integers("dilations", list(by)), moved("padding", (), dtype)]
    return node("DILATE", inputs, [moved("output", made, dtype)])


def bitcast(shape: Shape, dtype: DType, made: Shape, made_dtype: DType) -> Node:
    return node("BITCAST", [tensor("input", shape, dtype=dtype)], [tensor("output", made, dtype=made_dtype)])


def bucketize(shape: Shape, boundaries: Sequence[float], dtype: DType = DType.FLOAT32) -> Node:
    output = tensor("output", shape, dtype=DType.INT32)
    return node("BUCKETIZE", [tensor("input", shape, dtype=dtype)], [output], boundaries=tuple(map(float, boundaries)))


def sparse_to_dense(
    indices: Any, shape: Shape, values: Shape, dtype: DType = DType.FLOAT32, wide: DType = DType.INT32
) -> Node:
    inputs = [
        integers("indices", indices, wide),
        integers("shape", list(shape), wide),
        tensor("values", values, dtype=dtype),
        tensor("default", (), dtype=dtype),
    ]
    return node("SPARSE_TO_DENSE", inputs, [tensor("output", shape, dtype=dtype)], validate_indices=False)


def unsorted_segment(
    kind: str, shape: Shape, ids: Any, segments: int, dtype: DType = DType.FLOAT32, constant: bool = True
) -> Node:
    at = integers("segment_ids", ids)
    at = at if constant else replace(at, data=None)
    inputs = [tensor("input", shape, dtype=dtype), at]
    if kind != "SEGMENT_SUM":
        inputs.append(integers("segments", segments))
    made = (segments, *shape[len(at.shape) :])
    return node(kind, inputs, [tensor("output", made, dtype=dtype)])


def non_max_suppression(version: int, boxes: int, most: int, *thresholds: float) -> Node:
    """thresholds: of overlap and score, and sigma in version 5."""
    inputs = [tensor("boxes", (boxes, 4), dtype=DType.FLOAT32), tensor("scores", (boxes,), dtype=DType.FLOAT32)]
    inputs += [integers("max_output_size", most), *(integers("limit", x, DType.FLOAT32) for x in thresholds)]
    outputs = [tensor("indices", (most,), dtype=DType.INT32), tensor("count", (), dtype=DType.INT32)]
    if version == 5:
        outputs.insert(1, tensor("selected_scores", (most,), dtype=DType.FLOAT32))
    return node(f"NON_MAX_SUPPRESSION_V{version}", inputs, outputs)


def reduce_window(
    shape: Shape,
    window: Sequence[int],
    strides: Sequence[int],
    dilations: Sequence[int],
    function: int,
    dtype: DType = DType.FLOAT32,
) -> Node:
    sides = zip(shape, window, strides, dilations, strict=True)
    made = tuple((size - (w - 1) * by - 1) // s + 1 for size, w, s, by in sides)
    parameters = (("window", window), ("strides", strides), ("dilations", dilations))
    inputs = [tensor("input", shape, dtype=dtype), tensor("initial", (), dtype=dtype)]
    inputs += [integers(name, list(values), DType.INT64) for name, values in parameters]
    return node("REDUCE_WINDOW", inputs, [tensor("output", made, dtype=dtype)], reduce_function=function)


def local_response_normalization(shape: Shape, radius: int, bias: float, alpha: float, beta: float) -> Node:
    tensors = ([tensor("input", shape, dtype=DType.FLOAT32)], [tensor("output", shape, dtype=DType.FLOAT32)])
    options = {"bias": bias, "alpha": alpha, "beta": beta}
    exact: dict[str, Any] = {name: float(np.float32(value)) for name, value in options.items()}
    return node("LOCAL_RESPONSE_NORMALIZATION", *tensors, radius=radius, **exact)


def fake_quant(shape: Shape, low: float, high: float, bits: int = 8) -> Node:
    tensors = ([tensor("input", shape, dtype=DType.FLOAT32)], [tensor("output", shape, dtype=DType.FLOAT32)])
    ends: dict[str, Any] = {"min": float(np.float32(low)), "max": float(np.float32(high))}
    return node("FAKE_QUANT", *tensors, num_bits=bits, narrow_range=False, **ends)


def conv_3d(
    kind: str,
    volume: Shape,
    filters: int,
    kernel: Triple,
    strides: Triple = (1, 1, 1),
    dilations: Triple = (1, 1, 1),
    padding: str = "SAME",
    activation: str = "NONE",
    bias: bool = True,
    constant: bool = True,
) -> Node:
    """CONV_3D from `volume`, or CONV_3D_TRANSPOSE to it, from as many channels as there are filters."""
    random = chance(kind, volume, filters, kernel)
    sides = zip(volume[1:4], kernel, strides, dilations, strict=True)
    narrow = (volume[0], *(slid(size, k, s, d, padding) for size, k, s, d in sides), filters)
    weights = tensor("weights", (*kernel, volume[4], filters), dtype=DType.FLOAT32)
    is_transposed = kind == "CONV_3D_TRANSPOSE"
    input_, made = (narrow, volume) if is_transposed else (volume, narrow)
    start = tensor("bias", made[4:], dtype=DType.FLOAT32)
    if constant:
        weights, start = (replace(t, data=random.normal(0, 1, t.shape).astype(np.float32)) for t in (weights, start))
    operands: list[Tensor | None] = [tensor("input", input_, dtype=DType.FLOAT32), weights]
    operands = [integers("shape", list(made)), *operands[::-1]] if is_transposed else operands
    return node(
        kind,
        [*operands, *([start] if bias else [])],
        [tensor("output", made, dtype=DType.FLOAT32)],
        padding=padding,
        fused_activation_function=activation,
        **dict(zip(("stride_d", "stride_h", "stride_w"), strides, strict=True)),
        **dict(zip(("dilation_d_factor", "dilation_h_factor", "dilation_w_factor"), dilations, strict=True)),
    )
