"""For each operator, a model that is accepted and what is said about broken ones."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

import pytest
from tflite_builder import ModelSpec, TensorSpec, activation, integers, one_operator

from tinygen.errors import InvalidModelError
from tinygen.tflite import parse_model

Shape = tuple[int, ...]
Case = tuple[str, Sequence[Shape | TensorSpec], Sequence[Shape | TensorSpec], Mapping[str, Any], str]
"""(operator, inputs, outputs, options, sentence); shapes make int8 activations; an empty sentence: accepted."""

OPTIONS = {
    "CONCATENATION": "ConcatenationOptions",
    "DEPTHWISE_CONV_2D": "DepthwiseConv2DOptions",
    "TRANSPOSE_CONV": "TransposeConvOptions",
    "FULLY_CONNECTED": "FullyConnectedOptions",
    "MAX_POOL_2D": "Pool2DOptions",
    "BATCH_MATMUL": "BatchMatMulOptions",
    "SVDF": "SVDFOptions",
    "MIRROR_PAD": "MirrorPadOptions",
    "SQUEEZE": "SqueezeOptions",
    "STRIDED_SLICE": "StridedSliceOptions",
    "SPLIT": "SplitOptions",
    "SPLIT_V": "SplitVOptions",
    "PACK": "PackOptions",
    "UNPACK": "UnpackOptions",
    "GATHER": "GatherOptions",
    "MEAN": "ReducerOptions",
    "RESIZE_BILINEAR": "ResizeBilinearOptions",
    "SOFTMAX": "SoftmaxOptions",
    "LEAKY_RELU": "LeakyReluOptions",
    "SPACE_TO_DEPTH": "SpaceToDepthOptions",
    "DEPTH_TO_SPACE": "DepthToSpaceOptions",
}


def ints(*values: int, shape: Shape | None = None) -> TensorSpec:
    return integers("c", *values, shape=shape)


def weights(*shape: int) -> TensorSpec:
    return TensorSpec("w", shape, "INT8", bytes(math.prod(shape)), (0.5,))


STRIDES = {"StrideW": 1, "StrideH": 1}
POOL = {**STRIDES, "FilterWidth": 2, "FilterHeight": 2, "Padding": 1}
DEPTHWISE = {**STRIDES, "DepthMultiplier": 2}
TRANSPOSED = {"StrideW": 2, "StrideH": 2}

CASES: list[Case] = [
    ("DEPTHWISE_CONV_2D", [(1, 4, 4, 2), weights(1, 3, 3, 4)], [(1, 4, 4, 4)], DEPTHWISE, ""),
    ("DEPTHWISE_CONV_2D", [(1, 4, 4, 2), weights(1, 3, 3, 4)], [(1, 4, 4, 4)], STRIDES, ""),
    (
        "DEPTHWISE_CONV_2D",
        [(1, 4, 4, 2), weights(1, 3, 3, 5)],
        [(1, 4, 4, 5)],
        DEPTHWISE,
        "don't make 5 filter channels",
    ),
    ("DEPTHWISE_CONV_2D", [(1, 4, 4, 2), weights(1, 3, 3, 6)], [(1, 4, 4, 6)], DEPTHWISE, "multiplier 2"),
    ("DEPTHWISE_CONV_2D", [(1, 4, 4, 2), weights(2, 3, 3, 4)], [(1, 4, 4, 4)], DEPTHWISE, "first dimension must be 1"),
    ("DEPTHWISE_CONV_2D", [(1, 4, 4, 0), weights(1, 3, 3, 4)], [(1, 4, 4, 4)], DEPTHWISE, "don't make 4"),
    ("TRANSPOSE_CONV", [ints(1, 4, 4, 3), weights(3, 2, 2, 5), (1, 2, 2, 5)], [(1, 4, 4, 3)], TRANSPOSED, ""),
    (
        "TRANSPOSE_CONV",
        [ints(1, 4, 4), weights(3, 2, 2, 5), (1, 2, 2, 5)],
        [(1, 4, 4, 3)],
        TRANSPOSED,
        "4 positive numbers",
    ),
    (
        "TRANSPOSE_CONV",
        [ints(1, 9, 4, 3), weights(3, 2, 2, 5), (1, 2, 2, 5)],
        [(1, 9, 4, 3)],
        TRANSPOSED,
        "an input of 5, not 2",
    ),
    (
        "TRANSPOSE_CONV",
        [ints(1, 4, 4, 3), weights(3, 2, 2, 6), (1, 2, 2, 5)],
        [(1, 4, 4, 3)],
        TRANSPOSED,
        "5 channels, its filter 6",
    ),
    ("TRANSPOSE_CONV", [ints(1, 4, 4, 3), weights(3, 2, 2, 5), (1, 2, 2, 5)], [(1, 4, 4, 3)], {}, "stride is 0x0"),
    ("FULLY_CONNECTED", [(2, 6), weights(4, 6)], [(2, 4)], {}, ""),
    ("FULLY_CONNECTED", [(1, 2, 3), weights(4, 6)], [(1, 4)], {}, ""),
    ("FULLY_CONNECTED", [(1, 2, 6), weights(4, 6)], [(1, 2, 4)], {"KeepNumDims": True}, ""),
    ("FULLY_CONNECTED", [(1, 2, 3), weights(4, 6)], [(1, 4)], {"KeepNumDims": True}, "does not divide by 6"),
    ("FULLY_CONNECTED", [(1, 7), weights(4, 6)], [(1, 4)], {}, "does not divide by 6"),
    ("FULLY_CONNECTED", [(1, 7), weights(4, 0)], [(1, 4)], {}, "does not divide by 0"),
    ("FULLY_CONNECTED", [(2, 6), weights(4, 6)], [(2, 5)], {}, "its output has 10 elements; its inputs make 8"),
    ("FULLY_CONNECTED", [(2, 6), weights(4, 6, 1)], [(2, 4)], {}, "rank 2 is needed"),
    ("MAX_POOL_2D", [(1, 4, 4, 2)], [(1, 3, 3, 2)], POOL, ""),
    ("MAX_POOL_2D", [(1, 4, 4, 2)], [(1, 3, 3, 2)], {**POOL, "FilterWidth": 0}, "filter is 2x0"),
    ("MAX_POOL_2D", [(1, 1, 4, 2)], [(1, 1, 3, 2)], POOL, "reaches over 2, its input has 1"),
    ("MAX_POOL_2D", [(1, 4, 4, 2)], [(1, 4, 4, 2)], POOL, "make it"),
    ("BATCH_MATMUL", [(2, 3, 4), (2, 4, 5)], [(2, 3, 5)], {}, ""),
    ("BATCH_MATMUL", [(2, 4, 3), (2, 5, 4)], [(2, 3, 5)], {"AdjX": True, "AdjY": True}, ""),
    ("BATCH_MATMUL", [(2, 3, 4), (2, 5, 4)], [(2, 3, 5)], {}, "inner dimensions 4 and 5 differ"),
    ("BATCH_MATMUL", [(4,), (4, 5)], [(5,)], {}, "rank 2 or more"),
    ("BATCH_MATMUL", [(2, 3, 4), (2, 4, 5)], [(2, 3, 6)], {}, "make it"),
    ("CONCATENATION", [(1, 3), (1, 4)], [(1, 7)], {"Axis": -1}, ""),
    ("CONCATENATION", [(1, 3), (2, 4)], [(1, 7)], {"Axis": 1}, "differ in dimension 0"),
    ("CONCATENATION", [(1, 3), (3,)], [(1, 6)], {"Axis": 1}, "differ in"),
    ("CONCATENATION", [(1, 3), (1, 4)], [(1, 7)], {"Axis": 2}, "axis is 2"),
    ("CONCATENATION", [(1, 3), (1, 4)], [(1, 8)], {"Axis": 1}, "make it"),
    ("PAD", [(1, 3), ints(0, 0, 1, 2, shape=(2, 2))], [(1, 6)], {}, ""),
    ("PAD", [(1, 3), ints(0, 0, shape=(1, 2))], [(1, 3)], {}, "1 rows, its input's rank is 2"),
    ("PAD", [(1, 3), ints(0, 0, -1, 2, shape=(2, 2))], [(1, 4)], {}, "none may be negative"),
    ("PAD", [(1, 3), ints(0, 0, 1, 2, shape=(2, 2))], [(1, 5)], {}, "make it"),
    ("MIRROR_PAD", [(1, 3), ints(0, 0, 2, 2, shape=(2, 2))], [(1, 7)], {}, ""),
    ("MIRROR_PAD", [(1, 3), ints(0, 0, 3, 2, shape=(2, 2))], [(1, 8)], {}, "at most 2 can be mirrored"),
    ("MIRROR_PAD", [(1, 3), ints(0, 0, 3, 2, shape=(2, 2))], [(1, 8)], {"Mode": 1}, ""),
    ("RESHAPE", [(2, 3), ints(6)], [(6,)], {}, ""),
    ("RESHAPE", [(2, 3), ints(-1, 2)], [(3, 2)], {}, ""),
    ("RESHAPE", [(2, 3), ints(7)], [(7,)], {}, "its output has 7 elements; its inputs make 6"),
    ("RESHAPE", [(2, 3), ints(7)], [(6,)], {}, "new shape is \\[7\\]"),
    ("RESHAPE", [(2, 3), ints(-1, 4)], [(6,)], {}, "new shape is"),
    ("RESHAPE", [(2, 3), ints(-1, -1)], [(6,)], {}, "one -1"),
    ("RESHAPE", [(2, 3), ints(*[1] * 9)], [(6,)], {}, "9 dimensions"),
    ("SQUEEZE", [(1, 2, 1)], [(2,)], {"SqueezeDims": (0, -1)}, ""),
    ("SQUEEZE", [(1, 2, 1)], [(2,)], {"SqueezeDims": (1,)}, "whose size is 2, not 1"),
    ("SQUEEZE", [(1, 2, 1)], [(2,)], {"SqueezeDims": (3,)}, "dimension is 3"),
    ("EXPAND_DIMS", [(2, 3), ints(-1)], [(2, 3, 1)], {}, ""),
    ("EXPAND_DIMS", [(2, 3), ints(4)], [(2, 3, 1)], {}, "axis is 4"),
    ("EXPAND_DIMS", [(2, 3), ints(0)], [(2, 3, 1)], {}, "make it"),
    ("TRANSPOSE", [(2, 3), ints(1, 0)], [(3, 2)], {}, ""),
    ("TRANSPOSE", [(2, 3), ints(0, 0)], [(2, 3)], {}, "each of 0 to 1 is needed once"),
    ("TRANSPOSE", [(2, 3), ints(0)], [(2, 3)], {}, "each of 0 to 1"),
    ("TRANSPOSE", [(2, 3), ints(1, 0)], [(2, 3)], {}, "make it"),
    ("PACK", [(2, 3), (2, 3)], [(2, 2, 3)], {"ValuesCount": 2, "Axis": 1}, ""),
    ("PACK", [(2, 3), (2, 3)], [(2, 2, 3)], {"ValuesCount": 3, "Axis": 1}, "values_count is 3"),
    ("PACK", [(2, 3), (2, 4)], [(2, 2, 3)], {"ValuesCount": 2}, "differ in shape"),
    ("PACK", [(2, 3), (2, 3)], [(2, 2, 3)], {"ValuesCount": 2, "Axis": 3}, "axis is 3"),
    ("UNPACK", [(2, 3)], [(3,), (3,)], {"Num": 2}, ""),
    ("UNPACK", [(2, 3)], [(3,), (3,)], {"Num": 3}, "num is 3"),
    ("UNPACK", [(3, 3)], [(3,), (3,)], {"Num": 2}, "has size 3, but it has 2 outputs"),
    ("SPLIT", [ints(1, shape=()), (2, 6)], [(2, 3), (2, 3)], {"NumSplits": 2}, ""),
    ("SPLIT", [ints(1, shape=()), (2, 7)], [(2, 3), (2, 3)], {"NumSplits": 2}, "does not divide by 2"),
    ("SPLIT", [ints(2, shape=()), (2, 6)], [(2, 3), (2, 3)], {"NumSplits": 2}, "axis is 2"),
    ("SPLIT", [ints(1, shape=()), (2, 6)], [(2, 3), (2, 3)], {"NumSplits": 3}, "num_splits is 3"),
    ("SPLIT_V", [(2, 6), ints(2, -1), ints(1)], [(2, 2), (2, 4)], {"NumSplits": 2}, ""),
    ("SPLIT_V", [(2, 6), ints(2, 5), ints(1)], [(2, 2), (2, 5)], {"NumSplits": 2}, "don't add up to 6"),
    ("SPLIT_V", [(2, 6), ints(-1, -1), ints(1)], [(2, 2), (2, 4)], {"NumSplits": 2}, "one -1"),
    ("SPLIT_V", [(2, 6), ints(6), ints(1)], [(2, 2), (2, 4)], {"NumSplits": 2}, "1 sizes, but 2 outputs"),
    ("SLICE", [(4, 4), ints(1, 2), ints(2, -1)], [(2, 2)], {}, ""),
    ("SLICE", [(4, 4), ints(2, 0), ints(5, 4)], [(5, 4)], {}, r"2\+5 > 4"),
    ("SLICE", [(4, 4), ints(-1, 0), ints(1, 4)], [(1, 4)], {}, "takes 1 from -1"),
    ("SLICE", [(4, 4), ints(0), ints(1)], [(1,)], {}, "begin has 1 elements"),
    ("STRIDED_SLICE", [(4, 6), ints(1, 5), ints(3, 0), ints(1, -2)], [(2, 3)], {}, ""),
    ("STRIDED_SLICE", [(4, 6), ints(0, 0), ints(1, 6), ints(1, 1)], [(6,)], {"ShrinkAxisMask": 1}, ""),
    ("STRIDED_SLICE", [(4, 6), ints(0, 9), ints(0, 0), ints(1, 1)], [(4, 6)], {"BeginMask": 3, "EndMask": 3}, ""),
    ("STRIDED_SLICE", [(4, 6), ints(0, 0), ints(4, 6), ints(1, 0)], [(4, 6)], {}, "0 is not accepted"),
    ("STRIDED_SLICE", [(4, 6), ints(0), ints(4, 6), ints(1, 1)], [(4, 6)], {}, "differ in length"),
    ("STRIDED_SLICE", [(4, 6), ints(4, 0), ints(5, 6), ints(1, 1)], [(6,)], {"ShrinkAxisMask": 1}, "element 4 of 4"),
    ("STRIDED_SLICE", [(4,), ints(0, 0), ints(4, 6), ints(1, 1)], [(4,)], {}, "slices 2 dimensions"),
    ("STRIDED_SLICE", [(4, 6), ints(0, 0), ints(4, 6), ints(1, 2)], [(4, 6)], {}, "make it"),
    ("GATHER", [(4, 3), ints(3, 0)], [(2, 3)], {}, ""),
    ("GATHER", [(4, 3), ints(9)], [(1, 3)], {}, "index 9 is out of range 0..3"),
    ("GATHER", [(4, 3), ints(-1)], [(1, 3)], {}, "index -1 is out of range"),
    ("GATHER", [(4, 3), ints(0)], [(4, 1)], {"Axis": 2}, "axis is 2"),
    ("GATHER", [(4, 3), ints(0)], [(1, 3)], {"BatchDims": 3}, "batch_dims is 3"),
    ("GATHER_ND", [(4, 3), ints(3, 2, shape=(1, 2))], [(1,)], {}, ""),
    ("GATHER_ND", [(4, 3), ints(3, 3, shape=(1, 2))], [(1,)], {}, "index 3 is out of range 0..2"),
    ("GATHER_ND", [(4, 3), ints(0, 0, 0, shape=(1, 3))], [(1,)], {}, "3 coordinates"),
    ("MEAN", [(2, 3, 4), ints(-1, 1)], [(2, 1, 1)], {"KeepDims": True}, ""),
    ("MEAN", [(2, 3, 4), ints(-1, 1)], [(2,)], {}, ""),
    ("MEAN", [(2, 3), ints(5)], [(2,)], {}, "axis is 5"),
    ("MEAN", [(2, 3), ints(1)], [(3,)], {}, "make it"),
    ("RESIZE_BILINEAR", [(1, 2, 2, 3), ints(4, 4)], [(1, 4, 4, 3)], {"HalfPixelCenters": True}, ""),
    (
        "RESIZE_BILINEAR",
        [(1, 2, 2, 3), ints(4, 4)],
        [(1, 4, 4, 3)],
        {"HalfPixelCenters": True, "AlignCorners": True},
        "both",
    ),
    ("RESIZE_BILINEAR", [(1, 2, 2, 3), ints(0, 4)], [(1, 0, 4, 3)], {}, "2 positive numbers"),
    ("RESIZE_BILINEAR", [(1, 2, 2, 3), ints(4, 4)], [(1, 4, 5, 3)], {}, "make it"),
    ("SOFTMAX", [(1, 4)], [(1, 4)], {"Beta": 1.0}, ""),
    ("SOFTMAX", [(1, 4)], [(1, 4)], {"Beta": math.nan}, "beta is nan"),
    ("SOFTMAX", [(1, 4)], [(1, 4)], {"Beta": math.inf}, "beta is inf"),
    ("SOFTMAX", [(1, 4)], [(1, 5)], {"Beta": 1.0}, "make it"),
    ("LEAKY_RELU", [(1, 4)], [(1, 4)], {"Alpha": math.nan}, "alpha is nan"),
    ("SPACE_TO_DEPTH", [(1, 4, 4, 3)], [(1, 2, 2, 12)], {"BlockSize": 2}, ""),
    ("SPACE_TO_DEPTH", [(1, 4, 3, 3)], [(1, 2, 2, 12)], {"BlockSize": 2}, "blocks of 2"),
    ("DEPTH_TO_SPACE", [(1, 2, 2, 12)], [(1, 4, 4, 3)], {"BlockSize": 2}, ""),
    ("DEPTH_TO_SPACE", [(1, 2, 2, 12)], [(1, 4, 4, 3)], {"BlockSize": 0}, "block_size is 0"),
    ("DEPTH_TO_SPACE", [(1, 2, 2, 13)], [(1, 4, 4, 3)], {"BlockSize": 2}, "blocks of 2"),
    ("SPACE_TO_BATCH_ND", [(1, 4, 4, 3), ints(2, 2), ints(0, 0, 1, 1, shape=(2, 2))], [(4, 2, 3, 3)], {}, ""),
    (
        "SPACE_TO_BATCH_ND",
        [(1, 4, 4, 3), ints(2, 2), ints(0, 1, 0, 0, shape=(2, 2))],
        [(4, 2, 2, 3)],
        {},
        "does not divide",
    ),
    (
        "SPACE_TO_BATCH_ND",
        [(1, 4, 4, 3), ints(0, 2), ints(0, 0, 0, 0, shape=(2, 2))],
        [(4, 2, 2, 3)],
        {},
        "block shape",
    ),
    ("BATCH_TO_SPACE_ND", [(4, 2, 3, 3), ints(2, 2), ints(0, 0, 1, 1, shape=(2, 2))], [(1, 4, 4, 3)], {}, ""),
    ("BATCH_TO_SPACE_ND", [(3, 2, 3, 3), ints(2, 2), ints(0, 0, 1, 1, shape=(2, 2))], [(1, 4, 4, 3)], {}, "batch of 3"),
    ("BATCH_TO_SPACE_ND", [(4, 2, 3, 3), ints(2, 2), ints(5, 0, 1, 1, shape=(2, 2))], [(1, 4, 4, 3)], {}, "crops"),
    ("TILE", [(2, 3), ints(2, 1)], [(4, 3)], {}, ""),
    ("TILE", [(2, 3), ints(2)], [(4, 3)], {}, "2 numbers from 0"),
    ("BROADCAST_TO", [(1, 3), ints(2, 2, 3)], [(2, 2, 3)], {}, ""),
    ("BROADCAST_TO", [(2, 3), ints(4, 3)], [(4, 3)], {}, "can't be broadcast"),
    ("ARG_MAX", [(2, 3), ints(1)], [(2,)], {}, ""),
    ("ARG_MAX", [(2, 3), ints(2)], [(2,)], {}, "axis is 2"),
    ("CUMSUM", [(2, 3), ints(2)], [(2, 3)], {}, "axis is 2"),
    ("ADD", [(1, 4, 3), (3,)], [(1, 4, 3)], {}, ""),
    ("ADD", [(1, 4, 3), (4,)], [(1, 4, 3)], {}, "can't be broadcast"),
    ("ADD", [(1, 4, 3), (1, 1, 3)], [(1, 4, 1)], {}, "make it"),
    ("RELU", [(1, 4)], [(1, 5)], {}, "make it"),
    ("ELU", [(1, 4)], [(4,)], {}, "make it"),
    ("PRELU", [(1, 4, 3), (1, 1, 3)], [(1, 4, 3)], {}, ""),
    ("PRELU", [(1, 4, 3), (1, 1, 2)], [(1, 4, 3)], {}, "can't be broadcast"),
    ("SVDF", [(1, 5), weights(4, 5), weights(4, 3), ints(0, 0), (1, 12)], [(1, 2)], {"Rank": 2}, ""),
    ("SVDF", [(1, 5), weights(4, 5), weights(4, 3), ints(0, 0), (1, 12)], [(1, 2)], {"Rank": 0}, "rank is 0"),
    ("SVDF", [(1, 5), weights(4, 5), weights(4, 3), ints(0, 0), (1, 11)], [(1, 2)], {"Rank": 2}, "12 per batch"),
    ("SVDF", [(1, 5), weights(4, 6), weights(4, 3), ints(0, 0), (1, 12)], [(1, 2)], {"Rank": 2}, "don't fit"),
    ("RESHAPE", [(2, 3)], [TensorSpec("o", (6,), "INT16")], {}, "it makes int16 of int8"),
    ("EXPAND_DIMS", [(2,), ints(0)], [TensorSpec("o", (1, 2), "INT16")], {}, "it makes int16 of int8"),
    ("SQUEEZE", [(1, 2)], [TensorSpec("o", (2,), "INT16")], {}, "it makes int16 of int8"),
    (
        "STRIDED_SLICE",
        [(4,), ints(0), TensorSpec("e", (1,), "FLOAT32", bytes(4)), ints(1)],
        [(4,)],
        {},
        "input 2, tensor 2 .e., is float32; integers are needed",
    ),
    ("ARG_MAX", [(2, 3), ints()], [(2,)], {}, "axis input has 0 elements"),
    ("CUMSUM", [(2, 3), ints()], [(2, 3)], {}, "axis input has 0 elements"),
    ("SCATTER_ND", [(1, 1), (1,)], [(4,)], {}, "2 inputs; 3 are needed"),
    ("DYNAMIC_UPDATE_SLICE", [(4,), (2,)], [(4,)], {}, "2 inputs; 3 are needed"),
    ("REVERSE_SEQUENCE", [(4, 2)], [(4, 2)], {}, "1 input; 2 are needed"),
    ("BROADCAST_ARGS", [(1,)], [(1,)], {}, "1 input; 2 are needed"),
    (
        "SVDF",
        [(1, 5), weights(4, 5), weights(4, 3), ints(0, 0, 0), (1, 12)],
        [(1, 2)],
        {"Rank": 2},
        "bias has 3 elements for 2",
    ),
]


def model(case: Case) -> ModelSpec:
    name, inputs, outputs, options, _ = case
    read = [t if isinstance(t, TensorSpec) else activation(f"i{n}", *t) for n, t in enumerate(inputs)]
    made = [t if isinstance(t, TensorSpec) else activation(f"o{n}", *t) for n, t in enumerate(outputs)]
    table = OPTIONS.get(name)
    return one_operator(name, read, made, (table, options) if table else None)


@pytest.mark.parametrize("case", CASES, ids=[f"{c[0]}-{c[4][:30] or 'accepted'}-{n}" for n, c in enumerate(CASES)])
def test_operator(case: Case) -> None:
    data = model(case).bytes()
    if case[4]:
        with pytest.raises(InvalidModelError, match=case[4]):
            parse_model(data, "m")
    else:
        assert parse_model(data, "m").subgraphs[0].operators[0].name == case[0]


@pytest.mark.parametrize("case", [c for c in CASES if not c[4]], ids=[c[0] for c in CASES if not c[4]])
def test_a_shape_that_run_time_values_decide_is_not_checked(case: Case) -> None:
    """Whatever its constants are, an input that becomes a model input leaves the rest readable."""
    spec = model(case)
    for index, tensor in enumerate(spec.main.tensors):
        if tensor.data is not None and tensor.dtype == "INT32":
            tensor.data = None
            spec.main.inputs = [*spec.main.inputs, index]
    assert parse_model(spec.bytes(), "m")


def test_none_of_many_inputs_may_be_absent() -> None:
    spec = model(("CONCATENATION", [(1, 2), (1, 2)], [(1, 4)], {"Axis": 1}, ""))
    spec.main.operators[0].inputs = [0, -1]
    with pytest.raises(InvalidModelError, match="input 1 is absent"):
        parse_model(spec.bytes(), "m")


def test_paddings_are_as_many_as_the_shape_says() -> None:
    """Also where the signature leaves the number of rows open."""
    spec = model(("PAD", [(2, 2), ints(1, 1, shape=(1, 2))], [(4, 2)], {}, ""))
    spec.main.tensors[1].signature = (-1, 2)
    with pytest.raises(InvalidModelError, match="2 paddings for an input of rank 2"):
        parse_model(spec.bytes(), "m")
