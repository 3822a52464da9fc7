"""Makes operators that move elements about, with awkward parameters."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from ops.nodes import Pair, Shape, chance, integers, node, op_of, tensor, values_of
from tinygen.ir.dtype import Array, DType
from tinygen.ir.tensor import Tensor
from tinygen.ops.node import Node

EVERY_SIZE = (DType.INT8, DType.INT16, DType.INT32, DType.FLOAT32, DType.INT64)


def moved(name: str, shape: Sequence[int], dtype: DType = DType.INT8) -> Tensor:
    """A tensor as it comes in models: integers of 8 and 16 bits are quantized."""
    scaled = dtype in (DType.INT8, DType.INT16, DType.UINT8)
    return tensor(name, shape, 0.1 if scaled else 0.0, 3 if dtype is DType.INT8 else 0, dtype)


def of_dtype(made: Node, dtype: DType) -> Node:
    """The same operator on elements of another type; the tensors that are parameters stay."""
    first = next(t for t in made.inputs if t is not None and t.data is None)
    old = first.dtype

    def changed(operand: Tensor | None) -> Tensor | None:
        if operand is None or operand.dtype is not old:
            return operand
        data = None if operand.data is None else operand.data.astype(dtype.numpy)
        return replace(moved(operand.name, operand.shape, dtype), data=data)

    outputs = tuple(changed(t) for t in made.outputs)
    return replace(made, inputs=tuple(map(changed, made.inputs)), outputs=tuple(t for t in outputs if t is not None))


def late(made: Node, *positions: int) -> Node:
    """The same operator with inputs that are known at run time only."""
    inputs = (replace(t, data=None) if i in positions and t is not None else t for i, t in enumerate(made.inputs))
    return replace(made, inputs=tuple(inputs))


def transpose(shape: Shape, order: Sequence[int]) -> Node:
    made = [shape[axis] for axis in order]
    return node("TRANSPOSE", [moved("input", shape), integers("order", list(order))], [moved("output", made)])


def slice_(shape: Shape, begin: Sequence[int], size: Sequence[int]) -> Node:
    made = [dim - b if s == -1 else s for dim, b, s in zip(shape, begin, size, strict=True)]
    parameters = [integers("begin", list(begin)), integers("size", list(size))]
    return node("SLICE", [moved("input", shape), *parameters], [moved("output", made)])


def strided_slice(
    shape: Shape, begin: Sequence[int], end: Sequence[int], strides: Sequence[int], made: Shape, **masks: int
) -> Node:
    parameters = [integers(*pair) for pair in (("begin", list(begin)), ("end", list(end)), ("strides", list(strides)))]
    every = dict.fromkeys(("begin_mask", "end_mask", "ellipsis_mask", "new_axis_mask", "shrink_axis_mask"), 0)
    return node("STRIDED_SLICE", [moved("input", shape), *parameters], [moved("output", made)], **(every | masks))


def _cut(shape: Shape, axis: int, sizes: Sequence[int]) -> list[Tensor]:
    at = axis % len(shape)
    return [moved(f"part{i}", (*shape[:at], size, *shape[at + 1 :])) for i, size in enumerate(sizes)]


def split(shape: Shape, axis: int, count: int) -> Node:
    parts = _cut(shape, axis, [shape[axis] // count] * count)
    return node("SPLIT", [integers("axis", axis), moved("input", shape)], parts, num_splits=count)


def split_v(shape: Shape, axis: int, sizes: Sequence[int]) -> Node:
    inputs = [moved("input", shape), integers("sizes", list(sizes)), integers("axis", axis)]
    return node("SPLIT_V", inputs, _cut(shape, axis, sizes), num_splits=len(sizes))


def unpack(shape: Shape, axis: int) -> Node:
    at = axis % len(shape)
    parts = [moved(f"part{i}", (*shape[:at], *shape[at + 1 :])) for i in range(shape[at])]
    return node("UNPACK", [moved("input", shape)], parts, num=len(parts), axis=axis)


def pack(shape: Shape, axis: int, count: int) -> Node:
    at = axis % (len(shape) + 1)
    parts = [moved(f"part{i}", shape) for i in range(count)]
    output = moved("output", (*shape[:at], count, *shape[at:]))
    return node("PACK", parts, [output], values_count=count, axis=axis)


def tile(shape: Shape, multiples: Sequence[int]) -> Node:
    made = [size * n for size, n in zip(shape, multiples, strict=True)]
    return node("TILE", [moved("input", shape), integers("multiples", list(multiples))], [moved("output", made)])


def broadcast_to(shape: Shape, made: Shape) -> Node:
    return node("BROADCAST_TO", [moved("input", shape), integers("shape", list(made))], [moved("output", made)])


def reverse_v2(shape: Shape, axes: Sequence[int]) -> Node:
    return node("REVERSE_V2", [moved("input", shape), integers("axes", list(axes))], [moved("output", shape)])


def space_to_depth(shape: Shape, block: int) -> Node:
    n, h, w, c = shape
    output = moved("output", (n, h // block, w // block, c * block**2))
    return node("SPACE_TO_DEPTH", [moved("input", shape)], [output], block_size=block)


def depth_to_space(shape: Shape, block: int) -> Node:
    n, h, w, c = shape
    output = moved("output", (n, h * block, w * block, c // block**2))
    return node("DEPTH_TO_SPACE", [moved("input", shape)], [output], block_size=block)


def space_to_batch_nd(shape: Shape, block: Sequence[int], paddings: Sequence[Pair]) -> Node:
    space = [(size + sum(pair)) // b for size, pair, b in zip(shape[1:], paddings, block, strict=False)]
    made = (shape[0] * math.prod(block), *space, shape[-1])
    parameters = [integers("block", list(block)), integers("paddings", [list(pair) for pair in paddings])]
    return node("SPACE_TO_BATCH_ND", [moved("input", shape), *parameters], [moved("output", made)])


def batch_to_space_nd(shape: Shape, block: Sequence[int], crops: Sequence[Pair]) -> Node:
    space = [size * b - sum(pair) for size, pair, b in zip(shape[1:], crops, block, strict=False)]
    made = (shape[0] // math.prod(block), *space, shape[-1])
    parameters = [integers("block", list(block)), integers("crops", [list(pair) for pair in crops])]
    return node("BATCH_TO_SPACE_ND", [moved("input", shape), *parameters], [moved("output", made)])


def mirror_pad(shape: Shape, widths: Sequence[Pair], mode: str) -> Node:
    made = [before + size + after for size, (before, after) in zip(shape, widths, strict=True)]
    paddings = integers("paddings", [list(pair) for pair in widths])
    return node("MIRROR_PAD", [moved("input", shape), paddings], [moved("output", made)], mode=mode)


def padv2(shape: Shape, widths: Sequence[Pair], value: int) -> Node:
    made = [before + size + after for size, (before, after) in zip(shape, widths, strict=True)]
    paddings = integers("paddings", [list(pair) for pair in widths])
    constant = replace(moved("constant", ()), data=np.array(value, np.int8))
    return node("PADV2", [moved("input", shape), paddings, constant], [moved("output", made)])


def stablehlo_pad(
    shape: Shape, low: Sequence[int], high: Sequence[int], interior: Sequence[int], dtype: DType = DType.FLOAT32
) -> Node:
    sides = zip(shape, low, high, interior, strict=True)
    made = tuple(before + after + (size - 1) * (1 + between) + 1 for size, before, after, between in sides)
    inputs = [moved("input", shape, dtype), moved("value", (), dtype)]
    options = {"edge_padding_low": tuple(low), "edge_padding_high": tuple(high), "interior_padding": tuple(interior)}
    return node("STABLEHLO_PAD", inputs, [moved("output", made, dtype)], **options)


def gather(
    shape: Shape, positions: Shape, axis: int = 0, batch_dims: int = 0, constant: bool = True, wide: bool = False
) -> Node:
    values = chance("gather", shape, positions).integers(0, shape[axis], positions)
    dtype = DType.INT64 if wide else DType.INT32
    at = axis % len(shape)
    output = moved("output", (*shape[:at], *positions[batch_dims:], *shape[at + 1 :]))
    indices = tensor("positions", positions, dtype=dtype, data=values if constant else None)
    return node("GATHER", [moved("input", shape), indices], [output], axis=axis, batch_dims=batch_dims)


def gather_nd(shape: Shape, indices: Shape, constant: bool = True, wide: bool = False) -> Node:
    depth = indices[-1]
    values = chance("gather_nd", shape, indices).integers(0, shape[:depth], indices)
    dtype = DType.INT64 if wide else DType.INT32
    at = tensor("indices", indices, dtype=dtype, data=values if constant else None)
    output = moved("output", (*indices[:-1], *shape[depth:]))
    return node("GATHER_ND", [moved("input", shape), at], [output])


def embedding_lookup(shape: Shape, count: int) -> Node:
    table = replace(moved("table", shape), data=chance("embedding", shape).integers(-128, 128, shape).astype(np.int8))
    lookup = tensor("lookup", (count,), dtype=DType.INT32)
    return node("EMBEDDING_LOOKUP", [lookup, table], [moved("output", (count, *shape[1:]))])


def embedding_lookup_hybrid(
    shape: Shape, count: int, scales: Sequence[float] = (0.1,), dtype: DType = DType.INT8
) -> Node:
    """From a table of int8 or int4, of one scale or one per row, to floats."""
    low, high = dtype.limits
    data = chance("embedding", shape, dtype.label).integers(low, high + 1, shape)
    table = tensor("table", shape, scales, [0] * len(scales), dtype, data=data)
    lookup = tensor("lookup", (count,), dtype=DType.INT32)
    return node("EMBEDDING_LOOKUP", [lookup, table], [tensor("output", (count, *shape[1:]), dtype=DType.FLOAT32)])


def select(kind: str, condition: Shape, x: Shape, y: Shape, made: Shape) -> Node:
    inputs = [tensor("condition", condition, dtype=DType.BOOL), moved("x", x), moved("y", y)]
    return node(kind, inputs, [moved("output", made)])


def resize(kind: str, shape: Shape, size: Pair, dtype: DType = DType.INT8, **flags: bool) -> Node:
    output = moved("output", (shape[0], *size, shape[3]), dtype)
    options = {"align_corners": False, "half_pixel_centers": False} | flags
    return node(kind, [moved("input", shape, dtype), integers("size", list(size))], [output], **options)


def topk_v2(shape: Shape, k: int, dtype: DType = DType.FLOAT32) -> Node:
    made = (*shape[:-1], k)
    outputs = [moved("values", made, dtype), tensor("indices", made, dtype=DType.INT32)]
    return node("TOPK_V2", [moved("input", shape, dtype), integers("k", k)], outputs)


def dynamic_update_slice(shape: Shape, update: Shape, dtype: DType = DType.INT8, wide: bool = False) -> Node:
    start = tensor("start", (len(shape),), dtype=DType.INT64 if wide else DType.INT32)
    inputs = [moved("operand", shape, dtype), moved("update", update, dtype), start]
    return node("DYNAMIC_UPDATE_SLICE", inputs, [moved("output", shape, dtype)])


def inside(made: Node, seed: object) -> list[Array]:
    """Values with run-time indices that lie inside."""
    op = op_of(made)
    values = values_of(op, seed)
    for i, operand in enumerate(op.inputs):
        if operand.dtype in (DType.INT32, DType.INT64) and not operand.is_constant:
            values[i] = chance(seed).integers(0, 3, operand.shape).astype(operand.dtype.numpy)
    return values
