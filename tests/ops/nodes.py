"""Makes single operators with awkward parameters: as the nodes that ops read, and as .tflite files."""

from __future__ import annotations

import importlib
import math
import struct
from collections.abc import Sequence
from typing import Any

import numpy as np
from tflite_builder import ModelSpec, OperatorSpec, SubgraphSpec, TensorSpec

from tinygen.ir.dtype import Array, DType
from tinygen.ir.tensor import Quantization, Tensor
from tinygen.ops import OP_BY_KIND
from tinygen.ops.node import Node
from tinygen.ops.op import Op

Shape = tuple[int, ...]
Pair = tuple[int, int]

OPTIONS = {
    "BIDIRECTIONAL_SEQUENCE_LSTM": "BidirectionalSequenceLSTMOptions",
    "STABLEHLO_PAD": "StablehloPadOptions",
    "BIDIRECTIONAL_SEQUENCE_RNN": "BidirectionalSequenceRNNOptions",
    "RNN": "RNNOptions",
    "UNIDIRECTIONAL_SEQUENCE_RNN": "SequenceRNNOptions",
    "BUCKETIZE": "BucketizeOptions",
    "CONV_3D": "Conv3DOptions",
    "CONV_3D_TRANSPOSE": "Conv3DOptions",
    "FAKE_QUANT": "FakeQuantOptions",
    "LOCAL_RESPONSE_NORMALIZATION": "LocalResponseNormalizationOptions",
    "REDUCE_WINDOW": "ReduceWindowOptions",
    "SPARSE_TO_DENSE": "SparseToDenseOptions",
    "ADD": "AddOptions",
    "ARG_MAX": "ArgMaxOptions",
    "ARG_MIN": "ArgMinOptions",
    "AVERAGE_POOL_2D": "Pool2DOptions",
    "BATCH_TO_SPACE_ND": "BatchToSpaceNDOptions",
    "CAST": "CastOptions",
    "BATCH_MATMUL": "BatchMatMulOptions",
    "CONCATENATION": "ConcatenationOptions",
    "CONV_2D": "Conv2DOptions",
    "CUMSUM": "CumsumOptions",
    "DEPTHWISE_CONV_2D": "DepthwiseConv2DOptions",
    "DEPTH_TO_SPACE": "DepthToSpaceOptions",
    "DEQUANTIZE": "DequantizeOptions",
    "EXPAND_DIMS": "ExpandDimsOptions",
    "FULLY_CONNECTED": "FullyConnectedOptions",
    "GATHER": "GatherOptions",
    "GATHER_ND": "GatherNdOptions",
    "L2_NORMALIZATION": "L2NormOptions",
    "LOG_SOFTMAX": "LogSoftmaxOptions",
    "LSTM": "LSTMOptions",
    "L2_POOL_2D": "Pool2DOptions",
    "MAX_POOL_2D": "Pool2DOptions",
    "MEAN": "ReducerOptions",
    "MIRROR_PAD": "MirrorPadOptions",
    "ONE_HOT": "OneHotOptions",
    "PACK": "PackOptions",
    "PAD": "PadOptions",
    "PADV2": "PadV2Options",
    "QUANTIZE": "QuantizeOptions",
    "REDUCE_ALL": "ReducerOptions",
    "REDUCE_ANY": "ReducerOptions",
    "REDUCE_MAX": "ReducerOptions",
    "REDUCE_MIN": "ReducerOptions",
    "REDUCE_PROD": "ReducerOptions",
    "RESHAPE": "ReshapeOptions",
    "RESIZE_BILINEAR": "ResizeBilinearOptions",
    "RESIZE_NEAREST_NEIGHBOR": "ResizeNearestNeighborOptions",
    "REVERSE_SEQUENCE": "ReverseSequenceOptions",
    "SHAPE": "ShapeOptions",
    "SOFTMAX": "SoftmaxOptions",
    "SPACE_TO_DEPTH": "SpaceToDepthOptions",
    "SPLIT": "SplitOptions",
    "SPLIT_V": "SplitVOptions",
    "SQUEEZE": "SqueezeOptions",
    "STRIDED_SLICE": "StridedSliceOptions",
    "SUM": "ReducerOptions",
    "SVDF": "SVDFOptions",
    "TOPK_V2": "TopKV2Options",
    "UNIDIRECTIONAL_SEQUENCE_LSTM": "UnidirectionalSequenceLSTMOptions",
    "UNPACK": "UnpackOptions",
    "TRANSPOSE_CONV": "TransposeConvOptions",
    "ABS": "AbsOptions",
    "ADD_N": "AddNOptions",
    "COS": "CosOptions",
    "DIV": "DivOptions",
    "EQUAL": "EqualOptions",
    "EXP": "ExpOptions",
    "FLOOR_DIV": "FloorDivOptions",
    "FLOOR_MOD": "FloorModOptions",
    "GELU": "GeluOptions",
    "GREATER": "GreaterOptions",
    "GREATER_EQUAL": "GreaterEqualOptions",
    "HARD_SWISH": "HardSwishOptions",
    "LEAKY_RELU": "LeakyReluOptions",
    "LESS": "LessOptions",
    "LESS_EQUAL": "LessEqualOptions",
    "LOGICAL_AND": "LogicalAndOptions",
    "LOGICAL_NOT": "LogicalNotOptions",
    "LOGICAL_OR": "LogicalOrOptions",
    "MAXIMUM": "MaximumMinimumOptions",
    "MINIMUM": "MaximumMinimumOptions",
    "MUL": "MulOptions",
    "NEG": "NegOptions",
    "NOT_EQUAL": "NotEqualOptions",
    "POW": "PowOptions",
    "SIGN": "SignOptions",
    "SQUARE": "SquareOptions",
    "SQUARED_DIFFERENCE": "SquaredDifferenceOptions",
    "SUB": "SubOptions",
}
ENUMS = {
    "padding": {"SAME": 0, "VALID": 1},
    "fused_activation_function": {"NONE": 0, "RELU": 1, "RELU_N1_TO_1": 2, "RELU6": 3, "TANH": 4, "SIGN_BIT": 5},
    "weights_format": {"DEFAULT": 0, "SHUFFLED4x16INT8": 1},
    "mode": {"REFLECT": 0, "SYMMETRIC": 1},
}
VERSIONS = {
    "BIDIRECTIONAL_SEQUENCE_LSTM": 1,
    "STABLEHLO_ADD": 1,
    "STABLEHLO_MAXIMUM": 1,
    "STABLEHLO_MINIMUM": 1,
    "STABLEHLO_MULTIPLY": 1,
    "STABLEHLO_PAD": 1,
    "NON_MAX_SUPPRESSION_V4": 1,
    "NON_MAX_SUPPRESSION_V5": 1,
    "BIDIRECTIONAL_SEQUENCE_RNN": 1,
    "RNN": 1,
    "UNIDIRECTIONAL_SEQUENCE_RNN": 1,
    "BITCAST": 1,
    "BUCKETIZE": 1,
    "CONV_3D": 1,
    "CONV_3D_TRANSPOSE": 1,
    "DILATE": 1,
    "FAKE_QUANT": 1,
    "LOCAL_RESPONSE_NORMALIZATION": 1,
    "MATRIX_DIAG": 1,
    "MATRIX_SET_DIAG": 1,
    "RANGE": 1,
    "REDUCE_WINDOW": 1,
    "SEGMENT_SUM": 1,
    "SPARSE_TO_DENSE": 1,
    "UNSORTED_SEGMENT_MAX": 1,
    "UNSORTED_SEGMENT_MIN": 1,
    "UNSORTED_SEGMENT_PROD": 1,
    "UNSORTED_SEGMENT_SUM": 1,
    "ATAN2": 1,
    "BITWISE_XOR": 1,
    "ONE_HOT": 1,
    "RIGHT_SHIFT": 1,
    "CONV_2D": 3,
    "CUMSUM": 1,
    "DEPTH_TO_SPACE": 1,
    "EXPAND_DIMS": 1,
    "RANK": 1,
    "SQUEEZE": 1,
    "ZEROS_LIKE": 1,
    "REDUCE_ALL": 1,
    "REDUCE_ANY": 1,
    "L2_POOL_2D": 1,
    "REVERSE_SEQUENCE": 1,
    "SCATTER_ND": 1,
    "DEPTHWISE_CONV_2D": 3,
    "FULLY_CONNECTED": 4,
    "RESHAPE": 1,
    "QUANTIZE": 2,
    "ADD_N": 1,
    "CEIL": 1,
    "DENSIFY": 1,
    "COS": 1,
    "ELU": 1,
    "FLOOR": 1,
    "LOGICAL_AND": 1,
    "LOGICAL_NOT": 1,
    "LOGICAL_OR": 1,
    "NEG": 1,
    "POW": 1,
    "PRELU": 1,
    "RELU_0_TO_1": 1,
    "ROUND": 1,
    "SIGN": 1,
    "SIN": 1,
    "SQUARE": 1,
    "HARD_SWISH": 1,
    "RELU_N1_TO_1": 1,
}


def chance(*key: object) -> np.random.Generator:
    """Random numbers that depend on the words and numbers given."""
    return np.random.default_rng(list(repr(key).encode()))


def tensor(
    name: str,
    shape: Sequence[int],
    scale: float | Sequence[float] = 0.0,
    zero_point: int | Sequence[int] = 0,
    dtype: DType = DType.INT8,
    axis: int = 0,
    data: Array | None = None,
) -> Tensor:
    """scale 0: not quantized; several scales: per channel along `axis`."""
    scales = [scale] if isinstance(scale, int | float) else list(scale)
    quantization = None
    if scales != [0.0]:
        zeros = [zero_point] * len(scales) if isinstance(zero_point, int) else list(zero_point)
        quantization = Quantization(tuple(float(np.float32(s)) for s in scales), tuple(zeros), axis)
    if data is not None:
        data = np.asarray(data, dtype.numpy).reshape(tuple(shape))
    return Tensor(name, tuple(shape), dtype, quantization, data)


def integers(name: str, values: Any, dtype: DType = DType.INT32) -> Tensor:
    data = np.asarray(values, dtype.numpy)
    return tensor(name, data.shape, dtype=dtype, data=data)


def node(kind: str, inputs: Sequence[Tensor | None], outputs: Sequence[Tensor], **options: Any) -> Node:
    return Node(0, kind, tuple(inputs), tuple(outputs), options)


def op_of(node_: Node) -> Op:
    """As the importer does; the rules must hold."""
    op = OP_BY_KIND[node_.kind].form(node_).read(node_)
    broken = [rule.sentence for rule in op.RULES if rule.broken_by(op)]
    assert not broken, broken
    return op


def values_of(op: Op, seed: object = 0) -> list[Array]:
    """Random values for `op.inputs`, the extremes among them; constants as they are."""
    random = chance("values", seed)
    values: list[Array] = []
    for operand in op.inputs:
        if operand.data is not None:
            values.append(operand.data)
        elif operand.dtype.is_float:
            values.append(random.normal(0, 100, operand.shape).astype(np.float32))
        elif operand.dtype is DType.BOOL:
            values.append(random.integers(0, 2, operand.shape).astype(bool))
        else:
            low, high = operand.dtype.limits
            wide = np.uint64 if operand.dtype is DType.UINT64 else np.int64
            drawn = random.integers(low, high + 1, operand.shape, wide)
            extreme = np.where(random.random(operand.shape) < 0.5, wide(low), wide(high))
            values.append(np.where(random.random(operand.shape) < 0.1, extreme, drawn).astype(operand.dtype.numpy))
    return values


# Files


def model_bytes(node_: Node, drop_absent: bool = True) -> bytes:
    """A .tflite file with this one operator; tensors without data are the model's inputs.

    drop_absent: absent inputs at the end are left out, since TFLite Micro crashes on a -1 there; else they are -1.
    """
    return chain_bytes(node_, drop_absent=drop_absent)


def chain_bytes(*chain: Node, drop_absent: bool = True) -> bytes:
    """A .tflite file with these operators in order, of which the last makes the model's outputs."""
    tensors: list[Tensor] = []
    for operand in (operand for node_ in chain for operand in (*node_.inputs, *node_.outputs)):
        if operand is not None and operand not in tensors:
            tensors.append(operand)
    states = {state for node_ in chain for state in states_of(node_)}
    made = {output for node_ in chain for output in node_.outputs}
    specs = [_spec(t, t in states) for t in tensors]
    for spec, operand in zip(list(specs), tensors, strict=True):
        if operand.blocks is not None:
            spec.blockwise = (len(specs), -1, operand.blocks.size)
            scales = operand.blocks.scales.astype(np.float16)
            specs.append(TensorSpec("scales", scales.shape, "FLOAT16", scales.tobytes()))
    read = [operand for node_ in chain for operand in node_.inputs if operand is not None]
    inputs = [tensors.index(t) for t in dict.fromkeys(read) if t.data is None and t not in states | made]
    operators = [_operator(node_, tensors, drop_absent) for node_ in chain]
    return ModelSpec([SubgraphSpec(specs, operators, inputs, operators[-1].outputs)]).bytes()


def _operator(node_: Node, tensors: Sequence[Tensor], drop_absent: bool) -> OperatorSpec:
    read = [-1 if operand is None else tensors.index(operand) for operand in node_.inputs]
    while drop_absent and read[-1] < 0:
        read.pop()
    made = [tensors.index(operand) for operand in node_.outputs]
    return _custom(node_, read, made) if is_custom(node_) else _builtin(node_, read, made)


def is_custom(node_: Node) -> bool:
    return node_.kind in OP_BY_KIND and OP_BY_KIND[node_.kind].IS_CUSTOM


def _builtin(node_: Node, read: list[int], made: list[int]) -> OperatorSpec:
    table = OPTIONS.get(node_.kind)
    fields = {_camel(name): _option(name, value) for name, value in node_.options.items()}
    return OperatorSpec(node_.kind, read, made, (table, fields) if table else None, VERSIONS.get(node_.kind, 2))


def _custom(node_: Node, read: list[int], made: list[int]) -> OperatorSpec:
    """Its options are a FlexBuffer; no options are a map without entries."""
    writer: Any = importlib.import_module("flatbuffers.flexbuffers").Builder()
    writer.MapFromElements(dict(node_.options))
    return OperatorSpec("CUSTOM", read, made, custom=node_.kind, custom_options=bytes(writer.Finish()))


def states_of(node_: Node) -> set[Tensor]:
    """The tensors of the node that the op remembers; in a file they are variables."""
    kind = OP_BY_KIND.get(node_.kind)
    if kind is None or kind.states is Op.states:
        return set()
    return {tensor for state in kind.read(node_).states for tensor in (state.tensor, state.next)}


def _spec(operand: Tensor, is_variable: bool = False) -> TensorSpec:
    data = None
    if operand.data is not None:
        data = np.ascontiguousarray(operand.data, operand.dtype.numpy.newbyteorder("<")).tobytes()
        if operand.dtype is DType.INT4:
            flat = np.frombuffer(data + b"\0" * (len(data) % 2), np.uint8) & 15
            data = (flat[::2] | flat[1::2] << 4).tobytes()
    quantization = operand.quantization
    return TensorSpec(
        operand.name,
        operand.shape,
        operand.dtype.name,
        data,
        quantization.scales if quantization else (),
        quantization.zero_points if quantization else None,
        quantization.axis if quantization else 0,
        variable=is_variable,
    )


def _camel(name: str) -> str:
    return "".join(word.capitalize() for word in name.split("_"))


def _option(name: str, value: Any) -> Any:
    return ENUMS[name].get(value, value) if name in ENUMS else value


# Operators


def slid(size: int, kernel: int, stride: int, dilation: int, padding: str) -> int:
    """How many positions a window takes along one side."""
    reach = (kernel - 1) * dilation + 1
    return -(-size // stride) if padding == "SAME" else (size - reach) // stride + 1


def window_options(stride: Pair, dilation: Pair, padding: str, activation: str) -> dict[str, Any]:
    return {
        "stride_h": stride[0],
        "stride_w": stride[1],
        "dilation_h_factor": dilation[0],
        "dilation_w_factor": dilation[1],
        "padding": padding,
        "fused_activation_function": activation,
    }


def spread_multiplier(depth: int) -> float:
    """What brings a random sum of `depth` products to a standard deviation of about 60."""
    return 60 / (math.sqrt(depth) * 90 * 75)


def weight_scales(random: np.random.Generator, channels: int, per_channel: bool, spread: float) -> list[float]:
    if not per_channel:
        return [2.0**-6]
    return [2.0 ** (-6 + float(e)) for e in random.uniform(-spread, spread, channels)]


def bias_tensor(random: np.random.Generator, channels: int, bias: str) -> Tensor | None:
    """bias: "none", "small" or "extreme" (near the limits of int32)."""
    if bias == "none":
        return None
    values = random.integers(-20000, 20000, channels)
    if bias == "extreme":
        values = random.choice([-(2**31), -(2**31) + 1, 2**31 - 1, 2**31 - 77, 0], channels)
    return tensor("bias", (channels,), 2.0**-9, dtype=DType.INT32, data=values)


def conv_2d(
    image: Shape = (1, 6, 5, 4),
    filters: int = 5,
    kernel: Pair = (3, 3),
    stride: Pair = (1, 1),
    dilation: Pair = (1, 1),
    padding: str = "SAME",
    groups: int = 1,
    activation: str = "NONE",
    zero_points: Pair = (3, -7),
    per_channel: bool = True,
    spread: float = 1.0,
    bias: str = "small",
    multiplier: float = 0.0,
    zero_filters: bool = False,
) -> Node:
    """CONV_2D; multiplier: the middle real multiplier, 0 for one that spreads the outputs."""
    random = chance("conv", image, filters, kernel, groups)
    batch, height, width, channels = image
    depth = kernel[0] * kernel[1] * (channels // groups)
    data = random.integers(-127, 128, (filters, *kernel, channels // groups))
    if zero_filters:
        data[::2] = 0
    scales = weight_scales(random, filters, per_channel, spread)
    out = (
        batch,
        slid(height, kernel[0], stride[0], dilation[0], padding),
        slid(width, kernel[1], stride[1], dilation[1], padding),
        filters,
    )
    real = multiplier or spread_multiplier(depth)
    return node(
        "CONV_2D",
        [
            tensor("input", image, 2.0**-3, zero_points[0]),
            tensor("weights", data.shape, scales, 0, axis=0, data=data),
            bias_tensor(random, filters, bias),
        ],
        [tensor("output", out, 2.0**-9 / real, zero_points[1])],
        **window_options(stride, dilation, padding, activation),
    )


def depthwise_conv_2d(
    image: Shape = (1, 6, 5, 4),
    depth_multiplier: int = 1,
    kernel: Pair = (3, 3),
    stride: Pair = (1, 1),
    dilation: Pair = (1, 1),
    padding: str = "SAME",
    activation: str = "NONE",
    zero_points: Pair = (3, -7),
    per_channel: bool = True,
    spread: float = 1.0,
    bias: str = "small",
    multiplier: float = 0.0,
    option: int | None = None,
) -> Node:
    """DEPTHWISE_CONV_2D; option: what the file says the depth multiplier is, if not the truth."""
    random = chance("depthwise", image, depth_multiplier, kernel)
    batch, height, width, channels = image
    filters = channels * depth_multiplier
    data = random.integers(-127, 128, (1, *kernel, filters))
    scales = weight_scales(random, filters, per_channel, spread)
    out = (
        batch,
        slid(height, kernel[0], stride[0], dilation[0], padding),
        slid(width, kernel[1], stride[1], dilation[1], padding),
        filters,
    )
    real = multiplier or spread_multiplier(kernel[0] * kernel[1])
    return node(
        "DEPTHWISE_CONV_2D",
        [
            tensor("input", image, 2.0**-3, zero_points[0]),
            tensor("weights", data.shape, scales, 0, axis=3, data=data),
            bias_tensor(random, filters, bias),
        ],
        [tensor("output", out, 2.0**-9 / real, zero_points[1])],
        **window_options(stride, dilation, padding, activation),
        depth_multiplier=depth_multiplier if option is None else option,
    )


def fully_connected(
    batches: Shape = (1,),
    depth: int = 8,
    units: int = 5,
    zero_points: tuple[int, int, int] = (3, 0, -7),
    per_channel: bool = False,
    spread: float = 1.0,
    bias: str = "small",
    multiplier: float = 0.0,
    activation: str = "NONE",
    input_shape: Shape = (),
    output_shape: Shape = (),
    **options: Any,
) -> Node:
    """FULLY_CONNECTED; zero_points: of input, weights and output."""
    random = chance("fc", batches, depth, units)
    data = random.integers(-127, 128, (units, depth))
    real = multiplier or spread_multiplier(depth)
    scales = weight_scales(random, units, per_channel, spread)
    return node(
        "FULLY_CONNECTED",
        [
            tensor("input", input_shape or (*batches, depth), 2.0**-3, zero_points[0]),
            tensor("weights", data.shape, scales, zero_points[1], data=data),
            bias_tensor(random, units, bias),
        ],
        [tensor("output", output_shape or (*batches, units), 2.0**-9 / real, zero_points[2])],
        fused_activation_function=activation,
        **options,
    )


def pool_2d(
    kind: str,
    image: Shape = (1, 6, 5, 4),
    kernel: Pair = (2, 2),
    stride: Pair = (2, 2),
    padding: str = "SAME",
    activation: str = "NONE",
    scale: float = 0.05,
    zero_point: int = 3,
) -> Node:
    batch, height, width, channels = image
    out = (
        batch,
        slid(height, kernel[0], stride[0], 1, padding),
        slid(width, kernel[1], stride[1], 1, padding),
        channels,
    )
    return node(
        kind,
        [tensor("input", image, scale, zero_point)],
        [tensor("output", out, scale, zero_point)],
        stride_h=stride[0],
        stride_w=stride[1],
        filter_height=kernel[0],
        filter_width=kernel[1],
        padding=padding,
        fused_activation_function=activation,
    )


def add(
    shape1: Shape = (1, 4, 5, 3),
    shape2: Shape = (1, 4, 5, 3),
    scales: tuple[float, float, float] = (0.1, 0.07, 0.12),
    zero_points: tuple[int, int, int] = (3, -5, 7),
    activation: str = "NONE",
    constant: bool = False,
) -> Node:
    data = chance("add", shape2).integers(-128, 128, shape2) if constant else None
    return node(
        "ADD",
        [
            tensor("input1", shape1, scales[0], zero_points[0]),
            tensor("input2", shape2, scales[1], zero_points[1], data=data),
        ],
        [tensor("output", np.broadcast_shapes(shape1, shape2), scales[2], zero_points[2])],
        fused_activation_function=activation,
    )


def elementwise(
    kind: str,
    shape: Shape = (1, 4, 5, 3),
    scales: Pair | tuple[float, float] = (0.1, 0.07),
    zero_points: Pair = (3, -5),
    dtypes: tuple[DType, DType] = (DType.INT8, DType.INT8),
) -> Node:
    """LOGISTIC, QUANTIZE, DEQUANTIZE, RELU and RELU6."""
    first = tensor("input", shape, 0.0 if dtypes[0].is_float else scales[0], zero_points[0], dtypes[0])
    last = tensor("output", shape, 0.0 if dtypes[1].is_float else scales[1], zero_points[1], dtypes[1])
    return node(kind, [first], [last])


def every_int8(kind: str, **parameters: Any) -> tuple[Op, Node]:
    """An element-wise op over all 256 inputs."""
    made = elementwise(kind, (1, 256), **parameters)
    return op_of(made), made


def mean(
    shape: Shape = (1, 4, 5, 3),
    axes: Sequence[int] = (1, 2),
    keep: bool = False,
    scales: tuple[float, float] = (0.1, 0.07),
    zero_points: Pair = (3, -5),
) -> Node:
    dropped = {axis % len(shape) for axis in axes}
    kept = [1 if i in dropped else size for i, size in enumerate(shape) if keep or i not in dropped]
    return node(
        "MEAN",
        [tensor("input", shape, scales[0], zero_points[0]), integers("axes", axes)],
        [tensor("output", kept, scales[1], zero_points[1])],
        keep_dims=keep,
    )


def pad(shape: Shape, widths: Sequence[Pair], zero_point: int = 3, dtype: DType = DType.INT32) -> Node:
    out = [before + size + after for size, (before, after) in zip(shape, widths, strict=True)]
    return node(
        "PAD",
        [
            tensor("input", shape, 0.1, zero_point),
            tensor("paddings", (len(shape), 2), dtype=dtype, data=np.array(widths)),
        ],
        [tensor("output", out, 0.1, zero_point)],
    )


def concatenation(shapes: Sequence[Shape], axis: int, constant: int = -1) -> Node:
    """constant: which part is one."""
    parts = []
    for i, shape in enumerate(shapes):
        data = chance("part", i, shape).integers(-128, 128, shape) if i == constant else None
        parts.append(tensor(f"part{i}", shape, 0.1, 3, data=data))
    out = list(shapes[0])
    out[axis] = sum(shape[axis] for shape in shapes)
    return node("CONCATENATION", parts, [tensor("output", out, 0.1, 3)], axis=axis, fused_activation_function="NONE")


def softmax(shape: Shape = (1, 10), scale: float = 0.1, beta: float = 1.0, zero_point: int = 3) -> Node:
    return node(
        "SOFTMAX", [tensor("input", shape, scale, zero_point)], [tensor("output", shape, 1 / 256, -128)], beta=beta
    )


def reshape(shape: Shape, new: Shape, with_shape: bool = True) -> Node:
    inputs = [tensor("input", shape, 0.1, 3)]
    if with_shape:
        inputs.append(integers("shape", list(new)))
    return node("RESHAPE", inputs, [tensor("output", new, 0.1, 3)])


def as_float32(bits: int) -> float:
    return float(struct.unpack("<f", struct.pack("<I", bits))[0])
