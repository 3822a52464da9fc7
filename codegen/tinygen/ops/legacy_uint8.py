"""Models that were quantized to uint8 are held as int8: the same steps on the same scale, counted from 128 less."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from tinygen.ir.dtype import DType
from tinygen.ir.tensor import Tensor
from tinygen.ops.op import Op
from tinygen.ops.top_bit import TopBit
from tinygen.tflite.model import Operator, Subgraph

COMPUTING = {
    "ADD",
    "AVERAGE_POOL_2D",
    "CONV_2D",
    "DEPTHWISE_CONV_2D",
    "EQUAL",
    "FULLY_CONNECTED",
    "GELU",
    "GREATER",
    "GREATER_EQUAL",
    "HARD_SWISH",
    "LEAKY_RELU",
    "LESS",
    "LESS_EQUAL",
    "LOGISTIC",
    "LOG_SOFTMAX",
    "MAX_POOL_2D",
    "MEAN",
    "MUL",
    "NOT_EQUAL",
    "PRELU",
    "RELU",
    "RELU6",
    "RELU_0_TO_1",
    "RELU_N1_TO_1",
    "RESIZE_BILINEAR",
    "SOFTMAX",
    "SUB",
    "SUM",
    "TANH",
}
"""Operators whose uint8 kernels compute what the int8 ones do, 128 higher; one of them makes a model a legacy one."""

PASSING = {
    "ARG_MAX",
    "ARG_MIN",
    "BATCH_TO_SPACE_ND",
    "BROADCAST_TO",
    "CONCATENATION",
    "DEPTH_TO_SPACE",
    "DEQUANTIZE",
    "EXPAND_DIMS",
    "GATHER",
    "GATHER_ND",
    "MAXIMUM",
    "MINIMUM",
    "MIRROR_PAD",
    "PACK",
    "PAD",
    "PADV2",
    "QUANTIZE",
    "REDUCE_MAX",
    "REDUCE_MIN",
    "RESHAPE",
    "RESIZE_NEAREST_NEIGHBOR",
    "REVERSE_V2",
    "SELECT",
    "SELECT_V2",
    "SHAPE",
    "SLICE",
    "SPACE_TO_BATCH_ND",
    "SPACE_TO_DEPTH",
    "SPLIT",
    "SPLIT_V",
    "SQUEEZE",
    "STRIDED_SLICE",
    "TILE",
    "TOPK_V2",
    "TRANSPOSE",
    "UNPACK",
}
"""Operators that may stand between them, for which it does not matter how the elements are counted."""


@dataclass(frozen=True)
class Legacy:
    """How a legacy model meets its caller, who keeps uint8; empty for any other model."""

    subgraph: Subgraph
    """With "legacy_uint8" among the options of the operators that compute."""
    ports: Mapping[int, Tensor]
    """The caller's tensors, by their place in the subgraph."""
    first: tuple[Op, ...]
    """Before all other ops: the model's inputs to int8."""
    last: tuple[Op, ...]
    """After all other ops: the model's outputs to uint8."""


def hold_as_int8(subgraph: Subgraph, tensors: dict[int, Tensor]) -> Legacy:
    """Replaces the uint8 tensors of a legacy model by int8 ones; leaves any other model alone."""
    stored = {i for i, t in tensors.items() if t.dtype is DType.UINT8 and t.quantization is not None}
    if not _is_legacy(subgraph, stored, tensors):
        return Legacy(subgraph, {}, (), ())
    originals = {i: tensors[i] for i in stored}
    tensors.update((i, _as_int8(tensors[i])) for i in stored)
    inputs = dict.fromkeys(i for i in subgraph.inputs if i in stored)
    outputs = dict.fromkeys(
        i for i in subgraph.outputs if i in stored and i not in inputs and not originals[i].is_constant
    )
    index = len(subgraph.operators)
    first = tuple(TopBit(index + k, originals[i], tensors[i]) for k, i in enumerate(inputs))
    index += len(first)
    last = tuple(TopBit(index + k, tensors[i], originals[i]) for k, i in enumerate(outputs))
    operators = tuple(
        replace(op, options={**op.options, "legacy_uint8": True}) if op.name in COMPUTING else op
        for op in subgraph.operators
    )
    return Legacy(replace(subgraph, operators=operators), originals, first, last)


def _is_legacy(subgraph: Subgraph, stored: set[int], tensors: Mapping[int, Tensor]) -> bool:
    if any(op.name in ("IF", "WHILE") for op in subgraph.operators):
        return False  # their subgraphs have tensors of their own
    touching = [op for op in subgraph.operators if any(i in stored for i in (*op.inputs, *op.outputs))]
    computing = [op for op in touching if op.name in COMPUTING and (op.inputs[0] in stored or op.outputs[0] in stored)]
    known = all(op.name in COMPUTING | PASSING and _is_same(op, tensors) for op in touching)
    return bool(computing) and known and not any(_is_mixed(op, tensors) for op in computing)


def _is_mixed(operator: Operator, tensors: Mapping[int, Tensor]) -> bool:
    """No kernel of TFLite takes uint8 and int8 together."""
    return any(i in tensors and tensors[i].dtype is DType.INT8 for i in (*operator.inputs, *operator.outputs))


def _is_same(operator: Operator, tensors: Mapping[int, Tensor]) -> bool:
    """Joined tensors have one quantization: bringing them onto another rounds differently in uint8."""
    if operator.name != "CONCATENATION":
        return True
    joined = {tensors[i].quantization for i in (*operator.inputs, *operator.outputs) if i in tensors}
    return len(joined) == 1


def _as_int8(tensor: Tensor) -> Tensor:
    zero_points = tuple(z - 128 for z in tensor.params.zero_points)
    data = None
    if tensor.data is not None:
        data = (np.ascontiguousarray(tensor.data).view(np.uint8) ^ np.uint8(128)).view(np.int8)
    return replace(tensor, dtype=DType.INT8, quantization=replace(tensor.params, zero_points=zero_points), data=data)
