"""What each operator must have: numbers of inputs and outputs, options, scales, and the checks of its own."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from tinygen.tflite import arithmetic, blocks, convolution, movement
from tinygen.tflite.call import MANY, Call
from tinygen.tflite.custom import check_custom
from tinygen.tflite.options import unknown_enumerations


@dataclass(frozen=True)
class Rule:
    """What a valid operator of one kind has."""

    inputs: tuple[int, int]
    """Least and most inputs."""
    outputs: tuple[int, int] = (1, 1)
    """Least and most outputs."""
    options: str = ""
    """The options table that it may have; empty: not looked at."""
    needs_options: bool = False
    """Whether the options' defaults make no sense, so that they must be there."""
    required: int = MANY
    """How many of the first inputs may not be absent, at most the least number of inputs."""
    scales: tuple[int, ...] = ()
    """Positions of inputs that need a scale if they are quantized; -1 is the output."""
    checks: tuple[Callable[[Call], None], ...] = ()


def _rule(
    inputs: int | tuple[int, int], options: str = "", *checks: Callable[[Call], None], scales: tuple[int, ...] = ()
) -> Rule:
    """Options that end in ! must be there."""
    arity = inputs if isinstance(inputs, tuple) else (inputs, inputs)
    return Rule(arity, options=options.rstrip("!"), needs_options=options.endswith("!"), scales=scales, checks=checks)


_UNARY = {
    "ABS": "AbsOptions", "CAST": "", "CEIL": "", "COS": "CosOptions", "DENSIFY": "DensifyOptions",
    "DEQUANTIZE": "DequantizeOptions", "ELU": "",
    "EXP": "ExpOptions", "FAKE_QUANT": "FakeQuantOptions", "FLOOR": "", "GELU": "GeluOptions",
    "HARD_SWISH": "HardSwishOptions",
    "L2_NORMALIZATION": "L2NormOptions", "LOG": "", "LOGICAL_NOT": "", "LOGISTIC": "",
    "LOG_SOFTMAX": "LogSoftmaxOptions",
    "NEG": "NegOptions", "QUANTIZE": "QuantizeOptions", "RELU": "", "RELU6": "", "RELU_0_TO_1": "", "RELU_N1_TO_1": "",
    "ROUND": "", "RSQRT": "", "SIGN": "SignOptions", "SIN": "", "SQRT": "", "SQUARE": "SquareOptions", "TANH": "",
    "ZEROS_LIKE": "ZerosLikeOptions",
}  # fmt: skip
"""One input, one output of the same shape."""

_BINARY = {
    "ADD": "AddOptions", "ATAN2": "", "BITWISE_XOR": "", "DIV": "DivOptions", "EQUAL": "EqualOptions",
    "FLOOR_DIV": "FloorDivOptions", "FLOOR_MOD": "FloorModOptions", "GREATER": "GreaterOptions",
    "GREATER_EQUAL": "GreaterEqualOptions", "LESS": "LessOptions", "LESS_EQUAL": "LessEqualOptions",
    "LOGICAL_AND": "LogicalAndOptions", "LOGICAL_OR": "LogicalOrOptions", "MAXIMUM": "MaximumMinimumOptions",
    "MINIMUM": "MaximumMinimumOptions", "MUL": "MulOptions", "NOT_EQUAL": "NotEqualOptions", "POW": "PowOptions",
    "RIGHT_SHIFT": "RightShiftOptions", "SQUARED_DIFFERENCE": "SquaredDifferenceOptions", "SUB": "SubOptions",
}  # fmt: skip
"""Two inputs that are broadcast against each other."""

_REDUCERS = ("MEAN", "SUM", "REDUCE_PROD", "REDUCE_MAX", "REDUCE_MIN", "REDUCE_ANY", "REDUCE_ALL")

_STABLEHLO = ("ADD", "MULTIPLY", "MAXIMUM", "MINIMUM")
_SEGMENTS = ("SUM", "PROD", "MAX", "MIN")

_SCALED = frozenset({
    "ADD", "SUB", "ELU", "GELU", "HARD_SWISH", "L2_NORMALIZATION", "LOGISTIC", "LOG_SOFTMAX", "TANH",
})  # fmt: skip
"""Elementwise operators that need the scales of int8 and uint8; of the others some work on plain integers."""

_PLAIN = ("int8", "uint8")
_ANY_QUANTIZED = ("int4", "int8", "uint8")

RULES: dict[str, Rule] = {
    **{
        name: _rule(1, kind, arithmetic.same_shape, scales=(0, -1) if name in _SCALED else ())
        for name, kind in _UNARY.items()
    },
    **{
        name: _rule(2, kind, arithmetic.broadcast, scales=(0, 1, -1) if name in _SCALED else ())
        for name, kind in _BINARY.items()
    },
    **{name: _rule(2, "ReducerOptions", arithmetic.reduce) for name in _REDUCERS},
    **{f"UNSORTED_SEGMENT_{name}": _rule(3, f"UnsortedSegment{name.title()}Options") for name in _SEGMENTS},
    "ADD_N": _rule((1, MANY), "AddNOptions", arithmetic.add_n),
    "ARG_MAX": _rule(2, "ArgMaxOptions", arithmetic.arg),
    "ARG_MIN": _rule(2, "ArgMinOptions", arithmetic.arg),
    "ASSIGN_VARIABLE": Rule((2, 2), (0, 0), "AssignVariableOptions"),
    "AVERAGE_POOL_2D": _rule(1, "Pool2DOptions!", convolution.pool_2d, scales=(0, -1)),
    "BATCH_MATMUL": _rule(2, "BatchMatMulOptions", convolution.batch_matmul, scales=(0, 1, -1)),
    "BATCH_TO_SPACE_ND": _rule(3, "BatchToSpaceNDOptions", blocks.batch_to_space_nd),
    "BIDIRECTIONAL_SEQUENCE_LSTM": Rule((39, 48), (1, 2), "BidirectionalSequenceLSTMOptions", required=1),
    "BIDIRECTIONAL_SEQUENCE_RNN": Rule((9, 12), (1, 2), "BidirectionalSequenceRNNOptions", required=9),
    "BITCAST": _rule(1, "BitcastOptions"),
    "BROADCAST_ARGS": _rule(2),
    "BROADCAST_TO": _rule(2, "BroadcastToOptions", movement.broadcast_to),
    "BUCKETIZE": _rule(1, "BucketizeOptions!", arithmetic.same_shape),
    "CALL_ONCE": Rule((0, 0), (0, 0), "CallOnceOptions", True),
    "CONCATENATION": _rule((1, MANY), "ConcatenationOptions", movement.concatenation),
    "CONV_2D": _rule((2, 3), "Conv2DOptions!", convolution.conv_2d, scales=(0, 1, -1)),
    "CONV_3D": _rule((2, 3), "Conv3DOptions"),
    "CONV_3D_TRANSPOSE": _rule((3, 4), "Conv3DOptions!"),
    "CUMSUM": _rule(2, "CumsumOptions", arithmetic.cumsum),
    "DEPTHWISE_CONV_2D": _rule((2, 3), "DepthwiseConv2DOptions!", convolution.depthwise_conv_2d, scales=(0, 1, -1)),
    "DEPTH_TO_SPACE": _rule(1, "DepthToSpaceOptions!", blocks.depth_to_space),
    "DILATE": _rule(3, "DilateOptions", movement.single(2)),
    "DYNAMIC_UPDATE_SLICE": _rule(3, "DynamicUpdateSliceOptions", movement.like(0)),
    "EMBEDDING_LOOKUP": _rule(2, "", movement.embedding_lookup),
    "EXPAND_DIMS": _rule(2, "ExpandDimsOptions", movement.expand_dims),
    "FILL": _rule(2, "FillOptions", movement.sized(0)),
    "FULLY_CONNECTED": _rule((2, 3), "FullyConnectedOptions", convolution.fully_connected, scales=(0, 1, -1)),
    "GATHER": _rule(2, "GatherOptions", movement.gather),
    "GATHER_ND": _rule(2, "GatherNdOptions", movement.gather_nd),
    "IF": Rule((1, MANY), (0, MANY), "IfOptions", True),
    "L2_POOL_2D": _rule(1, "Pool2DOptions!", convolution.pool_2d),
    "LEAKY_RELU": _rule(1, "LeakyReluOptions!", arithmetic.leaky_relu, scales=(0, -1)),
    "LOCAL_RESPONSE_NORMALIZATION": _rule(
        1, "LocalResponseNormalizationOptions!", arithmetic.local_response_normalization
    ),
    "LSTM": Rule((5, 24), (1, 4), "LSTMOptions", required=1),
    "MATRIX_DIAG": _rule(1, "MatrixDiagOptions"),
    "MATRIX_SET_DIAG": _rule(2, "MatrixSetDiagOptions", arithmetic.same_shape),
    "MAX_POOL_2D": _rule(1, "Pool2DOptions!", convolution.pool_2d),
    "MIRROR_PAD": _rule(2, "MirrorPadOptions!", blocks.mirror_pad),
    "NON_MAX_SUPPRESSION_V4": Rule((1, 5), (1, 2), "NonMaxSuppressionV4Options", required=1),
    "NON_MAX_SUPPRESSION_V5": Rule((1, 6), (1, 3), "NonMaxSuppressionV5Options", required=1),
    "ONE_HOT": _rule(4, "OneHotOptions!", movement.single(1, 2, 3)),
    "PACK": _rule((1, MANY), "PackOptions!", movement.pack),
    "PAD": _rule(2, "PadOptions", blocks.pad),
    "PADV2": _rule(3, "PadV2Options", blocks.pad),
    "PRELU": _rule(2, "", arithmetic.prelu, scales=(0, 1, -1)),
    "RANGE": _rule(3, "RangeOptions", movement.single(0, 1, 2)),
    "RANK": _rule(1, "RankOptions"),
    "READ_VARIABLE": _rule(1, "ReadVariableOptions"),
    "REDUCE_WINDOW": _rule(5, "ReduceWindowOptions!", movement.single(1)),
    "RESHAPE": _rule((1, 2), "ReshapeOptions", movement.reshape),
    "RESIZE_BILINEAR": _rule(2, "ResizeBilinearOptions", arithmetic.resize),
    "RESIZE_NEAREST_NEIGHBOR": _rule(2, "ResizeNearestNeighborOptions", arithmetic.resize),
    "REVERSE_SEQUENCE": _rule(2, "ReverseSequenceOptions!", arithmetic.same_shape),
    "REVERSE_V2": _rule(2, "ReverseV2Options", arithmetic.same_shape),
    "RNN": Rule((5, 5), options="RNNOptions"),
    "SCATTER_ND": _rule(3, "ScatterNdOptions", movement.sized(2)),
    "SEGMENT_SUM": _rule(2, "SegmentSumOptions"),
    "SELECT": _rule(3, "SelectOptions", movement.like(1)),
    "SELECT_V2": _rule(3, "SelectV2Options", arithmetic.select),
    "SHAPE": _rule(1, "ShapeOptions"),
    "SLICE": _rule(3, "SliceOptions", movement.slice_),
    "SOFTMAX": _rule(1, "SoftmaxOptions!", arithmetic.softmax, scales=(0, -1)),
    "SPACE_TO_BATCH_ND": _rule(3, "SpaceToBatchNDOptions", blocks.space_to_batch_nd),
    "SPACE_TO_DEPTH": _rule(1, "SpaceToDepthOptions!", blocks.space_to_depth),
    "SPARSE_TO_DENSE": _rule(4, "SparseToDenseOptions", movement.single(3)),
    "SPLIT": Rule((2, 2), (1, MANY), "SplitOptions", True, checks=(movement.split,)),
    "SPLIT_V": Rule((3, 3), (1, MANY), "SplitVOptions", checks=(movement.split_v,)),
    "SQUEEZE": _rule(1, "SqueezeOptions", movement.squeeze),
    **{f"STABLEHLO_{name}": _rule(2, "", arithmetic.same_shape) for name in _STABLEHLO},
    "STABLEHLO_COMPOSITE": Rule((0, MANY), (0, MANY), "StableHLOCompositeOptions", True),
    "STABLEHLO_PAD": _rule(2, "StablehloPadOptions!", movement.single(1)),
    "STRIDED_SLICE": _rule(4, "StridedSliceOptions!", movement.strided_slice),
    "SVDF": _rule((4, 5), "SVDFOptions!", convolution.svdf, scales=(0, 1, 2, -1)),
    "TILE": _rule(2, "TileOptions", movement.tile),
    "TOPK_V2": Rule((2, 2), (2, 2), "TopKV2Options", checks=(movement.topk_v2,)),
    "TRANSPOSE": _rule(2, "TransposeOptions", movement.transpose),
    "TRANSPOSE_CONV": _rule((3, 4), "TransposeConvOptions!", convolution.transpose_conv, scales=(1, 2, -1)),
    "UNIDIRECTIONAL_SEQUENCE_LSTM": Rule(
        (20, 24), options="UnidirectionalSequenceLSTMOptions", needs_options=True, required=1
    ),
    "UNIDIRECTIONAL_SEQUENCE_RNN": Rule((5, 5), options="SequenceRNNOptions"),
    "UNPACK": Rule((1, 1), (1, MANY), "UnpackOptions", True, checks=(movement.unpack,)),
    "VAR_HANDLE": Rule((0, 0), options="VarHandleOptions"),
    "WHILE": Rule((1, MANY), (1, MANY), "WhileOptions", True),
}
"""By operator name; operators that are not here are only checked for how they are connected."""


def check_operands(call: Call) -> bool:
    """Reports wrong operands, options and scales; False if the operator's own checks can't be asked."""
    operator = call.operator
    if operator.version < 1:
        call.fail(f"its version is {operator.version}; versions begin at 1")
    if operator.name == "CUSTOM" and not operator.custom_name:
        call.fail("it is a custom operator without a name")
    if operator.name == "CUSTOM":
        check_custom(call)
    for name, number in unknown_enumerations(operator.options):
        call.fail(f"its {name} is {number}, which the schema does not know")
    rule = RULES.get(operator.name)
    if rule is None:
        return True
    sound = True
    for what, indices, (least, most) in (
        ("input", operator.inputs, rule.inputs),
        ("output", operator.outputs, rule.outputs),
    ):
        sound = call.has_number(what, len(indices), least, most) and sound
    # operators of any number of inputs have no optional ones
    needed = len(operator.inputs) if rule.inputs[1] == MANY else min(rule.inputs[0], rule.required)
    absent = [i for i, tensor in enumerate(operator.inputs[:needed]) if tensor == -1]
    if absent and sound:
        sound = False
        call.fail(f"its input {absent[0]} is absent, but it is needed")
    if rule.needs_options and not operator.has_options:
        sound = False
        call.fail("it has no options")
    elif rule.options and operator.has_options and operator.options_type != rule.options:
        sound = False
        call.fail(f"it has {operator.options_type}, not {rule.options}")
    if sound and rule.scales:
        _check_scales(call, rule)
    return sound


def _check_scales(call: Call, rule: Rule) -> None:
    for position in rule.scales:
        tensor = call.output() if position < 0 else call.input(position)
        if tensor is None or tensor.scales or tensor.blockwise is not None:
            continue
        if tensor.dtype in (_ANY_QUANTIZED if tensor.is_constant else _PLAIN):
            call.fail(f"{call.label(tensor)} is {tensor.dtype} without quantization parameters")
