"""Checks each tensor for itself: shape, constant data, quantization, sparsity."""

from __future__ import annotations

import math
from itertools import pairwise

from tinygen.tflite.model import Blockwise, Sparsity, Subgraph, TensorInfo
from tinygen.tflite.report import Report, tensor_label

BITS = {
    "int4": 4, "bool": 8, "int8": 8, "uint8": 8, "int16": 16, "uint16": 16, "float16": 16, "bfloat16": 16,
    "int32": 32, "uint32": 32, "float32": 32, "int64": 64, "uint64": 64, "float64": 64, "complex64": 64,
    "complex128": 128,
}  # fmt: skip
"""Bits per element; strings, resources and variants have no fixed size."""

_ZERO_POINTS = {
    "int4": (-8, 7),
    "int8": (-128, 127),
    "uint8": (0, 255),
    "int16": (-32768, 32767),
    "uint16": (0, 65535),
    "int32": (-(2**31), 2**31 - 1),
    "int64": (-(2**63), 2**63 - 1),
}
"""Least and greatest zero point of the types that can be quantized; scales of other types are ignored."""

_MOST_RANK = 8
_MOST_BYTES = 2**31 - 1


def check_tensors(subgraph: Subgraph, report: Report) -> frozenset[int]:
    """Reports tensors that contradict themselves, and returns their indices."""
    bad = set()
    zeros = _zeros(subgraph)
    for tensor in subgraph.tensors:
        problems = _shape_problems(tensor) or [
            *_data_problems(tensor),
            *_quantization_problems(tensor, tensor.index in zeros),
            *(_sparsity_problems(tensor, tensor.sparsity) if tensor.sparsity else ()),
            *(_blockwise_problems(tensor.blockwise, len(subgraph.tensors)) if tensor.blockwise else ()),
        ]
        if problems:
            bad.add(tensor.index)
            label = tensor_label(subgraph, tensor)
            for problem in problems:
                report.add(f"{label}: {problem}")
    return frozenset(bad)


def _zeros(subgraph: Subgraph) -> frozenset[int]:
    """Tensors of nothing but zeros: constants, and what FILL makes of them."""
    constants = {t.index for t in subgraph.tensors if 0.0 in t.scales and t.buffer is not None and not any(t.buffer)}
    filled = (op.outputs for op in subgraph.operators if op.name == "FILL" and not constants.isdisjoint(op.inputs[1:]))
    return frozenset(constants.union(*filled))


def _shape_problems(tensor: TensorInfo) -> list[str]:
    shape, signature = tensor.shape, tensor.shape_signature
    if len(shape) > _MOST_RANK or len(signature) > _MOST_RANK:
        return [f"rank {max(len(shape), len(signature))} is not supported; up to {_MOST_RANK} is"]
    if any(d < 0 for d in shape):
        return [f"its shape {list(shape)} has a negative dimension"]
    if any(d < -1 for d in signature):
        return [f"its shape signature {list(signature)} has a negative dimension other than -1"]
    if math.prod(shape) * BITS.get(tensor.dtype, 8) // 8 > _MOST_BYTES:
        return [f"its shape {list(shape)} makes it larger than 2 GiB"]
    return []


def _data_problems(tensor: TensorInfo) -> list[str]:
    if tensor.buffer is None or tensor.sparsity is not None or tensor.dtype not in BITS:
        return []
    needed = (math.prod(tensor.shape) * BITS[tensor.dtype] + 7) // 8
    if len(tensor.buffer) == needed:
        return []
    return [f"its buffer has {len(tensor.buffer)} bytes, but {tensor.dtype} {list(tensor.shape)} needs {needed}"]


def _quantization_problems(tensor: TensorInfo, is_zero: bool) -> list[str]:
    limits = _ZERO_POINTS.get(tensor.dtype)
    if limits is None or not tensor.scales:
        return []
    scales, zero_points = tensor.scales, tensor.zero_points
    problems = []
    channels = len(scales) > 1
    # converters write 0 for what is nothing but zeros
    zero_is_fine = channels or is_zero
    wrong = [s for s in scales if not (0.0 < s < math.inf or (zero_is_fine and s == 0.0))]
    if wrong:
        problems.append(f"its scale is {wrong[0]:g}; a finite number above 0 is needed")
    if len(zero_points) != len(scales):
        problems.append(f"it has {len(scales)} scales, but {len(zero_points)} zero points")
    outside = [z for z in zero_points if not limits[0] <= z <= limits[1]]
    if outside:
        problems.append(f"its zero point is {outside[0]}; {tensor.dtype} allows {limits[0]} to {limits[1]}")
    elif channels and any(zero_points):
        problems.append("it is quantized per channel with a zero point other than 0")
    if channels:
        problems += _channel_problems(tensor)
    return problems


def _channel_problems(tensor: TensorInfo) -> list[str]:
    axis, shape = tensor.quantized_dimension, tensor.shape
    if len(shape) == 1 and tensor.dtype in ("int32", "int64"):
        axis = 0  # some converters copy the weights' dimension to the bias
    if not 0 <= axis < len(shape):
        return [f"its quantized_dimension is {axis}; it has rank {len(shape)}"]
    if len(tensor.scales) != shape[axis]:
        return [f"it has {len(tensor.scales)} scales for {shape[axis]} channels (dimension {axis} of {list(shape)})"]
    return []


def _blockwise_problems(blockwise: Blockwise, tensors: int) -> list[str]:
    for what, index in (("scales", blockwise.scales), ("zero points", blockwise.zero_points)):
        if not -1 <= index < tensors:
            return [f"the {what} of its blocks are tensor {index} of {tensors}"]
    return [] if blockwise.block_size > 0 else [f"its blocks have {blockwise.block_size} elements"]


def _sparsity_problems(tensor: TensorInfo, sparsity: Sparsity) -> list[str]:
    order, levels = sparsity.traversal_order, sparsity.dimensions
    rank = len(tensor.shape) + len(sparsity.block_map)
    if sorted(order) != list(range(rank)) or len(levels) != rank:
        return [
            f"its sparsity metadata is incomplete: {len(order)} dimensions in traversal order "
            f"and {len(levels)} described, for {rank} in all"
        ]
    if any(not 0 <= d < len(tensor.shape) for d in sparsity.block_map):
        return [
            f"its sparsity metadata has blocks of dimension {max(sparsity.block_map)}; it has rank {len(tensor.shape)}"
        ]
    problems = []
    parents = 1
    for level, at in zip(levels, order, strict=True):
        size = tensor.shape[at] if at < len(tensor.shape) else None
        if not level.is_sparse:
            if level.dense_size < 0 or (size is not None and level.dense_size > size):
                problems.append(f"its sparsity metadata gives dimension {at} {level.dense_size} entries")
            parents *= max(level.dense_size, 0)
        elif level.segments is None or level.indices is None:
            problems.append(f"its sparsity metadata has no segments or indices for dimension {at}")
        else:
            segments, indices = level.segments, level.indices
            rising = all(a <= b for a, b in pairwise(segments))
            fits = len(segments) == parents + 1 and segments[0] == 0 and segments[-1] == len(indices)
            inside = all(i >= 0 and (size is None or i < size) for i in indices)
            if not (rising and fits and inside):
                problems.append(f"its sparsity metadata contradicts itself in dimension {at}")
            parents = len(indices)
    if not problems and tensor.buffer is not None and tensor.dtype in BITS:
        needed = (parents * BITS[tensor.dtype] + 7) // 8
        if len(tensor.buffer) != needed:
            problems.append(f"its buffer has {len(tensor.buffer)} bytes, but its {parents} stored values need {needed}")
    return problems
